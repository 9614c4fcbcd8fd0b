package io.lazuli.samples.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordCountTest {

    @TempDir
    Path directory;

    @Test
    void wordsAreRunsOfLettersMarksAndDigitsInLowerCase() {
        assertEquals(Map.of("don", 1L, "t", 1L, "über", 2L, "x86", 1L, "64", 1L, "한국어", 1L),
                Words.count("Don't ÜBER, über – x86_64 <한국어>"));
        assertEquals(Map.of(), Words.count(" \t–…!"));
    }

    @Test
    void messagesKeepWhatTheySay() {
        LineMessage line = new LineMessage(new LineId("abc", 7), "a\tb b");
        assertEquals(line, LineMessage.parse(line.encode()));
        TotalsMessage totals = TotalsMessage.of(line);
        assertEquals(Map.of("a", 1L, "b", 2L), totals.counts());
        assertEquals(totals, TotalsMessage.parse(totals.encode()));
        TotalsMessage empty = new TotalsMessage(new LineId("abc", 8), Map.of());
        assertEquals(empty, TotalsMessage.parse(empty.encode()));
    }

    @Test
    void whatIsNoMessageIsRefusedAndChangesNothing() {
        Totals totals = new Totals();
        for (String wrong : List.of("", "abc", "abc:1", "abc:1 a=1", "abc:x\ta=1", "abc:-1\ta=1", "abc:1\ta=x", "abc:1\tab", ":1\ta=1",
                "abc:" + (LineId.MAX_NUMBER + 1) + "\ta=1")) {
            assertThrows(IllegalArgumentException.class, () -> totals.add(wrong), wrong);
        }
        assertEquals(0, totals.lines());
        assertEquals(Map.of(), totals.counts());
    }

    @Test
    void aLineThatIsDeliveredTwiceCountsOnce() {
        Totals totals = new Totals();
        assertTrue(totals.add("abc:1\ta=1 b=2"));
        assertFalse(totals.add("abc:1\ta=1 b=2"));
        assertTrue(totals.add("abc:2\ta=1"));
        assertTrue(totals.add("other:1\ta=1"));
        assertEquals(Map.of("a", 3L, "b", 2L), totals.counts());
        assertEquals(3, totals.lines());
        assertEquals(1, totals.duplicates());
    }

    @Test
    void theFoldEqualsAPlainCountWhateverOrderAndDuplicates() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path file = Files.write(directory.resolve("text"), randomText(random));
        List<String> delivered = new ArrayList<>();
        int lines = SourceLines.forEach(file, line -> {
            for (int i = random.nextInt(3); i >= 0; i--) {
                delivered.add(TotalsMessage.of(LineMessage.parse(line.encode())).encode());
            }
        });
        Collections.shuffle(delivered, random);
        Totals totals = new Totals();
        delivered.forEach(totals::add);
        assertEquals(lines, totals.lines(), "seed " + seed);
        assertEquals(Totals.text(PlainCount.count(file)), Totals.text(totals.counts()), "seed " + seed);
    }

    @Test
    void messagesFitIntoAQueueAndHaveTheSameIdsEachTime() throws IOException {
        String long1 = "&ü".repeat(3) + " a ".repeat(20_000);
        Path file = Files.writeString(directory.resolve("long"), long1 + "\n\n \f\nend\u0001of\n");
        List<LineMessage> first = new ArrayList<>();
        List<LineMessage> second = new ArrayList<>();
        SourceLines.forEach(file, first::add);
        SourceLines.forEach(file, second::add);
        assertEquals(first, second);
        assertTrue(first.size() > 2);
        assertEquals("end of", first.getLast().text());
        for (LineMessage line : first) {
            assertTrue(line.encode().replace("&", "&amp;").getBytes(StandardCharsets.UTF_8).length <= 65_536);
            assertTrue(TotalsMessage.of(line).encode().getBytes(StandardCharsets.UTF_8).length <= 65_536);
        }
        assertThrows(IllegalArgumentException.class, () -> SourceLines.pieces("x".repeat(SourceLines.MAX_TEXT_CHARS + 1)));
    }

    private static byte[] randomText(Random random) {
        String letters = "aAbBeéÄ  ,.'\n\r\f\t1ß";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        bytes[random.nextInt(bytes.length)] = (byte) 0xFF;
        return bytes;
    }
}
