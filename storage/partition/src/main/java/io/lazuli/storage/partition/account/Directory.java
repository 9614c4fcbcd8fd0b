package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.partition.queue.QueueService.QueueEntry;
import io.lazuli.storage.partition.queue.QueueService.QueueListing;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Reads an account's directory from its rows, on any node, without asking the account's actor: every read passes the group's
 * read barrier, so it sees all that was acknowledged before it.
 */
public final class Directory {

    /** The first in byte order of those that queue names have: a name and this comes before all other names behind it. */
    private static final char LOWEST_CHARACTER = '-';

    private final RowStore store;
    private final Consumer<PartitionId> unfinished;

    /**
     * @param unfinished told of an account when a queue of it is seen CREATING or DELETING: if that was interrupted, somebody
     *     has to wake the account's actor
     */
    public Directory(RowStore store, Consumer<PartitionId> unfinished) {
        this.store = store;
        this.unfinished = unfinished;
    }

    /** The queue's entry in whatever state. */
    public CompletionStage<Optional<DirectoryEntry>> find(PartitionId account, String queue) {
        return store.get(account, AccountRows.queueKey(queue), ReadPoint.latest()).thenApply(row -> {
            Optional<DirectoryEntry> entry = row.map(AccountRows::entryOf);
            if (entry.isPresent() && entry.get().state() != DirectoryEntry.State.LIVE) {
                unfinished.accept(account);
            }
            return entry;
        });
    }

    public CompletionStage<ServiceProperties> serviceProperties(PartitionId account) {
        return store.get(account, DirectoryRows.propertiesKey(), ReadPoint.latest())
                .thenApply(ServiceValues::propertiesOf);
    }

    /**
     * Live queues in the order of their names, from {@code marker} on. One page of rows is read at a time; with metadata
     * the listing ends with the page, so that an answer's size is bounded.
     */
    public CompletionStage<QueueListing> list(PartitionId account, String prefix, String marker, int maxResults, boolean includeMetadata) {
        String from = marker.compareTo(prefix) > 0 ? marker : prefix;
        return list(account, prefix, from, maxResults, includeMetadata, new ArrayList<>());
    }

    private CompletionStage<QueueListing> list(PartitionId account, String prefix, String from, int maxResults,
            boolean includeMetadata, List<QueueEntry> found) {
        int maxRows = Math.min(maxResults - found.size() + 1, StoreLimits.MAX_PAGE_ROWS);
        RowRange range = RowRange.ascending(AccountRows.queueKey(from), AccountRows.queuesEnd(), maxRows);
        return store.scan(account, range, ReadPoint.latest()).thenCompose(page -> {
            String last = from;
            boolean toldOfUnfinished = false;
            for (Row row : page.rows()) {
                last = DirectoryRows.nameOf(row.key());
                if (!last.startsWith(prefix)) {
                    return listing(found, "");
                }
                DirectoryEntry entry = AccountRows.entryOf(row.value());
                if (entry.state() == DirectoryEntry.State.LIVE) {
                    if (found.size() == maxResults) {
                        return listing(found, last);
                    }
                    found.add(new QueueEntry(last, includeMetadata ? entry.metadata() : Map.of()));
                } else if (!toldOfUnfinished) {
                    toldOfUnfinished = true;
                    unfinished.accept(account);
                }
            }
            if (!page.more()) {
                return listing(found, "");
            }
            String next = last + LOWEST_CHARACTER;
            return includeMetadata && !found.isEmpty()
                    ? listing(found, next)
                    : list(account, prefix, next, maxResults, includeMetadata, found);
        });
    }

    private static CompletionStage<QueueListing> listing(List<QueueEntry> found, String nextMarker) {
        return CompletableFuture.completedStage(new QueueListing(found, nextMarker));
    }
}
