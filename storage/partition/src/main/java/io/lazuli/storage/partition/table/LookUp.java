package io.lazuli.storage.partition.table;

import io.lazuli.storage.partition.table.RangeLogic.Seen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that a request must have seen before {@link RangeState} can decide it, as they were when {@link #seenBatch} was durable or
 * later. What is missing is read in as many calls as it takes.
 *
 * <p>Bounded: of a row whose content does not matter only the head is kept; beyond {@value #MAX_BYTES} bytes it ends as
 * {@link #tooLarge}.
 */
final class LookUp {

    /** More would not fit into a batch, since what must be seen whole is written again. */
    static final int MAX_BYTES = 8 << 20;

    private record Wanted(RowKey key, boolean whole) {}

    private final long seenBatch;
    private final boolean writtenByOthers;
    private final Deque<Wanted> missing = new ArrayDeque<>();
    private final Map<RowKey, Seen> seen = new HashMap<>();
    private List<byte[]> keys = List.of();
    private List<RangeLogic.Wanted> demanded;
    private long bytes;
    private boolean tooLarge;
    private int extensions;

    /** @param writtenByOthers the rows must be read as of now, because their writer is another range */
    LookUp(long seenBatch, boolean writtenByOthers) {
        this.seenBatch = seenBatch;
        this.writtenByOthers = writtenByOthers;
    }

    /** What it is for is a change of these keys. */
    void about(List<byte[]> changed) {
        keys = changed;
    }

    /** Empty if it is for no change. */
    List<byte[]> keys() {
        return keys;
    }

    /** These must be seen in any case for the change to be decided. */
    void demand(List<RangeLogic.Wanted> rows) {
        demanded = rows;
    }

    /** Null if the range did not serve the change's keys when the look-up began. */
    List<RangeLogic.Wanted> demanded() {
        return demanded;
    }

    void want(RowKey key, boolean whole) {
        missing.add(new Wanted(key, whole));
    }

    void know(RowKey key, Seen row) {
        seen.put(key, row);
    }

    /** Further rows are about to be wanted. False if that was said too often. */
    boolean extend() {
        return ++extensions <= RangeLogic.MAX_LOOK_UPS;
    }

    long seenBatch() {
        return seenBatch;
    }

    boolean writtenByOthers() {
        return writtenByOthers;
    }

    boolean complete() {
        return missing.isEmpty();
    }

    boolean tooLarge() {
        return tooLarge;
    }

    /** Of the rows read. */
    long bytes() {
        return bytes;
    }

    /** The next keys to read, at most {@code max}. */
    List<byte[]> missing(int max) {
        List<byte[]> keys = new ArrayList<>();
        for (Wanted wanted : missing) {
            if (keys.size() == max) {
                break;
            }
            keys.add(wanted.key.bytes());
        }
        return keys;
    }

    /** @param rows what was found of the first that were missing */
    void found(List<Optional<byte[]>> rows) {
        for (Optional<byte[]> row : rows) {
            Wanted wanted = missing.remove();
            Seen whole = row.map(value -> new Seen(value, value.length)).orElse(Seen.NOTHING);
            Seen kept = wanted.whole || !whole.exists() ? whole : new Seen(RangeRows.entityHead(whole.value()), whole.bytes());
            bytes += kept.exists() ? kept.value().length : 0;
            seen.put(wanted.key, kept);
        }
        if (bytes > MAX_BYTES) {
            tooLarge = true;
            missing.clear();
            seen.clear();
        }
    }

    /** Null if that row was not looked up. */
    Seen get(RowKey key) {
        return seen.get(key);
    }
}
