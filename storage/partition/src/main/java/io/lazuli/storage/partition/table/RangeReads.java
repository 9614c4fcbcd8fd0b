package io.lazuli.storage.partition.table;

import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The requests of a range that wait for rows: what several of them want is read in one call, so that the busier the range is, the
 * more requests share a read. Bounded by the range's pending requests.
 */
final class RangeReads {

    /** A request that was accepted and not decided. */
    record Undecided(RangeRequest request, LookUp lookUp, long bytes) {}

    /** One call. @param writtenByOthers to be read as of now */
    record Read(List<Part> parts, List<byte[]> keys, boolean writtenByOthers) {}

    record Part(Undecided undecided, int keys) {}

    private final Deque<Undecided> waiting = new ArrayDeque<>();
    private final List<Read> underWay = new ArrayList<>();

    void add(Undecided undecided) {
        waiting.add(undecided);
    }

    int underWay() {
        return underWay.size();
    }

    /** The next call to make, empty if nothing waits for one. */
    Optional<Read> next() {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        boolean writtenByOthers = waiting.peek().lookUp.writtenByOthers();
        List<Part> parts = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().lookUp.writtenByOthers() == writtenByOthers) {
            List<byte[]> missing = waiting.peek().lookUp.missing(StoreLimits.MAX_READ_KEYS);
            if (keys.size() + missing.size() > StoreLimits.MAX_READ_KEYS) {
                break;
            }
            parts.add(new Part(waiting.remove(), missing.size()));
            keys.addAll(missing);
        }
        Read read = new Read(parts, keys, writtenByOthers);
        underWay.add(read);
        return Optional.of(read);
    }

    /** Those that have all rows now; the others wait on, before all that came later. None of a call that was {@linkplain #clear cleared}. */
    List<Undecided> ended(Read read, List<Optional<byte[]>> rows) {
        if (!underWay.remove(read)) {
            return List.of();
        }
        List<Undecided> complete = new ArrayList<>();
        Deque<Undecided> incomplete = new ArrayDeque<>();
        int from = 0;
        for (Part part : read.parts) {
            int to = Math.min(from + part.keys, rows.size());
            part.undecided.lookUp.found(rows.subList(from, to));
            from = to;
            if (part.undecided.lookUp.complete()) {
                complete.add(part.undecided);
            } else {
                incomplete.push(part.undecided);
            }
        }
        incomplete.forEach(waiting::push);
        return complete;
    }

    /** All of them, which wait no longer. */
    Collection<Undecided> clear() {
        List<Undecided> all = new ArrayList<>(waiting);
        underWay.forEach(read -> read.parts.forEach(part -> all.add(part.undecided)));
        waiting.clear();
        underWay.clear();
        return all;
    }
}
