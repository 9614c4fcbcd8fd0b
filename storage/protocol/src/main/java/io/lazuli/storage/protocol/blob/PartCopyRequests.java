package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;

/** Parts of blobs that are copied from elsewhere. Source: "Put Block From URL", "Append Block From URL", "Put Page From URL". */
final class PartCopyRequests {

    private final BlobWrites writes;
    private final CopySources sources;
    private final BlockRequests blocks;
    private final AppendRequests appends;
    private final PageRequests pages;

    PartCopyRequests(BlobWrites writes, CopySources sources, BlockRequests blocks, AppendRequests appends, PageRequests pages) {
        this.writes = writes;
        this.sources = sources;
        this.blocks = blocks;
        this.appends = appends;
        this.pages = pages;
    }

    PlannedRequest putBlock(BlobCall call) {
        byte[] id = BlockRequests.id(call);
        BlobConditions lease = Conditions.ofLease(call.head());
        BodyDigests digests = BodyDigests.ofSource(call.head());
        ByteRange range = range(call);
        return PlannedRequest.lasting(progress -> sources.open(call, range, BlobLimits.MAX_BLOCK_BYTES)
                .thenCompose(source -> writes.receive(call, progress.of(source.bytes()), false, digests))
                .thenCompose(received -> blocks.commit(call, id, lease, received)
                        .thenApply(done -> digests.write(received, call.version(), Reply.empty(201))
                                .header("x-ms-request-server-encrypted", "true"))));
    }

    PlannedRequest append(BlobCall call) {
        AppendRequests.Conditional conditional = AppendRequests.Conditional.of(call);
        BodyDigests digests = BodyDigests.ofSource(call.head());
        ByteRange range = range(call);
        return PlannedRequest.lasting(progress -> sources.open(call, range, BlobLimits.MAX_APPEND_BYTES)
                .thenCompose(source -> writes.receive(call, progress.of(source.bytes()), false, digests))
                .thenCompose(received -> appends.commit(call, conditional, received)
                        .thenApply(done -> AppendRequests.answer(call, digests, received, done))));
    }

    PlannedRequest putPage(BlobCall call) {
        PageRequests.Pages wanted = PageRequests.Pages.of(call, false);
        BodyDigests digests = BodyDigests.ofSource(call.head());
        Heads.required(call.head(), "x-ms-source-range");
        ByteRange range = range(call);
        if (range.lastByte() - range.firstByte() + 1 != wanted.lengthBytes()) {
            throw Heads.invalid("x-ms-source-range", call.header("x-ms-source-range"));
        }
        return PlannedRequest.lasting(progress -> sources.open(call, range, wanted.lengthBytes())
                .thenCompose(source -> writes.receive(call, progress.of(source.bytes()), false, digests))
                .thenCompose(received -> pages.commit(call, wanted, received)
                        .thenApply(done -> digests.write(received, call.version(), PageRequests.answer(done, Reply.empty(201))))));
    }

    private static ByteRange range(BlobCall call) {
        return ByteRange.of(call.head(), "x-ms-source-range");
    }
}
