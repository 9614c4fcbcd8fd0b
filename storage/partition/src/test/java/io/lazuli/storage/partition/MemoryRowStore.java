package io.lazuli.storage.partition;

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
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A {@link RowStore} in memory, for tests without Raft: it can hold calls back, refuse them, and counts them. */
public class MemoryRowStore implements RowStore {

    /** By row space: the ranges of a table or container in one group share theirs. */
    private final Map<PartitionId, NavigableMap<byte[], byte[]>> rows = new HashMap<>();
    private final Map<PartitionId, Long> epochs = new HashMap<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final List<RowBatch> commits = new ArrayList<>();
    private RuntimeException commitFailure;
    private int commitsUntilFailure = -1;
    private boolean failedIsApplied;
    private boolean holdCommits;
    private PartitionId heldPartition;
    private boolean holdClaims;
    private PartitionId heldClaims;
    private boolean holdReads;
    private boolean releasing;
    private long index;
    private int confirmations;
    private int reads;

    /** From now on commits are applied only when {@link #releaseHeld} is called. */
    public synchronized void holdCommits() {
        holdCommits = true;
    }

    /** From now on commits to this partition are applied only when {@link #releaseNext} or {@link #releaseHeld} is called. */
    public synchronized void holdCommits(PartitionId partition) {
        heldPartition = partition;
    }

    /** Does the oldest call that was held, and goes on holding. */
    public void releaseNext() {
        nextHeld().run();
    }

    public synchronized void holdClaims() {
        holdClaims = true;
    }

    /** From now on claims of this partition only. */
    public synchronized void holdClaims(PartitionId partition) {
        heldClaims = partition;
    }

    public synchronized void holdReads() {
        holdReads = true;
    }

    /** What was held stays so, what comes is done. */
    public synchronized void holdNoMore() {
        holdCommits = false;
        heldPartition = null;
        holdClaims = false;
        heldClaims = null;
        holdReads = false;
    }

    /** Does what was held, and what comes meanwhile behind it, and holds nothing any more. */
    public void releaseHeld() {
        synchronized (this) {
            holdNoMore();
            releasing = true;
        }
        for (Runnable next = nextOrNoMore(); next != null; next = nextOrNoMore()) {
            next.run();
        }
    }

    private synchronized Runnable nextOrNoMore() {
        releasing = !held.isEmpty();
        return held.poll();
    }

    public synchronized int heldCalls() {
        return held.size();
    }

    /** The next commit fails so and changes nothing. */
    public synchronized void failNextCommit(RuntimeException failure) {
        commitFailure = failure;
    }

    /**
     * The commit after {@code commits} more fails as one whose outcome nobody knows.
     *
     * @param applied whether it is applied all the same
     */
    public synchronized void failCommitAfter(int commits, boolean applied) {
        commitsUntilFailure = commits;
        failedIsApplied = applied;
    }

    public synchronized List<RowBatch> commits() {
        return List.copyOf(commits);
    }

    public synchronized int confirmations() {
        return confirmations;
    }

    public synchronized int reads() {
        return reads;
    }

    public synchronized int rowCount(PartitionId partition) {
        return rowsOf(partition).size();
    }

    public synchronized long epoch(PartitionId partition) {
        return epochs.getOrDefault(partition, 0L);
    }

    @Override
    public CompletionStage<Claim> claim(PartitionId partition) {
        return call(() -> holdClaims || partition.equals(heldClaims), () -> {
            long epoch = epochs.merge(partition, 1L, Long::sum);
            return new Claim(epoch, ReadPoint.at(++index));
        });
    }

    @Override
    public CompletionStage<ReadPoint> commit(RowBatch batch) {
        RuntimeException failure;
        synchronized (this) {
            failure = commitFailure;
            commitFailure = null;
        }
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        return call(() -> holdCommits || batch.partition().equals(heldPartition), () -> {
            checkEpoch(batch.partition(), batch.epoch());
            boolean fails = commitsUntilFailure-- == 0;
            if (fails && !failedIsApplied) {
                throw new StoreUnavailableException("told to fail", false);
            }
            batch.ops().forEach(op -> apply(rowsOf(batch.partition()), op));
            commits.add(batch);
            index++;
            if (fails) {
                throw new StoreUnavailableException("told to fail", false);
            }
            return ReadPoint.at(index);
        });
    }

    @Override
    public CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch) {
        return call(() -> holdCommits, () -> {
            confirmations++;
            checkEpoch(partition, epoch);
            return ReadPoint.at(index);
        });
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at) {
        return call(() -> holdReads, () -> {
            reads++;
            checkApplied(at);
            return Optional.ofNullable(rowsOf(partition).get(key));
        });
    }

    @Override
    public CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at) {
        CompletionStage<RowPage> page = wanted.range().isPresent()
                ? scan(partition, wanted.range().get(), at)
                : CompletableFuture.completedStage(new RowPage(List.of(), false));
        CompletionStage<List<Optional<byte[]>>> values = wanted.keys().isEmpty()
                ? page.thenApply(rows -> List.of())
                : page.thenCompose(rows -> call(() -> holdReads, () -> valuesOf(partition, wanted.keys(), at)));
        return page.thenCombine(values, RowsRead::new);
    }

    private List<Optional<byte[]>> valuesOf(PartitionId partition, List<byte[]> keys, ReadPoint at) {
        reads++;
        checkApplied(at);
        List<Optional<byte[]>> values = new ArrayList<>();
        int bytes = 0;
        for (byte[] key : keys) {
            if (bytes >= StoreLimits.MAX_READ_BYTES) {
                break;
            }
            byte[] value = rowsOf(partition).get(key);
            values.add(Optional.ofNullable(value));
            bytes += value == null ? 0 : value.length;
        }
        return values;
    }

    @Override
    public CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at) {
        return call(() -> holdReads, () -> {
            reads++;
            checkApplied(at);
            NavigableMap<byte[], byte[]> tail = rowsOf(partition).tailMap(range.fromInclusive(), true);
            NavigableMap<byte[], byte[]> part = range.toExclusive() == null ? tail : tail.headMap(range.toExclusive(), false);
            List<Row> page = new ArrayList<>();
            long bytes = 0;
            for (Map.Entry<byte[], byte[]> row : (range.reverse() ? part.descendingMap() : part).entrySet()) {
                if (page.size() == range.maxRows() || bytes >= range.maxBytes()) {
                    return new RowPage(page, true);
                }
                page.add(new Row(row.getKey(), row.getValue()));
                bytes += row.getKey().length + row.getValue().length;
            }
            return new RowPage(page, false);
        });
    }

    @Override
    public CompletionStage<List<PartitionId>> partitions(int group, PartitionKind kind, String afterName, int max) {
        return call(() -> holdReads, () -> rows.entrySet().stream()
                .filter(space -> space.getKey().group() == group && space.getKey().kind() == kind && !space.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .filter(partition -> partition.name().compareTo(afterName) > 0)
                .sorted(Comparator.comparing(PartitionId::name))
                .limit(max)
                .toList());
    }

    private <T> CompletionStage<T> call(BooleanSupplier hold, Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable call = () -> {
            T value;
            try {
                synchronized (this) {
                    value = action.get();
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
                return;
            }
            result.complete(value);
        };
        synchronized (this) {
            if (releasing || hold.getAsBoolean()) {
                held.add(call);
                return result;
            }
        }
        call.run();
        return result;
    }

    private synchronized Runnable nextHeld() {
        return held.poll();
    }

    private void checkEpoch(PartitionId partition, long epoch) {
        long newest = epochs.getOrDefault(partition, 0L);
        if (epoch != newest) {
            throw new FencedException(partition, epoch, newest);
        }
    }

    private void checkApplied(ReadPoint at) {
        if (at.index() > index) {
            throw new IllegalStateException("read at " + at + " but only " + index + " is applied");
        }
    }

    private NavigableMap<byte[], byte[]> rowsOf(PartitionId partition) {
        String name = partition.name();
        PartitionId space = partition.kind().isRange()
                ? new PartitionId(partition.group(), partition.kind(), name.substring(0, name.indexOf('/')) + "/rows")
                : partition;
        return rows.computeIfAbsent(space, id -> new TreeMap<>(Arrays::compareUnsigned));
    }

    private static void apply(NavigableMap<byte[], byte[]> rows, RowOp op) {
        switch (op) {
            case RowOp.Put put -> rows.put(put.key(), put.value());
            case RowOp.Delete delete -> rows.remove(delete.key());
            case RowOp.DeleteRange range -> rows.subMap(range.fromInclusive(), true, range.toExclusive(), false).clear();
        }
    }
}
