package io.lazuli.storage.partition.table;

import io.lazuli.storage.partition.OpenBatch;
import io.lazuli.storage.partition.Recent;
import io.lazuli.storage.partition.SealedBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a range has decided about rows: the batch being collected, and all that lies over rows that are read because it may be newer
 * than they. What a batch changed stays in {@link Recent} until that batch was durable before the oldest look-up under way began.
 *
 * <p>Bounded: what is under way, and {@code cacheBytes} in at most {@value #MAX_CACHED_ROWS} rows beyond.
 */
final class DecidedRows {

    private static final int MAX_CACHED_ROWS = 10_000;

    /** Of range deletions: rows in it that were not changed since are gone. */
    record Dropped(byte[] from, byte[] to, long batch) {

        private boolean covers(RowKey key) {
            return Arrays.compareUnsigned(key.bytes(), from) >= 0 && Arrays.compareUnsigned(key.bytes(), to) < 0;
        }
    }

    private final Recent<RowKey, RangeLogic.Seen> recent;
    /** In the order of their batches. */
    private final Deque<Dropped> dropped = new ArrayDeque<>();
    private final TreeMap<Long, Integer> lookUpsBySeenBatch = new TreeMap<>();
    private final OpenBatch open = new OpenBatch();
    private long batch = 1;
    private long durableBatch;

    DecidedRows(long cacheBytes) {
        this.recent = new Recent<>(MAX_CACHED_ROWS, cacheBytes, row -> row.exists() ? row.value().length : 0);
    }

    /** @param writtenByOthers see {@link LookUp} */
    LookUp begin(boolean writtenByOthers) {
        LookUp lookUp = new LookUp(durableBatch, writtenByOthers);
        lookUpsBySeenBatch.merge(durableBatch, 1, Integer::sum);
        return lookUp;
    }

    /** @param whole whether all of the row matters, see {@link LookUp} */
    void want(LookUp lookUp, RowKey key, boolean whole) {
        RangeLogic.Seen decided = lookUp.writtenByOthers() ? null : recent.get(key);
        if (decided == null) {
            lookUp.want(key, whole);
        } else {
            lookUp.know(key, decided);
        }
    }

    /** The row as decided so far; null if the look-up knows nothing of it. */
    RangeLogic.Seen row(RowKey key, LookUp seen) {
        RangeLogic.Seen decided = recent.changedAfter(key, seen.seenBatch());
        if (decided != null) {
            return decided;
        }
        RangeLogic.Seen read = seen.get(key);
        boolean gone = read != null && dropped.stream().anyMatch(range -> range.batch > seen.seenBatch() && range.covers(key));
        return gone ? RangeLogic.Seen.NOTHING : read;
    }

    void ended(LookUp lookUp) {
        lookUpsBySeenBatch.computeIfPresent(lookUp.seenBatch(), (seen, count) -> count == 1 ? null : count - 1);
        trim();
    }

    void put(RowKey key, byte[] value) {
        open.put(key.bytes(), value);
        recent.put(key, new RangeLogic.Seen(value, value.length), batch);
    }

    void delete(RowKey key) {
        open.delete(key.bytes());
        recent.put(key, RangeLogic.Seen.NOTHING, batch);
    }

    /** Of rows that are never looked up again. */
    void deleteRange(byte[] from, byte[] to) {
        open.deleteRange(from, to);
    }

    /** Of rows that go on to be looked up. */
    void dropRange(byte[] from, byte[] to) {
        deleteRange(from, to);
        Dropped range = new Dropped(from, to, batch);
        recent.replaceIf(range::covers, RangeLogic.Seen.NOTHING, batch);
        dropped.add(range);
    }

    /** Rows that are not this range's any more: what is known of them may become wrong. */
    void forget(Predicate<RowKey> foreign) {
        recent.removeIf(foreign);
        dropped.removeIf(range -> foreign.test(new RowKey(range.from)));
    }

    /** The number of the batch being collected. */
    long batch() {
        return batch;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    long bytes() {
        return open.bytes();
    }

    SealedBatch seal() {
        return new SealedBatch(batch++, open.take());
    }

    void durable(long durable) {
        durableBatch = durable;
        trim();
    }

    /** Rows changed by batches that are not durable. */
    Collection<RowKey> undurable() {
        List<RowKey> keys = new ArrayList<>();
        recent.keysAfter(durableBatch).forEach(keys::add);
        return keys;
    }

    /** Range deletions in batches that are not durable. */
    List<Dropped> undurableDropped() {
        return dropped.stream().filter(range -> range.batch > durableBatch).toList();
    }

    private void trim() {
        long floor = lookUpsBySeenBatch.isEmpty() ? durableBatch : Math.min(durableBatch, lookUpsBySeenBatch.firstKey());
        recent.trim(floor);
        while (!dropped.isEmpty() && dropped.peek().batch <= floor) {
            dropped.remove();
        }
    }
}
