package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.model.StorageCrc64;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.Download;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.protocol.http.ByteRange;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.AsyncLoop;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Get Blob and what else reads one. Source: "Get Blob", "Get Blob Properties", "Get Blob Metadata", "Get Blob Tags". */
final class ReadRequests {

    /** Of a range whose digest is asked for. */
    static final long MAX_DIGESTED_BYTES = 4L << 20;

    /** Of InvalidRange: how long the blob is. */
    static final String SIZE_DETAIL = "BlobSize";

    private static final int EXPECTED_TAGS_BYTES = 1024;

    private final BlobService blobs;

    ReadRequests(BlobService blobs) {
        this.blobs = blobs;
    }

    /** @param range null for all */
    private record Wanted(BlobTarget target, BlobConditions conditions, ByteRange range, boolean md5, boolean crc64) {

        static Wanted of(BlobCall call) {
            ByteRange range = ByteRange.of(call.head());
            boolean md5 = Heads.flag(call.head(), "x-ms-range-get-content-md5");
            boolean crc64 = Heads.flag(call.head(), "x-ms-range-get-content-crc64");
            if (md5 && crc64) {
                throw new StorageException(
                        StorageErrorCode.INVALID_INPUT, Map.of("Reason", "Only one digest of a range may be asked for."));
            }
            if ((md5 || crc64) && range == null) {
                String name = md5 ? "x-ms-range-get-content-md5" : "x-ms-range-get-content-crc64";
                throw Heads.invalid(name, call.header(name));
            }
            return new Wanted(Targets.of(call), Conditions.of(call.head(), call.nowMillis()), range, md5, crc64);
        }
    }

    PlannedRequest get(BlobCall call) {
        Wanted wanted = Wanted.of(call);
        return new PlannedRequest(0, body -> blobs.open(call.account(), call.container(), wanted.target())
                .thenCompose(found -> {
                    OpenBlob blob = found.orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND));
                    requireReadable(blob.state(), wanted.conditions(), call.nowMillis());
                    return get(call, wanted, blob);
                }));
    }

    /** @throws StorageException if a condition does not hold or the blob is archived */
    static void requireReadable(BlobState state, BlobConditions conditions, long nowMillis) {
        Targets.check(conditions, state, nowMillis);
        if (state.tier() == AccessTier.ARCHIVE) {
            throw new StorageException(
                    state.rehydrating() == null ? StorageErrorCode.BLOB_ARCHIVED : StorageErrorCode.BLOB_BEING_REHYDRATED);
        }
    }

    private CompletionStage<Reply> get(BlobCall call, Wanted wanted, OpenBlob blob) {
        long sizeBytes = blob.state().lengthBytes();
        long first = wanted.range() == null ? 0 : wanted.range().firstByte();
        if (wanted.range() != null && first >= sizeBytes) {
            throw new StorageException(StorageErrorCode.INVALID_RANGE, Map.of(SIZE_DETAIL, Long.toString(sizeBytes)));
        }
        long last = wanted.range() == null ? sizeBytes - 1 : Math.min(wanted.range().lastByte(), sizeBytes - 1);
        long lengthBytes = last - first + 1;
        if (lengthBytes == 0) {
            return answer(call, wanted, blob, first, lengthBytes);
        }
        return blob.begin(first, lengthBytes).thenCompose(begun -> {
            if (begun.state().etag().equals(blob.state().etag())) {
                return answer(call, wanted, begun, first, lengthBytes);
            }
            requireReadable(begun.state(), wanted.conditions(), call.nowMillis());
            return get(call, wanted, begun);
        });
    }

    private static CompletionStage<Reply> answer(BlobCall call, Wanted wanted, OpenBlob blob, long first, long lengthBytes) {
        if (wanted.range() == null) {
            Reply reply = body(200, call, blob, 0, lengthBytes);
            md5("Content-MD5", blob.state().headers(), reply);
            return CompletableFuture.completedStage(reply);
        }
        if (!wanted.md5() && !wanted.crc64()) {
            return CompletableFuture.completedStage(range(call, blob, first, lengthBytes));
        }
        if (lengthBytes > MAX_DIGESTED_BYTES) {
            throw new StorageException(StorageErrorCode.OUT_OF_RANGE_INPUT, Map.of(
                    "Reason", "The digest of a range is given up to " + MAX_DIGESTED_BYTES + " bytes."));
        }
        Digests digests = new Digests(wanted.md5());
        return digests.readAll(blob.download(first, lengthBytes))
                .thenApply(read -> digests.write(range(call, blob, first, lengthBytes)));
    }

    private static Reply range(BlobCall call, OpenBlob blob, long first, long lengthBytes) {
        BlobState state = blob.state();
        Reply reply = body(206, call, blob, first, lengthBytes)
                .header("Content-Range", "bytes " + first + "-" + (first + lengthBytes - 1) + "/" + state.lengthBytes());
        md5("x-ms-blob-content-md5", state.headers(), reply);
        return reply;
    }

    private static Reply body(int status, BlobCall call, OpenBlob blob, long offset, long lengthBytes) {
        BlobState state = blob.state();
        BlobHeaders headers = ResponseOverrides.apply(call, state.headers());
        Reply reply = lengthBytes == 0
                ? Reply.ofHead(status, contentType(headers), 0)
                : Reply.streaming(status, contentType(headers), lengthBytes, new DownloadBody(blob.download(offset, lengthBytes)));
        StateHeaders.describe(state, call.nowMillis(), reply);
        StateHeaders.content(headers, reply);
        return reply;
    }

    private static String contentType(BlobHeaders headers) {
        return headers.contentType() == null ? DraftHeaders.DEFAULT_CONTENT_TYPE : headers.contentType();
    }

    private static void md5(String name, BlobHeaders headers, Reply reply) {
        if (headers.contentMd5() != null) {
            reply.header(name, BodyDigests.base64(headers.contentMd5()));
        }
    }

    PlannedRequest getProperties(BlobCall call) {
        return found(call, state -> {
            BlobHeaders headers = ResponseOverrides.apply(call, state.headers());
            Reply reply = Reply.ofHead(200, contentType(headers), state.lengthBytes());
            StateHeaders.describe(state, call.nowMillis(), reply);
            StateHeaders.tier(state, reply);
            StateHeaders.content(headers, reply);
            md5("Content-MD5", headers, reply);
            return reply;
        });
    }

    PlannedRequest getMetadata(BlobCall call) {
        return found(call, state -> MetadataHeaders.write(state.metadata(), StateHeaders.tag(state, Reply.empty(200))));
    }

    PlannedRequest getTags(BlobCall call) {
        return found(call, state -> {
            XmlWriter xml = new XmlWriter(EXPECTED_TAGS_BYTES);
            BlobTags.write(xml, state.tags() == null ? Map.of() : state.tags());
            return Reply.xml(200, xml.toBytes());
        });
    }

    @FunctionalInterface
    private interface Answer {
        Reply of(BlobState state);
    }

    private PlannedRequest found(BlobCall call, Answer answer) {
        BlobTarget target = Targets.of(call);
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, body -> blobs.find(call.account(), call.container(), target).thenApply(found -> {
            BlobState state = found.orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND));
            Targets.check(conditions, state, call.nowMillis());
            return answer.of(state);
        }));
    }

    /** Reads a range once for its digest, before it is sent: the digest is told in the head, and a range is never held whole. */
    private static final class Digests {

        private final MessageDigest md5;
        private final StorageCrc64 crc64 = new StorageCrc64();

        Digests(boolean md5) {
            this.md5 = md5 ? BodyDigests.newMd5() : null;
        }

        CompletionStage<Void> readAll(Download download) {
            return AsyncLoop.whileTrue(() -> download.next().thenApply(this::add)).whenComplete((done, failure) -> download.close());
        }

        private boolean add(ChunkBuffer part) {
            if (part == null) {
                return false;
            }
            try {
                if (md5 != null) {
                    md5.update(part.bytes());
                } else {
                    crc64.update(part.bytes());
                }
            } finally {
                part.release();
            }
            return true;
        }

        Reply write(Reply reply) {
            return md5 != null
                    ? reply.header("Content-MD5", BodyDigests.base64(md5.digest()))
                    : reply.header("x-ms-content-crc64", BodyDigests.base64(StorageCrc64.bytes(crc64.value())));
        }
    }
}
