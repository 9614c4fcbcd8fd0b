package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.PageMap;
import io.lazuli.storage.partition.blob.PageMap.Extent;
import io.lazuli.storage.partition.blob.PageWindow;
import io.lazuli.storage.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The bytes of a page blob, some windows at a time; what nobody wrote are zeroes. */
final class PageContent implements ContentSource {

    private static final int PAGE_ROWS = 64;

    /** What is written of a stretch. @param end up to where it is known */
    private record Written(List<Extent> extents, long end) {}

    private final BlobReads reads;
    private final ContainerRanges container;
    private final String blob;
    private final BlobContent.Pages content;

    PageContent(BlobReads reads, ContainerRanges container, String blob, BlobContent.Pages content) {
        this.reads = reads;
        this.container = container;
        this.blob = blob;
        this.content = content;
    }

    @Override
    public CompletionStage<List<ContentPiece>> from(long offset, long end) {
        return written(offset, end).thenApply(written -> pieces(written, offset));
    }

    private static List<ContentPiece> pieces(Written written, long offset) {
        List<ContentPiece> pieces = new ArrayList<>();
        long at = offset;
        for (Extent extent : written.extents) {
            long from = Math.max(extent.offset(), at);
            long to = Math.min(extent.end(), written.end);
            if (from >= to) {
                continue;
            }
            if (from > at) {
                pieces.add(new ContentPiece.Zeroes(from - at));
            }
            pieces.add(new ContentPiece.Stored(extent.run(), extent.runOffset() + from - extent.offset(), to - from));
            at = to;
        }
        if (at < written.end) {
            pieces.add(new ContentPiece.Zeroes(written.end - at));
        }
        return pieces;
    }

    /** All that is written in the windows that hold {@code [offset, end)}, in order. */
    CompletionStage<List<Extent>> extents(long offset, long end) {
        return extents(offset, end, new ArrayList<>());
    }

    private CompletionStage<List<Extent>> extents(long offset, long end, List<Extent> found) {
        if (offset >= end) {
            return CompletableFuture.completedStage(found);
        }
        return written(offset, end).thenCompose(written -> {
            found.addAll(written.extents);
            return extents(written.end, end, found);
        });
    }

    private CompletionStage<Written> written(long offset, long end) {
        long first = PageWindow.windowOf(offset);
        byte[] from = BlobRows.pagesKey(blob, content.contentId(), first);
        byte[] to = BlobRows.pagesKey(blob, content.contentId(), PageWindow.windowOf(end - 1) + PageWindow.WINDOW_BYTES);
        return written(from, to, new ArrayList<>(), -1, end);
    }

    /** @param counted the last window of which a row was found that counts, -1 if none */
    private CompletionStage<Written> written(byte[] from, byte[] to, List<Extent> found, long counted, long end) {
        return reads.page(container, from, to, PAGE_ROWS, List.of()).thenCompose(page -> {
            long last = counted;
            for (Row row : page.rows()) {
                BlobRowKey.Pages key = (BlobRowKey.Pages) BlobRows.parse(row.key());
                PageWindow window = PageWindow.decode(row.value());
                if (key.offset() != last && PageMap.counts(content, window)) {
                    found.addAll(PageMap.extents(content, key.offset(), window));
                    last = key.offset();
                }
            }
            if (page.next() == null) {
                return CompletableFuture.completedStage(new Written(found, end));
            }
            // The last window may have a row that counts behind this page, unless one was found.
            if (page.rows().isEmpty() || ((BlobRowKey.Pages) BlobRows.parse(page.rows().getLast().key())).offset() != last) {
                return written(page.next(), to, found, last, end);
            }
            return CompletableFuture.completedStage(new Written(found, Math.min(end, last + PageWindow.WINDOW_BYTES)));
        });
    }
}
