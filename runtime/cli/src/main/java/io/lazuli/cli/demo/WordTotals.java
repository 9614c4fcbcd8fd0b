package io.lazuli.cli.demo;

import io.lazuli.cli.CliException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Words and how often they occur, as the programs of the sample print them: a word, a tab and a number in each line. */
record WordTotals(SortedMap<String, Long> counts) {

    static WordTotals parse(String text) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (String line : text.lines().toList()) {
            int tab = line.indexOf('\t');
            try {
                counts.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new CliException("not a word and its number: " + line);
            }
        }
        return new WordTotals(counts);
    }

    /** The words that occur most often, the most frequent first. */
    List<String> top(int count) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()).thenComparing(Map.Entry.comparingByKey()))
                .limit(count).map(Map.Entry::getKey).toList();
    }

    long count(String word) {
        return counts.getOrDefault(word, 0L);
    }

    long words() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Every word that the two do not agree on. */
    List<String> differences(WordTotals other) {
        TreeSet<String> words = new TreeSet<>(counts.keySet());
        words.addAll(other.counts.keySet());
        List<String> different = new ArrayList<>();
        for (String word : words) {
            if (count(word) != other.count(word)) {
                different.add(word);
            }
        }
        return different;
    }
}
