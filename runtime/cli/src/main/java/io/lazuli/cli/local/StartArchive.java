package io.lazuli.cli.local;

import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The class data archive from which nodes start two to three times faster. It fits one distribution and one JDK, so it is
 * recorded on the machine: a node of a throw-away cloud is started, used a little and stopped. Nodes start without it too,
 * so nothing here may fail a command.
 */
public final class StartArchive {

    private static final String NAME = "node.jsa";
    /** Away from the ports of the clouds that are started by hand. */
    private static final int REHEARSAL_PORT_OFFSET = 5_000;
    private static final long READY_TIMEOUT_MILLIS = 60_000;
    /** Writing the archive comes after the node's own stop. */
    private static final long STOP_TIMEOUT_MILLIS = 60_000;

    private StartArchive() {}

    /** @param note is told, in a line for people, that it takes a moment */
    public static void recordIfMissing(Consumer<String> note) {
        String directory = System.getProperty("lazuli.archives");
        String home = System.getProperty("lazuli.home");
        if (directory == null || home == null) {
            return;
        }
        Path archive = Path.of(directory, NAME);
        try (FileChannel lock = FileChannel.open(
                Path.of(directory, "lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null || isCurrent(archive, Path.of(home, "lib"))) {
                return;
            }
            note.accept("lazuli: preparing fast starts for this JDK (once)");
            record(archive);
        } catch (IOException | UncheckedIOException | CliException e) {
            note.accept("lazuli: no archive for fast starts: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static boolean isCurrent(Path archive, Path libraries) throws IOException {
        if (!Files.exists(archive)) {
            return false;
        }
        long archivedAtMillis = Files.getLastModifiedTime(archive).toMillis();
        try (Stream<Path> files = Files.list(libraries)) {
            return files.allMatch(file -> file.toFile().lastModified() <= archivedAtMillis);
        }
    }

    private static void record(Path archive) throws IOException {
        Path directory = Files.createTempDirectory("lazuli-rehearsal");
        Path fresh = archive.resolveSibling(NAME + "." + ProcessHandle.current().pid());
        try {
            CloudDirectory cloud = new CloudDirectory(directory);
            int offset = PortPlan.freeOffset("127.0.0.1", 1, REHEARSAL_PORT_OFFSET).orElseThrow(() -> new CliException("no free ports"));
            NodeLauncher launcher = NodeLauncher.shipped(Map.of("LAZULI_RECORD_ARCHIVE", fresh.toString()));
            CloudStopper.Result stopped;
            try {
                LocalNode node = new CloudStarter(cloud, launcher, progress -> {})
                        .start(OptionalInt.of(1), OptionalInt.of(offset), READY_TIMEOUT_MILLIS).nodes().getFirst();
                use(CloudDirectory.admin(List.of(node), directory.toString()));
            } finally {
                stopped = new CloudStopper(cloud, progress -> {}).stop(STOP_TIMEOUT_MILLIS);
            }
            if (stopped.killed().isEmpty() && Files.exists(fresh)) {
                Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(fresh);
            delete(directory);
        }
    }

    private static void use(AdminClient admin) {
        try {
            admin.get("/status");
            admin.put("/queues/rehearsal");
            admin.post("/queues/rehearsal/messages", Map.of("text", "rehearsal"));
            admin.post("/queues/rehearsal/receive?count=1&visibilityTimeoutSeconds=30&delete=true", Map.of());
            admin.get("/instances");
        } catch (AdminException e) {
            throw new CliException("the rehearsal went wrong: " + e.getMessage());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
