package io.lazuli.samples.wordcount;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A message of queue {@code totals}: one line's id, a tab, and its words as {@code word=count} with blanks between. */
public record TotalsMessage(LineId id, Map<String, Long> counts) {

    public static TotalsMessage of(LineMessage line) {
        return new TotalsMessage(line.id(), Words.count(line.text()));
    }

    /** @throws IllegalArgumentException if the message is none */
    public static TotalsMessage parse(String message) {
        int tab = message.indexOf('\t');
        if (tab < 0) {
            throw new IllegalArgumentException("a totals message has an id, a tab and counts");
        }
        Map<String, Long> counts = new TreeMap<>();
        for (String part : message.substring(tab + 1).split(" ")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                counts.put(part.substring(0, equals), Long.parseLong(part.substring(equals + 1)));
            } else if (!part.isEmpty()) {
                throw new IllegalArgumentException("not a count: " + part);
            }
        }
        return new TotalsMessage(LineId.parse(message.substring(0, tab)), counts);
    }

    public String encode() {
        return id + "\t" + counts.entrySet().stream()
                .map(count -> count.getKey() + "=" + count.getValue()).collect(Collectors.joining(" "));
    }
}
