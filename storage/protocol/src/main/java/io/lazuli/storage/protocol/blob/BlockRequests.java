package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.BlockChoice;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Blocks: put, committed as a list, listed. Source: "Put Block", "Put Block List", "Get Block List". */
final class BlockRequests {

    /** What a block list that is answered may take: the longest one, with ids of middling length, is about this long. */
    private static final int EXPECTED_LIST_BYTES = 1 << 20;

    private final BlobService blobs;
    private final BlobWrites writes;

    BlockRequests(BlobService blobs, BlobWrites writes) {
        this.blobs = blobs;
        this.writes = writes;
    }

    PlannedRequest put(BlobCall call) {
        byte[] id = id(call);
        if ("0".equals(call.header("Content-Length"))) {
            throw Heads.invalid("Content-Length", "0");
        }
        BlobConditions lease = Conditions.ofLease(call.head());
        BodyDigests digests = BodyDigests.of(call.head());
        return PlannedRequest.streaming(BlobLimits.MAX_BLOCK_BYTES, body -> writes.receive(call, body, false, digests)
                .thenCompose(received -> commit(call, id, lease, received)
                        .thenApply(done -> digests.write(received, call.version(), Reply.empty(201))
                                .header("x-ms-request-server-encrypted", "true"))));
    }

    /** Makes what was taken in an uncommitted block. */
    CompletionStage<BlobReply.Done> commit(BlobCall call, byte[] id, BlobConditions lease, Received received) {
        if (!(received.content() instanceof NewContent.Stored stored)) {
            throw Heads.invalid("Content-Length", "0");
        }
        return writes.change(call, new BlobCommand.PutBlock(call.name(), new BlockRef(id, stored.run()), lease));
    }

    /** The parameter {@code blockid}. @throws StorageException MissingRequiredQueryParameter, InvalidBlockId */
    static byte[] id(BlobCall call) {
        String text = call.parameter("blockid");
        if (text == null || text.isEmpty()) {
            throw BadRequests.missingParameter("blockid");
        }
        return BlockLists.id(text);
    }

    PlannedRequest putList(BlobCall call) {
        BlobHeaders own = DraftHeaders.ofBlob(call.head());
        BlobHeaders headers = new BlobHeaders(
                own.contentType() == null ? DraftHeaders.DEFAULT_CONTENT_TYPE : own.contentType(), own.contentEncoding(),
                own.contentLanguage(), own.contentDisposition(), own.cacheControl(), own.contentMd5());
        BlobDraft draft = DraftHeaders.draft(call.head(), headers, call.nowMillis());
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BodyDigests digests = BodyDigests.of(call.head());
        return new PlannedRequest(BlockLists.MAX_BODY_BYTES, body -> {
            Received received = digests.checked(body);
            List<BlockChoice> choices = BlockLists.read(body);
            return writes.create(call, conditions, (allowed, rules) -> blobs.commitBlocks(
                            call.account(), call.container(), call.name(), draft, choices, allowed, rules))
                    .thenApply(done -> digests.write(received, call.version(), StateHeaders.written(done, Reply.empty(201))));
        });
    }

    PlannedRequest getList(BlobCall call) {
        String type = call.parameter("blocklisttype");
        String wanted = type == null ? "committed" : type.toLowerCase(Locale.ROOT);
        boolean committed = wanted.equals("committed") || wanted.equals("all");
        boolean uncommitted = wanted.equals("uncommitted") || wanted.equals("all");
        if (!committed && !uncommitted) {
            throw BadRequests.invalidParameter("blocklisttype", type, "must be committed, uncommitted or all");
        }
        BlobTarget target = Targets.of(call);
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, EXPECTED_LIST_BYTES, body -> blobs.blocks(call.account(), call.container(), target).thenApply(list -> {
            BlobState state = list.state();
            if (state == null && !uncommitted) {
                throw new StorageException(StorageErrorCode.BLOB_NOT_FOUND);
            }
            if (state != null) {
                Targets.check(conditions, state, call.nowMillis());
                if (state.kind() != BlobKind.BLOCK) {
                    throw new StorageException(StorageErrorCode.INVALID_BLOB_TYPE);
                }
            }
            Reply reply = Reply.xml(200, BlockLists.write(committed ? list.committed() : List.of(), uncommitted ? list.uncommitted() : List.of()));
            return state == null ? reply : StateHeaders.tag(state, reply)
                    .header("x-ms-blob-content-length", Long.toString(state.lengthBytes()));
        }));
    }
}
