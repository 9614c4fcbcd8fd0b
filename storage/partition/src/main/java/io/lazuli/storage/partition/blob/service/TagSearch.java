package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService.TagListing;
import io.lazuli.storage.partition.blob.BlobService.TagListing.TaggedBlob;
import io.lazuli.storage.partition.blob.TagExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * Finds blobs by their tags: reads all states of a container, or of all containers of an account one after the other. An answer ends early, to
 * be gone on with, when enough was found or {@value #MAX_ROWS} rows were read.
 */
final class TagSearch {

    private static final int MAX_ROWS = 100_000;
    /** What reading a container costs besides its rows. */
    private static final int ROWS_OF_CONTAINER = 100;
    private static final char BEFORE_KEY = '/';

    private final ContainerDirectory directory;
    private final BiFunction<String, String, ContainerRanges> ranges;
    private final BlobLists lists;

    TagSearch(ContainerDirectory directory, BiFunction<String, String, ContainerRanges> ranges, BlobLists lists) {
        this.directory = directory;
        this.ranges = ranges;
        this.lists = lists;
    }

    /** @param container null for all
     * @param marker {@code container/key} */
    CompletionStage<TagListing> find(String account, String container, TagExpression where, String marker, int maxResults) {
        String first = container;
        byte[] from = BlobRows.from("");
        if (marker != null) {
            int slash = marker.indexOf(BEFORE_KEY);
            if (slash < 0 || container != null && !container.equals(marker.substring(0, slash))) {
                return CompletableFuture.failedStage(new StorageException(StorageErrorCode.INVALID_MARKER));
            }
            first = marker.substring(0, slash);
            from = BlobKeys.ofMarker(marker.substring(slash + 1));
        }
        Search search = new Search(account, container == null, where, maxResults);
        return first == null ? search.next(null) : search.in(first, from);
    }

    private final class Search {

        private final String account;
        private final boolean everywhere;
        private final TagExpression where;
        private final int maxResults;
        private final List<TaggedBlob> found = new ArrayList<>();
        private int rowsRead;

        private Search(String account, boolean everywhere, TagExpression where, int maxResults) {
            this.account = account;
            this.everywhere = everywhere;
            this.where = where;
            this.maxResults = maxResults;
        }

        private CompletionStage<TagListing> in(String container, byte[] from) {
            if (rowsRead >= MAX_ROWS) {
                return CompletableFuture.completedStage(new TagListing(found, marker(container, from)));
            }
            return lists.search(ranges.apply(account, container), from, where, maxResults - found.size(), MAX_ROWS - rowsRead)
                    .thenCompose(page -> {
                        page.blobs().forEach(blob -> found.add(new TaggedBlob(container, blob.name(), where.named(blob.tags()))));
                        rowsRead += page.rowsRead() + ROWS_OF_CONTAINER;
                        if (page.next() != null) {
                            return CompletableFuture.completedStage(new TagListing(found, marker(container, page.next())));
                        }
                        return everywhere ? next(container) : CompletableFuture.completedStage(new TagListing(found, null));
                    });
        }

        /** @param container the last one read, null for none */
        private CompletionStage<TagListing> next(String container) {
            // No name follows another more closely than the one with a hyphen behind it, and none ends with a hyphen.
            String marker = container == null ? null : container + "-";
            return directory.list(account, "", marker, 1, false).thenCompose(listing -> {
                if (listing.containers().isEmpty()) {
                    return CompletableFuture.completedStage(new TagListing(found, null));
                }
                String name = listing.containers().getFirst().name();
                return in(name, BlobRows.from("")).exceptionallyCompose(error -> isGone(error)
                        ? next(name)
                        : CompletableFuture.failedStage(error));
            });
        }

        private boolean isGone(Throwable error) {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            return cause instanceof StorageException refused && refused.error() == StorageErrorCode.CONTAINER_NOT_FOUND;
        }

        private String marker(String container, byte[] from) {
            return container + BEFORE_KEY + BlobKeys.marker(from);
        }
    }
}
