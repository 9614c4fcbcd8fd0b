package io.lazuli.storage.partition.table;

import io.lazuli.storage.partition.Recent;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.Collection;
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
    private static final int BYTES_PER_OP = 16;

    /** A batch to be committed. */
    record Sealed(long batch, List<RowOp> ops) {}

    private final Recent<RowKey, LookUp.Seen> recent;
    private final TreeMap<Long, Integer> lookUpsBySeenBatch = new TreeMap<>();
    private List<RowOp> ops = new ArrayList<>();
    private long bytes;
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
        LookUp.Seen decided = lookUp.writtenByOthers() ? null : recent.get(key);
        if (decided == null) {
            lookUp.want(key, whole);
        } else {
            lookUp.know(key, decided);
        }
    }

    /** The row as decided so far; null if the look-up knows nothing of it. */
    LookUp.Seen row(RowKey key, LookUp seen) {
        LookUp.Seen decided = recent.changedAfter(key, seen.seenBatch());
        return decided == null ? seen.get(key) : decided;
    }

    void ended(LookUp lookUp) {
        lookUpsBySeenBatch.computeIfPresent(lookUp.seenBatch(), (seen, count) -> count == 1 ? null : count - 1);
        trim();
    }

    void put(RowKey key, byte[] value) {
        add(new RowOp.Put(key.bytes(), value), bytesOf(key, value.length));
        recent.put(key, new LookUp.Seen(value, value.length), batch);
    }

    void delete(RowKey key) {
        add(new RowOp.Delete(key.bytes()), bytesOf(key, 0));
        recent.put(key, LookUp.Seen.NOTHING, batch);
    }

    /** Of rows that are never looked up again. */
    void deleteRange(byte[] from, byte[] to) {
        add(new RowOp.DeleteRange(from, to), BYTES_PER_OP + from.length + to.length);
    }

    /** Rows that are not this range's any more: what is known of them may become wrong. */
    void forget(Predicate<RowKey> foreign) {
        recent.removeIf(foreign);
    }

    static long bytesOf(RowKey key, int valueBytes) {
        return BYTES_PER_OP + key.bytes().length + valueBytes;
    }

    /** The number of the batch being collected. */
    long batch() {
        return batch;
    }

    boolean isEmpty() {
        return ops.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    Sealed seal() {
        Sealed sealed = new Sealed(batch++, ops);
        ops = new ArrayList<>();
        bytes = 0;
        return sealed;
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

    private void add(RowOp op, long opBytes) {
        ops.add(op);
        bytes += opBytes;
    }

    private void trim() {
        recent.trim(lookUpsBySeenBatch.isEmpty() ? durableBatch : Math.min(durableBatch, lookUpsBySeenBatch.firstKey()));
    }
}
