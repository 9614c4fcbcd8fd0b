package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerState;
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

    /** In the place of {@link TableEntry#BEFORE_VERSION} in a marker, which must be text; in no name either. */
    private static final char MARKER_BEFORE_VERSION = '/';
    /** Larger than any character of a container's name. */
    private static final char BEHIND_NAMES = '\u007F';

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

    /** Accounts that have a directory of this kind, a page of them behind {@code account}; none if there are no more. */
    public CompletionStage<List<String>> accounts(String account) {
        return store.partitions(DirectoryKind.DIRECTORY_GROUP, kind.directory(), account, StoreLimits.MAX_PAGE_PARTITIONS)
                .thenApply(directories -> directories.stream().map(PartitionId::name).toList());
    }

    /** The entry in whatever state. */
    public CompletionStage<Optional<TableEntry>> find(PartitionId directory, String table) {
        return store.get(directory, TableDirectoryRows.tableKey(kind.keyOf(table)), ReadPoint.latest()).thenApply(row -> {
            Optional<TableEntry> entry = row.map(TableDirectoryRows::tableOf);
            if (entry.isPresent() && entry.get().isUnfinished()) {
                unfinished.accept(directory);
            }
            return entry;
        });
    }

    /** The container, if it is there. */
    public CompletionStage<Optional<ContainerState>> container(PartitionId directory, String name) {
        return find(directory, name)
                .thenApply(entry -> entry.flatMap(TableEntry::visibleContainer));
    }

    /**
     * Containers whose names begin with {@code prefix}, by name, deleted ones behind the one that is there.
     *
     * @param marker {@code next} of the listing before, or the first name wanted; null for the start
     */
    public CompletionStage<ContainerListing> containers(
            PartitionId directory, String prefix, String marker, int maxResults, boolean withDeleted) {
        String from = marker == null || marker.compareTo(prefix) < 0 ? prefix : marker.replace(MARKER_BEFORE_VERSION, TableEntry.BEFORE_VERSION);
        byte[] end = prefix.isEmpty() ? TableDirectoryRows.tablesEnd() : TableDirectoryRows.tableKey(prefix + BEHIND_NAMES);
        return containers(directory, TableDirectoryRows.tableKey(from), end, maxResults, withDeleted, new ArrayList<>());
    }

    private CompletionStage<ContainerListing> containers(
            PartitionId directory, byte[] from, byte[] end, int maxResults, boolean withDeleted, List<ContainerState> found) {
        if (Arrays.compareUnsigned(from, end) >= 0) {
            return CompletableFuture.completedStage(new ContainerListing(found, null));
        }
        int maxRows = Math.min(maxResults - found.size() + 1, StoreLimits.MAX_PAGE_ROWS);
        return store.scan(directory, RowRange.ascending(from, end, maxRows), ReadPoint.latest()).thenCompose(page -> {
            boolean toldOfUnfinished = false;
            for (Row row : page.rows()) {
                TableEntry entry = TableDirectoryRows.tableOf(row.value());
                if (entry.isUnfinished() && !toldOfUnfinished) {
                    toldOfUnfinished = true;
                    unfinished.accept(directory);
                }
                Optional<ContainerState> listed =
                        withDeleted && entry.state() == TableEntry.State.DELETED ? Optional.of(entry.container()) : entry.visibleContainer();
                if (listed.isPresent()) {
                    if (found.size() == maxResults) {
                        String next = DirectoryRows.nameOf(row.key()).replace(TableEntry.BEFORE_VERSION, MARKER_BEFORE_VERSION);
                        return CompletableFuture.completedStage(new ContainerListing(found, next));
                    }
                    found.add(listed.get());
                }
            }
            if (!page.more()) {
                return CompletableFuture.completedStage(new ContainerListing(found, null));
            }
            byte[] last = page.rows().getLast().key();
            return containers(directory, Arrays.copyOf(last, last.length + 1), end, maxResults, withDeleted, found);
        });
    }

    /** Keys of the first entries of containers that are to be purged. */
    static CompletionStage<List<String>> overdue(RowStore store, PartitionId directory, long nowMillis, int max, ReadPoint at) {
        return overdue(store, directory, nowMillis, max, at, TableDirectoryRows.tableKey(""), new ArrayList<>());
    }

    private static CompletionStage<List<String>> overdue(
            RowStore store, PartitionId directory, long nowMillis, int max, ReadPoint at, byte[] from, List<String> found) {
        RowRange wanted = RowRange.ascending(from, TableDirectoryRows.tablesEnd(), StoreLimits.MAX_PAGE_ROWS);
        return store.scan(directory, wanted, at).thenCompose(page -> {
            for (Row row : page.rows()) {
                if (found.size() < max && ContainerPlan.isOverdue(TableDirectoryRows.tableOf(row.value()), nowMillis)) {
                    found.add(DirectoryRows.nameOf(row.key()));
                }
            }
            if (!page.more() || found.size() == max) {
                return CompletableFuture.completedStage(found);
            }
            byte[] last = page.rows().getLast().key();
            return overdue(store, directory, nowMillis, max, at, Arrays.copyOf(last, last.length + 1), found);
        });
    }

    public CompletionStage<ServiceProperties> serviceProperties(PartitionId directory) {
        return store.get(directory, DirectoryRows.propertiesKey(), ReadPoint.latest())
                .thenApply(ServiceValues::propertiesOf);
    }

    /** The lowest number above {@code number} of something that has ranges, in whatever state it is. */
    public CompletionStage<Optional<Long>> numberAbove(PartitionId directory, long number) {
        RowRange first = RowRange.ascending(TableDirectoryRows.rangeKey(number + 1, new byte[0]), TableDirectoryRows.allRangesEnd(), 1);
        return store.scan(directory, first, ReadPoint.latest())
                .thenApply(page -> page.rows().stream().findFirst().map(row -> TableDirectoryRows.numberOf(row.key())));
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
                        return CompletableFuture.completedStage(new TableListing(found, DirectoryRows.nameOf(row.key())));
                    }
                    found.add(entry.name());
                } else if (entry.isUnfinished() && !toldOfUnfinished) {
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
