package io.lazuli.storage.partition.table;

import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the partition key or blob at which a range splits into halves of about the same bytes: reads the range's index once, page by page, and
 * remembers where they begin and how much lies before, every one at first and then every second, fourth...: at most
 * {@value #MAX_CANDIDATES}, so that memory does not grow with the range.
 */
final class SplitKeySearch {

    static final int MAX_CANDIDATES = 1024;

    /** @param lowerShare of the bytes, what lies before the key, 0 to 1 */
    record Found(byte[] key, double lowerShare) {}

    private record Candidate(byte[] key, long bytesBefore) {}

    private final RangeLogic<?> logic;
    private final byte[] end;
    private final int pageRows;
    private byte[] next;
    private byte[] partitionKey;
    private List<Candidate> candidates = new ArrayList<>();
    private long stride = 1;
    private long partitionKeys;
    private long bytes;

    SplitKeySearch(RangeLogic<?> logic, RangeHeader range, int pageRows) {
        this.logic = logic;
        this.next = RangeRows.rowKey(logic.tags().getLast(), range.low());
        this.end = RangeRows.rowEnd(logic.tags().getLast(), range.high());
        this.pageRows = pageRows;
    }

    /** The page to read next, empty at the end. */
    Optional<RowRange> next() {
        return next == null ? Optional.empty() : Optional.of(new RowRange(next, end, pageRows, StoreLimits.MAX_PAGE_BYTES, false));
    }

    void read(RowPage page) {
        for (Row row : page.rows()) {
            byte[] key = RangeRows.firstPart(RangeRows.keyOf(row.key()));
            if (partitionKey == null) {
                partitionKey = key;
            } else if (!Arrays.equals(partitionKey, key)) {
                partitionKey = key;
                begins(key);
            }
            bytes += logic.weight(row);
        }
        byte[] last = page.more() ? page.rows().getLast().key() : null;
        next = last == null ? null : Arrays.copyOf(last, last.length + 1);
    }

    /** Empty if there is only one. */
    Optional<Found> found() {
        Candidate best = null;
        for (Candidate candidate : candidates) {
            if (best == null || Math.abs(2 * candidate.bytesBefore - bytes) < Math.abs(2 * best.bytesBefore - bytes)) {
                best = candidate;
            }
        }
        return Optional.ofNullable(best).map(candidate -> new Found(candidate.key, (double) candidate.bytesBefore / bytes));
    }

    private void begins(byte[] key) {
        if (partitionKeys++ % stride != 0) {
            return;
        }
        if (candidates.size() == MAX_CANDIDATES) {
            List<Candidate> everySecond = new ArrayList<>(MAX_CANDIDATES);
            for (int i = 0; i < candidates.size(); i += 2) {
                everySecond.add(candidates.get(i));
            }
            candidates = everySecond;
            stride *= 2;
        }
        candidates.add(new Candidate(key, bytes));
    }
}
