package io.lazuli.cli.demo;

import io.lazuli.cli.CliException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A program of the word-count sample in a JVM of its own, outside of the cloud, as any client is. What it prints is handed
 * on line by line; {@link #MAX_OUTPUT_CHARS} of it are kept.
 */
final class SampleProcess implements AutoCloseable {

    private static final String PACKAGE = "io.lazuli.samples.wordcount.";
    /** Totals of a file with some million different words. */
    private static final int MAX_OUTPUT_CHARS = 64 * 1024 * 1024;

    private final String program;
    private final Process process;
    private final StringBuilder output = new StringBuilder();
    private final List<Thread> readers = new ArrayList<>();
    private volatile String lastComplaint = "";

    private SampleProcess(String program, Process process) {
        this.program = program;
        this.process = process;
    }

    /** @param lines is given every line of standard output and standard error */
    static SampleProcess start(Path home, String program, List<String> arguments, Consumer<String> lines) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Xmx256m", "-cp", home.resolve("samples/word-count.jar") + File.pathSeparator + home.resolve("feeder-lib") + "/*",
                PACKAGE + program));
        line.addAll(arguments);
        try {
            SampleProcess started = new SampleProcess(program, new ProcessBuilder(line).start());
            started.process.getOutputStream().close();
            started.read(started.process.inputReader(StandardCharsets.UTF_8), text -> {
                started.keep(text);
                lines.accept(text);
            });
            started.read(started.process.errorReader(StandardCharsets.UTF_8), text -> {
                started.lastComplaint = text;
                lines.accept(text);
            });
            return started;
        } catch (IOException e) {
            throw new CliException("cannot start " + program + ": " + e.getMessage());
        }
    }

    private void read(BufferedReader from, Consumer<String> lines) {
        readers.add(Thread.ofVirtual().start(() -> {
            try (from) {
                for (String line = from.readLine(); line != null; line = from.readLine()) {
                    lines.accept(line);
                }
            } catch (IOException e) {
                lastComplaint = "its output broke off: " + e.getMessage();
            }
        }));
    }

    private synchronized void keep(String line) {
        if (output.length() + line.length() < MAX_OUTPUT_CHARS) {
            output.append(line).append('\n');
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Waits for the end; true if it ended well. */
    boolean succeeded() {
        try {
            int status = process.waitFor();
            for (Thread reader : readers) {
                reader.join();
            }
            return status == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted");
        }
    }

    /** Standard output of a program that has ended. @throws CliException if it did not end well */
    synchronized String output() {
        if (!succeeded()) {
            throw new CliException(program + " failed: " + lastComplaint);
        }
        return output.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
