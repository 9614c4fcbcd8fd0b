package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.PageMap;
import io.lazuli.storage.partition.blob.PageMap.Extent;
import io.lazuli.storage.partition.blob.PageWindow;
import io.lazuli.storage.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads what is written of a page blob, a stretch at a time: at most {@value #PAGE_ROWS} rows of windows, together with the state that they are to be
 * counted for. Windows of a current state change in place, so only what is of one moment belongs together.
 *
 * <p>More rows than one read gives are looked at only for a window with so many former rows that the one that counts is not among the first. That
 * cannot be a current state's, and what counts for a snapshot stays.
 */
final class PageReads {

    static final int PAGE_ROWS = 64;

    /**
     * @param state what is addressed, empty if it is not there any more
     * @param earlier a snapshot of it, empty if it is not there or none was asked for
     * @param written, writtenEarlier parts of both, in order; nothing of what has not {@code contentId}
     * @param end up to where they are known
     */
    record Stretch(Optional<BlobState> state, Optional<BlobState> earlier, List<Extent> written, List<Extent> writtenEarlier, long end) {}

    private final AddressedBlob blob;
    private final long contentId;
    private final long since;

    /** @param since ticks of a snapshot that is looked at, too; 0 for none */
    PageReads(AddressedBlob blob, long contentId, long since) {
        this.blob = blob;
        this.contentId = contentId;
        this.since = since;
    }

    /** From {@code offset} on, as far as one read tells, and at most to {@code end}. */
    CompletionStage<Stretch> read(long offset, long end) {
        return new Reading(end).begin(offset);
    }

    /** Of one state: the extents of all windows whose row was found. */
    private static final class Found {

        private final Pages content;
        private final List<Extent> extents = new ArrayList<>();
        /** The last window of which the row that counts was found. */
        private long window = -1;

        /** @param content null if there is nothing to find */
        private Found(Pages content) {
            this.content = content;
        }

        private void row(long offset, PageWindow row) {
            if (content != null && offset != window && PageMap.counts(content, row)) {
                extents.addAll(PageMap.extents(content, offset, row));
                window = offset;
            }
        }

        private boolean isThrough(long offset) {
            return content == null || window == offset;
        }
    }

    private final class Reading {

        private final long end;
        private Optional<BlobState> state;
        private Optional<BlobState> snapshot;
        private Found now;
        private Found before;

        private Reading(long end) {
            this.end = end;
        }

        private CompletionStage<Stretch> begin(long offset) {
            byte[] to = BlobRows.pagesKey(blob.name(), contentId, PageWindow.windowOf(end - 1) + PageWindow.WINDOW_BYTES);
            return begin(BlobRows.pagesKey(blob.name(), contentId, PageWindow.windowOf(offset)), to);
        }

        private CompletionStage<Stretch> begin(byte[] from, byte[] to) {
            List<byte[]> snapshotKey = since == 0 ? List.of() : List.of(BlobRows.snapshotKey(blob.name(), since));
            return blob.page(from, to, PAGE_ROWS, snapshotKey).thenCompose(page -> {
                if (page.rows().isEmpty() && page.next() != null) {
                    return begin(page.next(), to);
                }
                state = blob.state(page.values());
                snapshot = since == 0 ? Optional.empty()
                        : page.values().getLast().map(value -> BlobRows.state(snapshotKey.getFirst(), value));
                now = new Found(content(state));
                before = new Found(content(snapshot));
                return take(page, end);
            });
        }

        private Pages content(Optional<BlobState> of) {
            BlobContent content = of.map(BlobState::content).orElse(null);
            return content instanceof Pages pages && pages.contentId() == contentId ? pages : null;
        }

        /** @param through up to where it is read if that was the last page */
        private CompletionStage<Stretch> take(BlobReads.Page page, long through) {
            long last = -1;
            for (Row row : page.rows()) {
                last = ((BlobRowKey.Pages) BlobRows.parse(row.key())).offset();
                PageWindow window = PageWindow.decode(row.value());
                now.row(last, window);
                before.row(last, window);
            }
            if (page.next() == null) {
                return CompletableFuture.completedStage(stretch(through));
            }
            long behind = last < 0 ? through : Math.min(end, last + PageWindow.WINDOW_BYTES);
            if (last >= 0 && now.isThrough(last) && before.isThrough(last)) {
                return CompletableFuture.completedStage(stretch(behind));
            }
            byte[] to = BlobRows.pagesKey(blob.name(), contentId, PageWindow.windowOf(behind - 1) + PageWindow.WINDOW_BYTES);
            return blob.page(page.next(), to, PAGE_ROWS, List.of()).thenCompose(rest -> take(rest, behind));
        }

        private Stretch stretch(long through) {
            return new Stretch(state, snapshot, now.extents, before.extents, through);
        }
    }
}
