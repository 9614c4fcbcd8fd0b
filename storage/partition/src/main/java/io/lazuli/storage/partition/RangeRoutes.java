package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.directory.DirectoryKind;
import io.lazuli.storage.partition.table.directory.RangeRow;
import io.lazuli.storage.partition.table.directory.TableDirectoryReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which ranges a table or container had when it was last looked up. May be out of date: a range that does not serve a key says so. Bounded in
 * ranges: when it is full it is emptied, which costs one look-up for each. Safe for use by any thread.
 *
 * <p>Whoever needs the same while it is looked up shares the look-up; but that something does not exist is only believed from
 * a look-up that began after the request, because it may have been created meanwhile.
 */
final class RangeRoutes {

    /** A table or container. @param name what its name is compared by ({@link DirectoryKind#keyOf}) */
    record RangedName(String account, String name) {}

    /** One range: a key between {@code low} and {@code high} (empty: the end of all) is there. */
    record Range(PartitionId partition, byte[] low, byte[] high) {}

    /** Ranges in key order, at least one. Immutable. */
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
    private final ConcurrentMap<RangedName, Route> routes = new ConcurrentHashMap<>();
    private final ConcurrentMap<RangedName, CompletableFuture<Optional<Route>>> lookUps = new ConcurrentHashMap<>();
    private final AtomicLong rangesHeld = new AtomicLong();

    RangeRoutes(TableDirectoryReader reader, int maxRanges) {
        this.reader = reader;
        this.maxRanges = maxRanges;
    }

    /** The route that is remembered, or else looked up. Fails with TableNotFound or ContainerNotFound. */
    CompletionStage<Route> find(RangedName name) {
        Route known = routes.get(name);
        return known != null ? CompletableFuture.completedStage(known) : lookUp(name);
    }

    /** Another route than {@code stale}, remembered or looked up. Fails with TableNotFound or ContainerNotFound. */
    CompletionStage<Route> findInsteadOf(RangedName name, Route stale) {
        forget(name, stale);
        return find(name);
    }

    void forget(RangedName name, Route stale) {
        if (routes.remove(name, stale)) {
            rangesHeld.addAndGet(-stale.size());
        }
    }

    private CompletionStage<Route> lookUp(RangedName name) {
        CompletableFuture<Optional<Route>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Route>> running = lookUps.putIfAbsent(name, mine);
        if (running == null) {
            read(name).whenComplete((route, error) -> {
                lookUps.remove(name, mine);
                if (error != null) {
                    mine.completeExceptionally(error);
                } else {
                    mine.complete(route);
                }
            });
            return mine.thenApply(this::existing);
        }
        return running.thenCompose(route -> route.isPresent() ? CompletableFuture.completedStage(route) : read(name))
                .thenApply(this::existing);
    }

    private Route existing(Optional<Route> route) {
        return route.orElseThrow(() -> new StorageException(reader.kind().notFound()));
    }

    PartitionId directoryOf(RangedName name) {
        return reader.kind().directoryOf(name.account());
    }

    private CompletionStage<Optional<Route>> read(RangedName name) {
        PartitionId directory = directoryOf(name);
        return reader.find(directory, name.name()).thenCompose(entry -> entry.isEmpty() || !entry.get().isThere()
                ? CompletableFuture.completedStage(Optional.empty())
                : reader.ranges(directory, entry.get().number())
                        .thenApply(ranges -> ranges.isEmpty() ? Optional.empty() : Optional.of(remembered(name, new Route(entry.get().number(), ranges)))));
    }

    private Route remembered(RangedName name, Route route) {
        if (rangesHeld.get() + route.size() > maxRanges) {
            routes.forEach(this::forget);
        }
        rangesHeld.addAndGet(route.size());
        Route before = routes.put(name, route);
        if (before != null) {
            rangesHeld.addAndGet(-before.size());
        }
        return route;
    }
}
