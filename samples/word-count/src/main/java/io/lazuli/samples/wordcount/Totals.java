package io.lazuli.samples.wordcount;

import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds up the messages of queue {@code totals}, each line once, in whatever order and however often they come.
 *
 * <p>Memory: one bit per line of each source (at most {@link #MAX_SOURCES}), and the words that occur. It lives in its
 * process alone: if that crashes after it has deleted messages, feed the same file again; its lines have the same ids, so
 * that a new fold counts each of them once.
 */
public final class Totals {

    public static final int MAX_SOURCES = 1_000;

    private final Map<String, BitSet> linesBySource = new HashMap<>();
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private long lines;
    private long duplicates;

    /**
     * @return true if the line was counted now, false if it had been before
     * @throws IllegalArgumentException if the text is no totals message; nothing has changed then
     */
    public boolean add(String message) {
        TotalsMessage parsed = TotalsMessage.parse(message);
        if (!linesBySource.containsKey(parsed.id().source()) && linesBySource.size() == MAX_SOURCES) {
            throw new IllegalArgumentException("more than " + MAX_SOURCES + " sources");
        }
        BitSet seen = linesBySource.computeIfAbsent(parsed.id().source(), source -> new BitSet());
        if (seen.get(parsed.id().number())) {
            duplicates++;
            return false;
        }
        seen.set(parsed.id().number());
        lines++;
        parsed.counts().forEach((word, count) -> counts.merge(word, count, Long::sum));
        return true;
    }

    /** Different lines that have been counted. */
    public long lines() {
        return lines;
    }

    /** Messages of lines that had been counted before. */
    public long duplicates() {
        return duplicates;
    }

    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** One {@code word<TAB>count} a line, in the order of the words: equal totals are equal texts. */
    public static String text(SortedMap<String, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((word, count) -> text.append(word).append('\t').append(count).append('\n'));
        return text.toString();
    }
}
