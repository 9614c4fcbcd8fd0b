package io.lazuli.samples.wordcount;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a text file into line messages that fit into a queue: lines without words are left out, long lines are cut between
 * words, and characters that XML cannot carry (none of which is part of a word) become blanks. The same file always gives
 * the same messages with the same ids. One line of the file is in memory at a time.
 */
public final class SourceLines {

    /** A message may have 64 KiB; this many characters stay below it as a line, escaped for XML, and as counts. */
    static final int MAX_TEXT_CHARS = 8_000;

    private static final int SOURCE_CHARS = 12;

    private SourceLines() {}

    /**
     * @return the number of messages
     * @throws IllegalArgumentException if one word alone is too long
     */
    public static int forEach(Path file, Consumer<LineMessage> messages) throws IOException {
        String source = sourceOf(file);
        int number = 0;
        try (BufferedReader reader = reader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                for (String text : pieces(carriable(line))) {
                    messages.accept(new LineMessage(new LineId(source, number++), text));
                }
            }
        }
        return number;
    }

    /** Bytes that are not UTF-8 become replacement characters. */
    static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
    }

    static List<String> pieces(String line) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < line.length()) {
            int to = line.length() - from <= MAX_TEXT_CHARS ? line.length() : lastGap(line, from, from + MAX_TEXT_CHARS);
            String piece = line.substring(from, to);
            if (!Words.count(piece).isEmpty()) {
                pieces.add(piece);
            }
            from = to;
        }
        return pieces;
    }

    private static int lastGap(String line, int from, int to) {
        for (int at = to; at > from; at = line.offsetByCodePoints(at, -1)) {
            if (!Words.isPartOfWord(line.codePointBefore(at))) {
                return at;
            }
        }
        throw new IllegalArgumentException("a word has more than " + MAX_TEXT_CHARS + " characters: " + line.substring(from, from + 40) + "…");
    }

    private static String carriable(String line) {
        StringBuilder text = new StringBuilder(line.length());
        line.codePoints().forEach(c -> {
            boolean xml = c == '\t' || c >= ' ' && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
            text.appendCodePoint(xml ? c : ' ');
        });
        return text.toString();
    }

    private static String sourceOf(Path file) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha256.digest()).substring(0, SOURCE_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
