package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.protocol.http.BodyStream;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Put Blob, of each kind. Source: "Put Blob". */
final class PutRequests {

    private final BlobWrites writes;

    PutRequests(BlobWrites writes) {
        this.writes = writes;
    }

    PlannedRequest put(BlobCall call) {
        String kind = Heads.required(call.head(), "x-ms-blob-type");
        BlobDraft draft = DraftHeaders.draft(call.head(), DraftHeaders.ofPut(call.head()), call.nowMillis());
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BodyDigests digests = BodyDigests.of(call.head());
        return switch (kind) {
            case "BlockBlob" -> PlannedRequest.streaming(BlobLimits.MAX_PUT_BLOB_BYTES, body -> putBlock(call, draft, conditions, digests, body));
            case "AppendBlob" -> {
                requireNoBody(call);
                yield new PlannedRequest(0, body -> writes.create(call, conditions, (allowed, rules) -> writes.change(
                                call, new BlobCommand.PutAppendBlob(call.name(), draft, allowed, rules)))
                        .thenApply(done -> StateHeaders.written(done, Reply.empty(201))));
            }
            case "PageBlob" -> putPage(call, draft, conditions);
            default -> throw Heads.invalid("x-ms-blob-type", kind);
        };
    }

    private CompletionStage<Reply> putBlock(
            BlobCall call, BlobDraft draft, BlobConditions conditions, BodyDigests digests, BodyStream body) {
        return writes.receive(call, body, true, digests).thenCompose(received -> commit(call, draft, conditions, received)
                .thenApply(done -> {
                    Reply reply = StateHeaders.written(done, Reply.empty(201));
                    if (digests.md5() == null && call.version().isSince(BodyDigests.CRC64_VERSION)) {
                        reply.header("Content-MD5", BodyDigests.base64(received.md5()));
                    }
                    return digests.write(received, call.version(), reply);
                }));
    }

    /** Makes what was taken in a block blob. @throws StorageException Md5Mismatch if the digest that it is to be kept with is not that of its bytes */
    CompletionStage<BlobReply.Done> commit(BlobCall call, BlobDraft draft, BlobConditions conditions, Received received) {
        BlobHeaders headers = draft.headers();
        if (headers.contentMd5() != null && !Arrays.equals(headers.contentMd5(), received.md5())) {
            throw new StorageException(StorageErrorCode.MD5_MISMATCH, Map.of(
                    "UserSpecifiedMd5", BodyDigests.base64(headers.contentMd5()), "ServerCalculatedMd5", BodyDigests.base64(received.md5())));
        }
        BlobDraft whole = DraftHeaders.withHeaders(draft, DraftHeaders.withMd5(headers, received.md5()));
        return writes.create(call, conditions, (allowed, rules) -> writes.change(
                call, new BlobCommand.PutBlockBlob(call.name(), whole, BlobWrites.content(received), allowed, rules)));
    }

    private PlannedRequest putPage(BlobCall call, BlobDraft draft, BlobConditions conditions) {
        requireNoBody(call);
        Heads.required(call.head(), "x-ms-blob-content-length");
        long sizeBytes = pageBlobSize(call);
        Long number = Heads.number(call.head(), "x-ms-blob-sequence-number", 0, Long.MAX_VALUE);
        if (draft.tier() != null) {
            throw Heads.invalid("x-ms-access-tier", call.header("x-ms-access-tier"));
        }
        return new PlannedRequest(0, body -> writes.create(call, conditions, (allowed, rules) -> writes.change(
                        call, new BlobCommand.PutPageBlob(call.name(), draft, sizeBytes, number == null ? 0 : number, allowed, rules)))
                .thenApply(done -> StateHeaders.written(done, Reply.empty(201))));
    }

    /** {@code x-ms-blob-content-length}, which must be there. */
    static long pageBlobSize(BlobCall call) {
        long sizeBytes = Heads.number(call.head(), "x-ms-blob-content-length", 0, BlobLimits.MAX_PAGE_BLOB_BYTES);
        if (sizeBytes % BlobLimits.PAGE_BYTES != 0) {
            throw Heads.invalid("x-ms-blob-content-length", call.header("x-ms-blob-content-length"));
        }
        return sizeBytes;
    }

    private static void requireNoBody(BlobCall call) {
        String length = call.header("Content-Length");
        if (length == null || !length.equals("0")) {
            throw Heads.invalid("Content-Length", length == null ? "" : length);
        }
    }
}
