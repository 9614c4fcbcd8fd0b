package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobService.BlockList;
import io.lazuli.storage.partition.blob.BlobService.Download;
import io.lazuli.storage.partition.blob.BlobService.ListedBlock;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobService.Upload;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.NewContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A copy of a blob of this cloud; bytes go through this node's memory a chunk at a time. A part follows the other. */
final class BlobCopy implements CopyWork {

    /** Of an append blob as many bytes become one block of the copy. */
    private static final long APPEND_PART_BYTES = 256L << 20;
    private static final byte[] NO_ID = {};
    /** What the destination says of it if its source is not the same any more. */
    static final String SOURCE_CHANGED = "412 ConditionNotMet";

    /** @param id of a block */
    private record Part(byte[] id, long offset, long lengthBytes) {}

    private final PartitionedBlobService service;
    private final CopyOrigin.Here source;
    private final CopyTarget target;
    private final Executor working;
    private final List<BlockRef> copied = new ArrayList<>();
    /** Where in the source the parts end that need not be copied again. */
    private long copiedEnd;
    /** Of those parts. */
    private long doneBytes;
    /** And of the one that is being copied. */
    private long copiedBytes;

    /** @param working where the next step is begun, so that no step is made within another */
    BlobCopy(PartitionedBlobService service, CopyOrigin.Here source, CopyTarget target, Executor working) {
        this.service = service;
        this.source = source;
        this.target = target;
        this.working = working;
    }

    @Override
    public CompletionStage<Void> make() {
        copiedBytes = doneBytes;
        return service.open(source.account(), source.container(), source.target()).exceptionally(BlobCopy::gone).thenCompose(found -> {
            OpenBlob opened = found.orElseThrow(() -> new SourceLostException("404 ResourceNotFound"));
            demandSame(opened.state());
            return copyAll(opened);
        }).thenCompose(all -> target.end(copied));
    }

    private static Optional<OpenBlob> gone(Throwable failure) {
        if (Failures.cause(failure) instanceof StorageException refused && refused.error() == StorageErrorCode.CONTAINER_NOT_FOUND) {
            return Optional.empty();
        }
        throw Failures.unchecked(failure);
    }

    @Override
    public long doneBytes() {
        return doneBytes;
    }

    private void demandSame(BlobState state) {
        if (!state.etag().equals(source.etag())) {
            throw new SourceLostException(SOURCE_CHANGED);
        }
    }

    private CompletionStage<Void> copyAll(OpenBlob opened) {
        long length = opened.state().lengthBytes();
        if (length == 0) {
            return CompletableFuture.completedStage(null);
        }
        return switch (opened.state().kind()) {
            case BLOCK -> service.blocks(source.account(), source.container(), source.target())
                    .thenCompose(blocks -> copy(opened, blocks(opened, blocks), 0));
            case APPEND -> copy(opened, cut(NO_ID, 0, length, APPEND_PART_BYTES), 0);
            case PAGE -> copyPages(opened, copiedEnd);
        };
    }

    /** What is written, stretch by stretch. */
    private CompletionStage<Void> copyPages(OpenBlob opened, long offset) {
        long length = opened.state().lengthBytes();
        if (offset >= length) {
            return CompletableFuture.completedStage(null);
        }
        return service.pages(source.account(), source.container(), source.target(), offset, length, 0).thenComposeAsync(stretch -> {
            demandSame(stretch.state());
            return copy(opened, pages(stretch.ranges()), 0).thenCompose(copied -> copyPages(opened, stretch.end()));
        }, working);
    }

    private List<Part> blocks(OpenBlob opened, BlockList blocks) {
        if (blocks.state() == null) {
            throw new SourceLostException("404 ResourceNotFound");
        }
        demandSame(blocks.state());
        List<Part> parts = new ArrayList<>();
        long offset = 0;
        for (ListedBlock block : blocks.committed()) {
            parts.add(new Part(block.id(), offset, block.lengthBytes()));
            offset += block.lengthBytes();
        }
        // Inline bytes are no block.
        return parts.isEmpty() ? List.of(new Part(NO_ID, 0, opened.state().lengthBytes())) : parts;
    }

    private static List<Part> pages(List<PageRange> ranges) {
        List<Part> parts = new ArrayList<>();
        ranges.forEach(range ->
                parts.addAll(cut(NO_ID, range.firstByte(), range.lastByte() + 1, BlobLimits.MAX_PAGES_BYTES)));
        return parts;
    }

    private static List<Part> cut(byte[] id, long from, long to, long most) {
        List<Part> parts = new ArrayList<>();
        for (long at = from; at < to; at += most) {
            parts.add(new Part(id, at, Math.min(most, to - at)));
        }
        return parts;
    }

    private CompletionStage<Void> copy(OpenBlob opened, List<Part> parts, int from) {
        int next = from;
        while (next < parts.size() && parts.get(next).offset < copiedEnd) {
            next++;
        }
        int behind = next + 1;
        if (next == parts.size()) {
            return CompletableFuture.completedStage(null);
        }
        Part part = parts.get(next);
        return target.upload(part.lengthBytes)
                .thenCompose(upload -> {
                    Download download = opened.download(part.offset, part.lengthBytes);
                    return pump(download, upload).thenCompose(all -> upload.end()).whenComplete((received, error) -> {
                        download.close();
                        if (error != null) {
                            upload.abandon();
                        }
                    });
                })
                .thenCompose(received -> took(opened, part, received))
                .thenComposeAsync(taken -> copy(opened, parts, behind), working);
    }

    private CompletionStage<Void> pump(Download download, Upload upload) {
        return download.next().thenComposeAsync(buffer -> {
            if (buffer == null) {
                return CompletableFuture.completedStage(null);
            }
            CompletionStage<Void> room = write(upload, buffer);
            return (room == null ? report() : room.thenCompose(made -> report())).thenCompose(reported -> pump(download, upload));
        }, working);
    }

    private CompletionStage<Void> write(Upload upload, ChunkBuffer buffer) {
        try {
            copiedBytes += buffer.bytes().remaining();
            return upload.write(buffer.bytes());
        } finally {
            buffer.release();
        }
    }

    private CompletionStage<Void> report() {
        return target.isReportDue() ? target.report(copiedBytes) : CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> took(OpenBlob opened, Part part, Received received) {
        ChunkRun run = ((NewContent.Stored) received.content()).run();
        CompletionStage<Void> taken = CompletableFuture.completedStage(null);
        if (opened.state().kind() == BlobKind.PAGE) {
            taken = target.writePages(part.offset, part.lengthBytes, run);
        } else {
            copied.add(new BlockRef(part.id, run));
        }
        return taken.thenRun(() -> {
            copiedEnd = part.offset + part.lengthBytes;
            doneBytes += part.lengthBytes;
        });
    }
}
