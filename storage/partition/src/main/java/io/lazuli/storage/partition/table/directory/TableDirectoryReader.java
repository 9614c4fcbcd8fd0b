package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.partition.table.TableService.TableListing;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Reads an account's directory of tables or containers from its rows, on any node, without asking the directory's actor: every read passes the
 * group's read barrier, so it sees all that was acknowledged before it.
 */
public final class TableDirectoryReader {

    private final DirectoryKind kind;
    private final RowStore store;
    private final Consumer<PartitionId> unfinished;

    /**
     * @param unfinished told of a directory when an entry of it is seen CREATING or DELETING: if that was interrupted, somebody has
     *     to wake the directory's actor
     */
    public TableDirectoryReader(DirectoryKind kind, RowStore store, Consumer<PartitionId> unfinished) {
        this.kind = kind;
        this.store = store;
        this.unfinished = unfinished;
    }

    public DirectoryKind kind() {
        return kind;
    }

    /** The entry in whatever state. */
    public CompletionStage<Optional<TableEntry>> find(PartitionId directory, String table) {
        return store.get(directory, TableDirectoryRows.tableKey(kind.keyOf(table)), ReadPoint.latest()).thenApply(row -> {
            Optional<TableEntry> entry = row.map(TableDirectoryRows::tableOf);
            if (entry.isPresent() && entry.get().state() != TableEntry.State.LIVE) {
                unfinished.accept(directory);
            }
            return entry;
        });
    }

    public CompletionStage<ServiceProperties> serviceProperties(PartitionId directory) {
        return store.get(directory, TableDirectoryRows.propertiesKey(), ReadPoint.latest())
                .thenApply(row -> row.map(ServiceValues::properties).orElseGet(ServiceProperties::initial));
    }

    /** All ranges of the table with that number in key order; of a moment each page of them, which a change in between may tear. */
    public CompletionStage<List<RangeRow>> ranges(PartitionId directory, long number) {
        return ranges(store, directory, number, ReadPoint.latest());
    }

    static CompletionStage<List<RangeRow>> ranges(RowStore store, PartitionId directory, long number, ReadPoint at) {
        return ranges(store, directory, number, TableDirectoryRows.rangeKey(number, new byte[0]), at, new ArrayList<>());
    }

    private static CompletionStage<List<RangeRow>> ranges(
            RowStore store, PartitionId directory, long number, byte[] from, ReadPoint at, List<RangeRow> found) {
        RowRange wanted = RowRange.ascending(from, TableDirectoryRows.rangesEnd(number), StoreLimits.MAX_PAGE_ROWS);
        return store.scan(directory, wanted, at).thenCompose(page -> {
            page.rows().forEach(row -> found.add(TableDirectoryRows.rangeOf(row)));
            if (!page.more()) {
                return CompletableFuture.completedStage(found);
            }
            byte[] last = page.rows().getLast().key();
            return ranges(store, directory, number, Arrays.copyOf(last, last.length + 1), at, found);
        });
    }

    /** Live tables in the order of their names in lower case, from {@code from} on and before {@code toExclusive}, if that is not null. */
    public CompletionStage<TableListing> list(PartitionId directory, String from, String toExclusive, int maxResults) {
        byte[] end = toExclusive == null ? TableDirectoryRows.tablesEnd() : TableDirectoryRows.tableKey(toExclusive);
        return list(directory, TableDirectoryRows.tableKey(from), end, maxResults, new ArrayList<>());
    }

    private CompletionStage<TableListing> list(PartitionId directory, byte[] from, byte[] end, int maxResults, List<String> found) {
        int maxRows = Math.min(maxResults - found.size() + 1, StoreLimits.MAX_PAGE_ROWS);
        return store.scan(directory, RowRange.ascending(from, end, maxRows), ReadPoint.latest()).thenCompose(page -> {
            boolean toldOfUnfinished = false;
            for (Row row : page.rows()) {
                TableEntry entry = TableDirectoryRows.tableOf(row.value());
                if (entry.state() == TableEntry.State.LIVE) {
                    if (found.size() == maxResults) {
                        return CompletableFuture.completedStage(new TableListing(found, TableDirectoryRows.nameOf(row.key())));
                    }
                    found.add(entry.name());
                } else if (!toldOfUnfinished) {
                    toldOfUnfinished = true;
                    unfinished.accept(directory);
                }
            }
            if (!page.more()) {
                return CompletableFuture.completedStage(new TableListing(found, null));
            }
            byte[] last = page.rows().getLast().key();
            return list(directory, Arrays.copyOf(last, last.length + 1), end, maxResults, found);
        });
    }
}
