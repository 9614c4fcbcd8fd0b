package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.directory.RangeName;
import io.lazuli.storage.partition.table.directory.RangeRow;
import io.lazuli.storage.partition.table.directory.TableDirectoryReader;
import io.lazuli.storage.partition.table.directory.TableEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which ranges a table had when it was last looked up. May be out of date: a range that does not serve a key says so. Bounded in
 * ranges: when it is full it is emptied, which costs one look-up for each table. Safe for use by any thread.
 *
 * <p>Whoever needs the same table while it is looked up shares the look-up; but that a table does not exist is only believed from
 * a look-up that began after the request, because the table may have been created meanwhile.
 */
final class TableRoutes {

    /** @param name in lower case */
    record TableName(String account, String name) {

        static TableName of(String account, String table) {
            return new TableName(account, TableEntry.keyOf(table));
        }
    }

    /** One range: a key between {@code low} and {@code high} (empty: the table's end) is there. */
    record Range(PartitionId partition, byte[] low, byte[] high) {}

    /** A table's ranges in key order, at least one. Immutable. */
    static final class Route {

        private final long number;
        private final List<RangeRow> ranges;

        private Route(long number, List<RangeRow> ranges) {
            this.number = number;
            this.ranges = List.copyOf(ranges);
        }

        long number() {
            return number;
        }

        int size() {
            return ranges.size();
        }

        /** The range whose keys begin at or last before the key. */
        Range rangeOf(byte[] key) {
            int from = 0;
            int to = ranges.size() - 1;
            while (from < to) {
                int middle = (from + to + 1) >>> 1;
                if (Arrays.compareUnsigned(ranges.get(middle).low(), key) <= 0) {
                    from = middle;
                } else {
                    to = middle - 1;
                }
            }
            return range(from);
        }

        Range range(int index) {
            RangeRow row = ranges.get(index);
            return new Range(row.partition(), row.low(), index + 1 < ranges.size() ? ranges.get(index + 1).low() : new byte[0]);
        }
    }

    private final TableDirectoryReader reader;
    private final int maxRanges;
    private final ConcurrentMap<TableName, Route> routes = new ConcurrentHashMap<>();
    private final ConcurrentMap<TableName, CompletableFuture<Optional<Route>>> lookUps = new ConcurrentHashMap<>();
    private final AtomicLong rangesHeld = new AtomicLong();

    TableRoutes(TableDirectoryReader reader, int maxRanges) {
        this.reader = reader;
        this.maxRanges = maxRanges;
    }

    /** The route that is remembered, or else looked up. Fails with TableNotFound. */
    CompletionStage<Route> find(TableName table) {
        Route known = routes.get(table);
        return known != null ? CompletableFuture.completedStage(known) : lookUp(table);
    }

    /** Another route than {@code stale}, remembered or looked up. Fails with TableNotFound. */
    CompletionStage<Route> findInsteadOf(TableName table, Route stale) {
        forget(table, stale);
        return find(table);
    }

    void forget(TableName table, Route stale) {
        if (routes.remove(table, stale)) {
            rangesHeld.addAndGet(-stale.size());
        }
    }

    private CompletionStage<Route> lookUp(TableName table) {
        CompletableFuture<Optional<Route>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Route>> running = lookUps.putIfAbsent(table, mine);
        if (running == null) {
            read(table).whenComplete((route, error) -> {
                lookUps.remove(table, mine);
                if (error != null) {
                    mine.completeExceptionally(error);
                } else {
                    mine.complete(route);
                }
            });
            return mine.thenApply(TableRoutes::existing);
        }
        return running.thenCompose(route -> route.isPresent() ? CompletableFuture.completedStage(route) : read(table))
                .thenApply(TableRoutes::existing);
    }

    private static Route existing(Optional<Route> route) {
        return route.orElseThrow(() -> new StorageException(StorageErrorCode.TABLE_NOT_FOUND));
    }

    private CompletionStage<Optional<Route>> read(TableName table) {
        PartitionId directory = RangeName.directoryOf(table.account());
        return reader.find(directory, table.name()).thenCompose(entry -> entry.isEmpty() || entry.get().state() != TableEntry.State.LIVE
                ? CompletableFuture.completedStage(Optional.empty())
                : reader.ranges(directory, entry.get().number())
                        .thenApply(ranges -> ranges.isEmpty() ? Optional.empty() : Optional.of(remembered(table, new Route(entry.get().number(), ranges)))));
    }

    private Route remembered(TableName table, Route route) {
        if (rangesHeld.get() + route.size() > maxRanges) {
            routes.forEach(this::forget);
        }
        rangesHeld.addAndGet(route.size());
        Route before = routes.put(table, route);
        if (before != null) {
            rangesHeld.addAndGet(-before.size());
        }
        return route;
    }
}
