package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.concurrent.CompletionStage;

/** What append blobs have of their own. Source: "Append Block", "Append Blob Seal". */
final class AppendRequests {

    private final BlobWrites writes;

    AppendRequests(BlobWrites writes) {
        this.writes = writes;
    }

    /** @param position, maxSizeBytes null where not asked for */
    record Conditional(BlobConditions conditions, Long position, Long maxSizeBytes) {

        static Conditional of(BlobCall call) {
            return new Conditional(
                    Conditions.of(call.head(), call.nowMillis()),
                    Heads.number(call.head(), "x-ms-blob-condition-appendpos", 0, Long.MAX_VALUE),
                    Heads.number(call.head(), "x-ms-blob-condition-maxsize", 0, Long.MAX_VALUE));
        }
    }

    PlannedRequest append(BlobCall call) {
        if ("0".equals(call.header("Content-Length"))) {
            throw Heads.invalid("Content-Length", "0");
        }
        Conditional conditional = Conditional.of(call);
        BodyDigests digests = BodyDigests.of(call.head());
        return PlannedRequest.streaming(BlobLimits.MAX_APPEND_BYTES, body -> writes.receive(call, body, false, digests)
                .thenCompose(received -> commit(call, conditional, received)
                        .thenApply(done -> answer(call, digests, received, done))));
    }

    CompletionStage<BlobReply.Done> commit(BlobCall call, Conditional conditional, Received received) {
        if (!(received.content() instanceof NewContent.Stored stored)) {
            throw Heads.invalid("Content-Length", "0");
        }
        return writes.change(call, new BlobCommand.AppendBlock(
                call.name(), stored.run(), conditional.position(), conditional.maxSizeBytes(), conditional.conditions()));
    }

    static Reply answer(BlobCall call, BodyDigests digests, Received received, BlobReply.Done done) {
        Reply reply = digests.write(received, call.version(), StateHeaders.written(done, Reply.empty(201)))
                .header("x-ms-blob-append-offset", Long.toString(done.appendOffset()));
        return done.state() != null && done.state().content() instanceof BlobContent.Blocks blocks
                ? reply.header("x-ms-blob-committed-block-count", Integer.toString(blocks.blockCount())) : reply;
    }

    PlannedRequest seal(BlobCall call) {
        Conditional conditional = Conditional.of(call);
        if (conditional.maxSizeBytes() != null) {
            throw new StorageException(StorageErrorCode.UNSUPPORTED_HEADER);
        }
        return new PlannedRequest(0, body -> writes.change(
                        call, new BlobCommand.SealAppendBlob(call.name(), conditional.position(), conditional.conditions()))
                .thenApply(done -> StateHeaders.tag(done.state(), Reply.empty(200)).header("x-ms-blob-sealed", "true")));
    }
}
