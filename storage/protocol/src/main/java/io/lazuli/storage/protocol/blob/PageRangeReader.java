package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.PageStretch;
import io.lazuli.storage.protocol.service.AsyncLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The page ranges of a blob in order, neighbours as one, however many there are: the next stretch of the blob is read when what is known does not suffice.
 * All of them are of the state of the first stretch, by its ETag. One thread after the other, never two at once.
 */
final class PageRangeReader {

    /** After which a page of the list ends: much may be written in few ranges. */
    static final long MAX_PAGE_MILLIS = 5_000;

    interface Source {

        /** The stretch that begins at {@code offset}. */
        CompletionStage<PageStretch> from(long offset);
    }

    /** @param next where the list goes on, -1 at its end */
    record Page(List<PageRange> ranges, long next) {}

    private final Source source;
    private final String etag;
    private final long end;
    private final ArrayDeque<PageRange> known = new ArrayDeque<>();
    /** Up to where {@link #known} goes. */
    private long offset;

    /** @param end of what is asked for; the blob may end earlier */
    PageRangeReader(Source source, PageStretch first, long end) {
        this.source = source;
        this.etag = first.state().etag();
        this.end = Math.min(end, first.state().lengthBytes());
        take(first);
    }

    private boolean isThrough() {
        return offset >= end;
    }

    private void take(PageStretch stretch) {
        for (PageRange range : stretch.ranges()) {
            PageRange last = known.peekLast();
            if (last != null && last.clear() == range.clear() && last.lastByte() + 1 == range.firstByte()) {
                known.removeLast();
                known.add(new PageRange(last.firstByte(), range.lastByte(), last.clear()));
            } else {
                known.add(range);
            }
        }
        offset = stretch.end();
    }

    /**
     * As many as there are, up to {@code max}; none at the end of the list. Fails with BlobModifiedWhileReading.
     *
     * @param max 1 or more
     */
    CompletionStage<List<PageRange>> next(int max) {
        return read(needsMore(max), stretch -> {
            if (!stretch.state().etag().equals(etag)) {
                throw new StorageException(StorageErrorCode.BLOB_MODIFIED_WHILE_READING);
            }
            take(stretch);
            return needsMore(max);
        }).thenApply(done -> poll(max));
    }

    /** Ends early when the blob changes or time is over: the list goes on behind that, perhaps within a range. */
    CompletionStage<Page> page(int max, Clock clock) {
        long startNanos = clock.nanos();
        return read(needsMore(max), stretch -> {
            if (!stretch.state().etag().equals(etag)) {
                return false;
            }
            take(stretch);
            return needsMore(max) && clock.nanos() - startNanos < TimeUnit.MILLISECONDS.toNanos(MAX_PAGE_MILLIS);
        }).thenApply(done -> {
            List<PageRange> ranges = poll(max);
            return new Page(ranges, !known.isEmpty() ? known.peek().firstByte() : isThrough() ? -1 : offset);
        });
    }

    /** @param taken whether another one is needed */
    private CompletionStage<Void> read(boolean needed, Predicate<PageStretch> taken) {
        return needed
                ? AsyncLoop.whileTrue(() -> source.from(offset).thenApply(taken::test))
                : CompletableFuture.completedStage(null);
    }

    /** The last one known may go on in the next stretch. */
    private boolean needsMore(int max) {
        return known.size() <= max && !isThrough();
    }

    private List<PageRange> poll(int max) {
        List<PageRange> ranges = new ArrayList<>();
        while (ranges.size() < max && !known.isEmpty()) {
            ranges.add(known.remove());
        }
        return ranges;
    }
}
