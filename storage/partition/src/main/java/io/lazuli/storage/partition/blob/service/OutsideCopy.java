package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobService.Upload;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.partition.blob.OutsideSources.Opened;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A copy from outside of this cloud. What has come of a source that breaks off is kept, and the rest asked for from there, if the source knows
 * ranges and names an ETag; otherwise it is read again from its first byte. One call at a time.
 */
final class OutsideCopy implements CopyWork {

    /** So many bytes become one block of the copy. */
    static final long PART_BYTES = 256L << 20;
    /** Fewer bytes before a source breaks off are not worth a block. */
    static final long MIN_KEPT_BYTES = 4L << 20;
    private static final byte[] NO_ID = {};

    private final OutsideSources sources;
    private final CopyOrigin.Elsewhere origin;
    private final CopyTarget target;
    private final List<BlockRef> kept = new ArrayList<>();
    private long keptBytes;
    /** Of the part that comes; null between parts. */
    private Upload upload;
    private long partBytes;

    OutsideCopy(OutsideSources sources, CopyOrigin.Elsewhere origin, CopyTarget target) {
        this.sources = sources;
        this.origin = origin;
        this.target = target;
    }

    @Override
    public CompletionStage<Void> make() {
        if (origin.etag() == null && keptBytes < origin.lengthBytes()) {
            forget();
        }
        CompletionStage<Void> read = keptBytes == origin.lengthBytes()
                ? CompletableFuture.completedStage(null)
                : sources.open(origin.url(), origin.etag(), keptBytes)
                        .exceptionallyCompose(failure -> CompletableFuture.failedStage(lostOrNot(Failures.cause(failure))))
                        .thenCompose(this::read);
        return read.thenCompose(all -> target.end(kept));
    }

    @Override
    public long doneBytes() {
        return keptBytes;
    }

    /** Trying again helps only where it is not the source that says no. */
    private static Throwable lostOrNot(Throwable failure) {
        if (!(failure instanceof StorageException refused)) {
            return failure;
        }
        return switch (refused.error()) {
            case COPY_SOURCE_NOT_ALLOWED, COPY_SOURCE_NOT_FOUND, SOURCE_CONDITION_NOT_MET, INVALID_RANGE ->
                    new SourceLostException(refused.error().status() + " " + refused.error().code());
            default -> refused;
        };
    }

    private CompletionStage<Void> read(Opened opened) {
        if (opened.offset() == 0) {
            forget();
        }
        if (opened.offset() != keptBytes || opened.offset() + opened.lengthBytes() != origin.lengthBytes()) {
            opened.close();
            return CompletableFuture.failedStage(new SourceLostException("412 " + StorageErrorCode.SOURCE_CONDITION_NOT_MET.code()));
        }
        return opened.pipeTo(this::write).handle((all, failure) -> failure)
                .thenCompose(failure -> endPart(failure == null ? 1 : MIN_KEPT_BYTES).thenCompose(ended ->
                        failure != null ? CompletableFuture.failedStage(failure)
                        : keptBytes == origin.lengthBytes() ? CompletableFuture.completedStage(null)
                        : CompletableFuture.failedStage(new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE))));
    }

    private void forget() {
        kept.clear();
        keptBytes = 0;
    }

    private CompletionStage<Void> write(ByteBuffer part) {
        int length = part.remaining();
        CompletionStage<Void> taken;
        if (upload != null && partBytes < PART_BYTES) {
            taken = upload.write(part);
        } else {
            ByteBuffer held = ByteBuffer.allocate(length).put(part).flip();
            taken = endPart(1)
                    .thenCompose(ended -> target.upload(Math.min(PART_BYTES, origin.lengthBytes() - keptBytes)))
                    .thenCompose(begun -> {
                        upload = begun;
                        CompletionStage<Void> room = begun.write(held);
                        return room == null ? CompletableFuture.completedStage(null) : room;
                    });
        }
        partBytes += length;
        long copiedBytes = keptBytes + partBytes;
        if (!target.isReportDue()) {
            return taken;
        }
        return taken == null ? target.report(copiedBytes) : taken.thenCompose(room -> target.report(copiedBytes));
    }

    /** What has come becomes a block if it is at least so much. */
    private CompletionStage<Void> endPart(long minBytes) {
        Upload ended = upload;
        long bytes = partBytes;
        upload = null;
        partBytes = 0;
        if (ended == null) {
            return CompletableFuture.completedStage(null);
        }
        if (bytes < minBytes) {
            ended.abandon();
            return CompletableFuture.completedStage(null);
        }
        return ended.end().thenAccept(this::keep).whenComplete((done, failure) -> {
            if (failure != null) {
                ended.abandon();
            }
        });
    }

    private void keep(Received received) {
        kept.add(new BlockRef(NO_ID, ((NewContent.Stored) received.content()).run()));
        keptBytes += received.lengthBytes();
    }
}
