package io.lazuli.cli.local;

import io.lazuli.cli.CliException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A node of this machine: its directory, its configuration, and the process that runs it, if any. The process is known by
 * {@code node.pid}, which holds the process id and the time at which that process began, so that another process that was
 * given the same id later is not taken for it.
 */
public record LocalNode(Path directory, NodeConf conf) {

    /** The system's own start times are rounded differently from one question to the next. */
    private static final long START_TOLERANCE_MILLIS = 2_000;
    /** As much of the end of a log as is looked at for the reason of a failure. */
    private static final int LOG_TAIL_BYTES = 16 * 1024;

    public String id() {
        return conf.id();
    }

    public Path confFile() {
        return directory.resolve(NodeConf.FILE);
    }

    /** Where the process' standard output and error go; what the node itself logs is in node.log beside it. */
    public Path consoleLog() {
        return directory.resolve("log").resolve("console.log");
    }

    /** The live process of this node, if there is one. */
    public Optional<ProcessHandle> process() {
        try {
            String[] parts = Files.readString(pidFile()).strip().split(" ");
            long startedAtMillis = Long.parseLong(parts[1]);
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(Processes::isRunning)
                    .filter(process -> process.info().startInstant()
                            .map(start -> Math.abs(start.toEpochMilli() - startedAtMillis) <= START_TOLERANCE_MILLIS)
                            .orElse(true));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    void remember(ProcessHandle process) {
        long startedAtMillis = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        try {
            Files.writeString(pidFile(), process.pid() + " " + startedAtMillis + "\n");
        } catch (IOException e) {
            throw new CliException("cannot write " + pidFile() + ": " + e);
        }
    }

    void forgetProcess() {
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw new CliException("cannot delete " + pidFile() + ": " + e);
        }
    }

    /** The last lines that the process wrote since {@code fromOffset} of its console log, at most {@code lines}. */
    List<String> lastLines(long fromOffset, int lines) {
        try (RandomAccessFile log = new RandomAccessFile(consoleLog().toFile(), "r")) {
            long start = Math.max(fromOffset, log.length() - LOG_TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path pidFile() {
        return directory.resolve("node.pid");
    }
}
