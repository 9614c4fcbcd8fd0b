package io.lazuli.samples.wordcount;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the words of a file in this process, to compare with what the cloud has counted. */
public final class PlainCount {

    private PlainCount() {}

    /** @param args file; prints the same form as {@link TotalsReader} */
    public static void main(String[] args) throws IOException {
        System.out.print(Totals.text(count(Path.of(args[0]))));
    }

    public static SortedMap<String, Long> count(Path file) throws IOException {
        SortedMap<String, Long> counts = new TreeMap<>();
        try (BufferedReader reader = SourceLines.reader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Words.count(line).forEach((word, count) -> counts.merge(word, count, Long::sum));
            }
        }
        return counts;
    }
}
