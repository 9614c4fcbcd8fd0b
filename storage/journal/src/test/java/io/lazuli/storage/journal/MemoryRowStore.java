package io.lazuli.storage.journal;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.RowsRead;
import io.lazuli.storage.store.RowsWanted;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The store's promises in memory, with its limits checked, on a thread of its own, and failures on demand. */
final class MemoryRowStore implements RowStore, AutoCloseable {

    private static final class Partition {
        private long epoch;
        private final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    }

    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("store").factory());
    private final Map<PartitionId, Partition> partitions = new HashMap<>();
    private long index;

    final AtomicInteger commits = new AtomicInteger();
    final AtomicInteger scans = new AtomicInteger();
    final AtomicLong rowsRead = new AtomicLong();
    private volatile Predicate<RowBatch> refuse = batch -> false;
    private volatile RuntimeException failure;

    /** Batches that match fail from now on with {@code failure} and change nothing. */
    void refuse(Predicate<RowBatch> batches, RuntimeException failure) {
        this.failure = failure;
        this.refuse = batches;
    }

    void refuseNothing() {
        refuse = batch -> false;
    }

    /** All rows of the partition, for looking at. */
    List<Row> rowsOf(PartitionId partition) {
        return call(() -> partition(partition).rows.entrySet().stream().map(e -> new Row(e.getKey(), e.getValue())).toList())
                .toCompletableFuture().join();
    }

    @Override
    public CompletionStage<Claim> claim(PartitionId partition) {
        return call(() -> new Claim(++partition(partition).epoch, ReadPoint.at(++index)));
    }

    @Override
    public CompletionStage<ReadPoint> commit(RowBatch batch) {
        commits.incrementAndGet();
        return call(() -> {
            checkLimits(batch);
            if (refuse.test(batch)) {
                throw failure;
            }
            Partition partition = fenced(batch.partition(), batch.epoch());
            for (RowOp op : batch.ops()) {
                switch (op) {
                    case RowOp.Put put -> partition.rows.put(put.key(), put.value());
                    case RowOp.Delete delete -> partition.rows.remove(delete.key());
                    case RowOp.DeleteRange range -> partition.rows.subMap(range.fromInclusive(), range.toExclusive()).clear();
                }
            }
            return ReadPoint.at(++index);
        });
    }

    @Override
    public CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch) {
        return call(() -> {
            fenced(partition, epoch);
            return ReadPoint.at(index);
        });
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at) {
        return call(() -> Optional.ofNullable(partition(partition).rows.get(key)));
    }

    @Override
    public CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at) {
        CompletionStage<RowPage> page = wanted.range().isPresent()
                ? scan(partition, wanted.range().get(), at)
                : CompletableFuture.completedStage(new RowPage(List.of(), false));
        CompletionStage<List<Optional<byte[]>>> values = page.thenApply(rows -> List.of());
        for (byte[] key : wanted.keys()) {
            values = values.thenCompose(before -> get(partition, key, at).thenApply(value -> {
                List<Optional<byte[]>> longer = new ArrayList<>(before);
                longer.add(value);
                return longer;
            }));
        }
        return page.thenCombine(values, RowsRead::new);
    }

    @Override
    public CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at) {
        scans.incrementAndGet();
        return call(() -> {
            NavigableMap<byte[], byte[]> rows = partition(partition).rows.tailMap(range.fromInclusive(), true);
            if (range.toExclusive() != null) {
                rows = rows.headMap(range.toExclusive(), false);
            }
            List<Row> page = new ArrayList<>();
            int bytes = 0;
            for (Map.Entry<byte[], byte[]> row : (range.reverse() ? rows.descendingMap() : rows).entrySet()) {
                if (page.size() == range.maxRows() || !page.isEmpty() && bytes + row.getValue().length > range.maxBytes()) {
                    return new RowPage(page, true);
                }
                page.add(new Row(row.getKey(), row.getValue()));
                bytes += row.getKey().length + row.getValue().length;
                rowsRead.incrementAndGet();
            }
            return new RowPage(page, false);
        });
    }

    @Override
    public CompletionStage<List<PartitionId>> partitions(int group, PartitionKind kind, String afterName, int max) {
        throw new UnsupportedOperationException("the journal lists no partitions");
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    private static void checkLimits(RowBatch batch) {
        long bytes = 0;
        for (RowOp op : batch.ops()) {
            bytes += 16 + switch (op) {
                case RowOp.Put put -> put.key().length + put.value().length;
                case RowOp.Delete delete -> delete.key().length;
                case RowOp.DeleteRange range -> range.fromInclusive().length + range.toExclusive().length;
            };
        }
        if (bytes > StoreLimits.MAX_BATCH_BYTES) {
            throw new IllegalArgumentException("a batch of " + bytes + " bytes");
        }
    }

    private Partition fenced(PartitionId id, long epoch) {
        Partition partition = partition(id);
        if (epoch != partition.epoch) {
            throw new FencedException(id, epoch, partition.epoch);
        }
        return partition;
    }

    private Partition partition(PartitionId id) {
        return partitions.computeIfAbsent(id, any -> new Partition());
    }

    private <T> CompletionStage<T> call(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, thread);
    }
}
