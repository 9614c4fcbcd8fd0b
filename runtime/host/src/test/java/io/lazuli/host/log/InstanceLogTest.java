package io.lazuli.host.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol.LogPage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceLogTest {

    private static final InstanceKey KEY = InstanceKey.parse("d/r/0");

    @TempDir
    Path directory;

    @Test
    void linesHaveTimeStampsAndLevels() {
        InstanceLogs logs = new InstanceLogs(directory, 1 << 20);
        try (InstanceLog log = logs.of(KEY)) {
            System.Logger logger = new InstanceLogger("x", log);
            logger.log(System.Logger.Level.INFO, "plain {0}");
            logger.log(System.Logger.Level.WARNING, "with {0} and {1}", "a", 1);
            logger.log(System.Logger.Level.DEBUG, "not shown");
            logger.log(System.Logger.Level.ERROR, "thrown", new IllegalStateException("why"));
        }
        List<String> lines = logs.read(KEY, 0, 1 << 20).text().lines().toList();
        assertTrue(lines.get(0).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO plain \\{0}"), lines.get(0));
        assertTrue(lines.get(1).endsWith("WARNING with a and 1"), lines.get(1));
        assertTrue(lines.get(2).endsWith("ERROR thrown"), lines.get(2));
        assertEquals("java.lang.IllegalStateException: why", lines.get(3));
    }

    @Test
    void aReaderFollowsALogOverRotationsWithoutGapOrRepetition() {
        InstanceLogs logs = new InstanceLogs(directory, 2_000);
        StringBuilder read = new StringBuilder();
        long offset = 0;
        try (InstanceLog log = logs.of(KEY)) {
            for (int i = 0; i < 500; i++) {
                log.write("INFO", "line " + i);
                if (i % 7 == 0) {
                    for (LogPage page = logs.read(KEY, offset, 300); !page.text().isEmpty(); page = logs.read(KEY, offset, 300)) {
                        read.append(page.text());
                        offset = page.nextOffset();
                    }
                }
            }
        }
        List<String> numbers = read.toString().lines().map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList();
        assertEquals(498, numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            assertEquals(Integer.toString(i), numbers.get(i));
        }
    }

    @Test
    void aLogNeverTakesMoreThanTwoFilesOfItsSizeAlsoOverReopenings() throws IOException {
        InstanceLogs logs = new InstanceLogs(directory, 2_000);
        for (int i = 0; i < 300; i++) {
            try (InstanceLog log = logs.of(KEY)) {
                log.write("INFO", "line " + i);
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("d"))) {
            List<Path> kept = files.sorted().toList();
            assertEquals(List.of("r.0.log", "r.0.log.old"), kept.stream().map(file -> file.getFileName().toString()).toList());
            for (Path file : kept) {
                assertTrue(Files.size(file) <= 2_000);
            }
        }
        assertTrue(logs.read(KEY, 0, 1 << 20).nextOffset() > 4_000, "what is older than what is kept is skipped");
    }

    @Test
    void aTailBeginsWithAWholeLine() {
        InstanceLogs logs = new InstanceLogs(directory, 1 << 20);
        try (InstanceLog log = logs.of(KEY)) {
            for (int i = 0; i < 50; i++) {
                log.write("INFO", "line " + i);
            }
        }
        List<String> tail = logs.read(KEY, -100, 1 << 20).text().lines().toList();
        assertEquals(2, tail.size());
        assertTrue(tail.getLast().endsWith("line 49"));
    }

    @Test
    void pagesEndWithWholeCharacters() {
        InstanceLogs logs = new InstanceLogs(directory, 1 << 20);
        try (InstanceLog log = logs.of(KEY)) {
            log.write("INFO", "ü한".repeat(100));
        }
        StringBuilder read = new StringBuilder();
        long offset = 0;
        for (LogPage page = logs.read(KEY, offset, 7); !page.text().isEmpty(); page = logs.read(KEY, offset, 7)) {
            read.append(page.text());
            offset = page.nextOffset();
        }
        assertTrue(read.toString().endsWith("ü한".repeat(100) + "\n"), read.toString());
    }

    @Test
    void printedLinesBecomeRecordsAndLongOnesAreCut() {
        InstanceLogs logs = new InstanceLogs(directory, 1 << 20);
        try (InstanceLog log = logs.of(KEY); PrintStream out = new PrintStream(log.lines("OUT"), true, StandardCharsets.UTF_8)) {
            out.print("a\r\nb");
            out.println("c");
            out.println("x".repeat(LineStream.MAX_LINE_BYTES + 1));
        }
        List<String> lines = logs.read(KEY, 0, 1 << 20).text().lines().map(line -> line.substring(line.indexOf(" OUT ") + 5)).toList();
        assertEquals(List.of("a", "bc", "x".repeat(LineStream.MAX_LINE_BYTES), "x"), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../d", "d/..", ".", "D", ""})
    void whatIsNoNameIsNoFile(String name) throws IOException {
        Path outside = Files.writeString(directory.resolve("r.0.log"), "secret\n");
        InstanceLogs logs = new InstanceLogs(directory.resolve("logs"), 1 << 20);
        assertEquals("", logs.read(new InstanceKey(name, "r", 0), 0, 100).text());
        assertEquals("", logs.read(new InstanceKey("d", name, 0), 0, 100).text());
        assertTrue(Files.exists(outside));
    }

    @Test
    void aLogThatIsNotThereYetIsEmpty() {
        assertEquals(new LogPage(KEY, 0, ""), new InstanceLogs(directory, 1 << 20).read(KEY, -100, 100));
    }
}
