package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.TagExpression;
import io.lazuli.storage.store.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads many blobs' states, in pages of rows, as {@link ListingScan} says or one after the other. Any thread. */
final class BlobLists {

    /** Rows of one page of a search. */
    private static final int SEARCH_PAGE_ROWS = 5_000;

    /** What a search has found in one container. @param next where it goes on, null at the container's end */
    record TagPage(List<BlobState> blobs, byte[] next, int rowsRead) {}

    private final BlobReads reads;

    BlobLists(BlobReads reads) {
        this.reads = reads;
    }

    CompletionStage<BlobListing> list(ContainerRanges container, BlobQuery query) {
        return list(container, new ListingScan(query));
    }

    private CompletionStage<BlobListing> list(ContainerRanges container, ListingScan scan) {
        if (scan.isOver()) {
            return CompletableFuture.completedStage(scan.listing());
        }
        Optional<String> begun = scan.begunBlob();
        List<byte[]> keys = begun.map(BlobRows::currentKey).map(List::of).orElse(List.of());
        return reads.page(container, scan.from(), scan.end(), scan.pageRows(), keys).thenCompose(page -> {
            begun.ifPresent(blob -> scan.begin(blob,
                    page.values().getFirst().map(value -> BlobRows.state(keys.getFirst(), value)).orElse(null)));
            scan.read(page.rows(), page.next());
            return list(container, scan);
        });
    }

    /**
     * Current states whose tags match, from an index row on, at most {@code maxResults}; ends early when it has read {@code maxRows} rows.
     */
    CompletionStage<TagPage> search(ContainerRanges container, byte[] from, TagExpression where, int maxResults, int maxRows) {
        return search(container, from, where, maxResults, maxRows, new ArrayList<>(), 0);
    }

    private CompletionStage<TagPage> search(ContainerRanges container, byte[] from, TagExpression where, int maxResults, int maxRows,
            List<BlobState> found, int rowsRead) {
        return reads.page(container, from, BlobRows.indexEnd(), SEARCH_PAGE_ROWS, List.of()).thenCompose(page -> {
            for (Row row : page.rows()) {
                if (BlobRows.isCurrent(row.key())) {
                    BlobState state = BlobRows.state(row.key(), row.value());
                    if (state.exists() && !state.tags().isEmpty() && where.matches(state.tags())) {
                        if (found.size() == maxResults) {
                            return CompletableFuture.completedStage(new TagPage(found, row.key(), rowsRead + page.rows().size()));
                        }
                        found.add(state);
                    }
                }
            }
            int read = rowsRead + page.rows().size();
            if (page.next() == null || read >= maxRows) {
                return CompletableFuture.completedStage(new TagPage(found, behindCut(page), read));
            }
            return search(container, behindCut(page), where, maxResults, maxRows, found, read);
        });
    }

    /** Where a scan of current states goes on: not in the midst of a blob. */
    private static byte[] behindCut(BlobReads.Page page) {
        if (page.next() == null || page.rows().isEmpty()) {
            return page.next();
        }
        byte[] behind = BlobRows.behind(BlobRows.nameOf(page.rows().getLast().key()));
        return Arrays.compareUnsigned(behind, page.next()) > 0 ? behind : page.next();
    }
}
