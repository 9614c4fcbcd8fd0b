package io.lazuli.cli.demo;

import io.lazuli.cli.CliException;
import io.lazuli.cli.command.CloudCommand;
import io.lazuli.cli.local.CloudDirectory;
import io.lazuli.cli.local.CloudStarter;
import io.lazuli.cli.local.CloudStopper;
import io.lazuli.cli.local.NodeLauncher;
import io.lazuli.cli.local.PortPlan;
import io.lazuli.cli.local.StartArchive;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prepares a cloud for {@link Demonstration} and puts everything away afterwards, also after Ctrl-C. */
@Command(name = "demo", description = {
    "Starts three nodes, counts the words of a file with the word-count sample, kills one node in the middle,",
    "and proves that the totals equal a plain count of the file."})
public final class DemoCommand extends CloudCommand {

    static final int NODES = 3;
    private static final long START_TIMEOUT_MILLIS = 120_000;
    private static final long STOP_TIMEOUT_MILLIS = 30_000;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "A text file (default: Lazuli's own LICENSE).")
    private Path file;

    @Option(names = "--keep", description = "Leave the cloud running afterwards.")
    private boolean keep;

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        Path home = Path.of(System.getProperty("lazuli.home", "."));
        Path text = file != null ? file : home.resolve("LICENSE");
        long lines = linesWithText(text);
        CloudDirectory cloud = newDirectory();
        Thread cleanUp = new Thread(() -> putAway(cloud), "put-demo-away");
        Runtime.getRuntime().addShutdownHook(cleanUp);
        boolean proved = false;
        try {
            console().print(console().bold("Lazuli") + " counts the words of " + text.getFileName() + " (" + lines
                    + " lines with text) on a cloud of three nodes, and kills one of them on the way.\n");
            StartArchive.recordIfMissing(console()::note);
            CloudStarter starter = new CloudStarter(cloud, NodeLauncher.shipped(Map.of()), console()::progress);
            int offset = PortPlan.freeOffset("127.0.0.1", NODES, 0).orElseThrow(() -> new CliException("no free ports"));
            CloudStarter.Result started = starter.start(OptionalInt.of(NODES), OptionalInt.of(offset), START_TIMEOUT_MILLIS);
            proved = new Demonstration(console(), home, started, text, lines).run();
            if (keep) {
                starter.start(OptionalInt.empty(), OptionalInt.empty(), START_TIMEOUT_MILLIS);
            }
            console().clearProgress();
        } finally {
            if (keep && !cloud.nodes().isEmpty()) {
                console().print("The cloud runs on; look at it with: lazuli ps --data " + cloud.root()
                        + "\nand stop it with: lazuli down --data " + cloud.root());
            } else {
                putAway(cloud);
            }
            Runtime.getRuntime().removeShutdownHook(cleanUp);
        }
        console().print("The whole demonstration took %.0f s.".formatted((System.nanoTime() - begin) / 1e9));
        return proved ? 0 : 1;
    }

    private CloudDirectory newDirectory() {
        if (main().givenData().isPresent()) {
            CloudDirectory cloud = new CloudDirectory(main().givenData().get());
            if (!cloud.nodes().isEmpty()) {
                throw new CliException("there is a cloud in " + cloud.root() + " already; the demonstration needs one of its own");
            }
            return cloud;
        }
        try {
            return new CloudDirectory(Files.createTempDirectory("lazuli-demo"));
        } catch (IOException e) {
            throw new CliException("cannot create a temporary directory: " + e.getMessage());
        }
    }

    private void putAway(CloudDirectory cloud) {
        console().progress("stopping the cloud");
        new CloudStopper(cloud, progress -> {}).stop(STOP_TIMEOUT_MILLIS);
        console().clearProgress();
        if (main().givenData().isPresent()) {
            return;
        }
        try (Stream<Path> files = Files.walk(cloud.root())) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            console().note("could not delete " + cloud.root() + ": " + e.getMessage());
        }
    }

    private static long linesWithText(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            long lines = reader.lines().filter(line -> !line.isBlank()).count();
            if (lines == 0) {
                throw new CliException(file + " has no text");
            }
            return lines;
        } catch (IOException e) {
            throw new CliException("cannot read " + file);
        }
    }
}
