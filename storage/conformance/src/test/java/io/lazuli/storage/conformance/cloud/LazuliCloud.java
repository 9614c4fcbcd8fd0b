package io.lazuli.storage.conformance.cloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.local.CloudDirectory;
import io.lazuli.cli.local.LocalNode;
import io.lazuli.cli.local.PortPlan;
import io.lazuli.cli.local.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real cloud for a test: processes of their own, started, asked and stopped through the shipped launcher as a user does,
 * in a directory and on ports of their own. Nodes can be killed, paused and continued. Closing stops everything; the
 * directory is kept, and its place printed, if the test called {@link #keepLogs()}.
 */
public final class LazuliCloud implements AutoCloseable {

    /** The published account of development mode. */
    public static final String ACCOUNT = "devstoreaccount1";
    public static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /** As many groups as on machines of their own, so that every node leads one. Nodes that live for minutes are not worth the better compiler. */
    private static final String NODE_OPTIONS = "-Dlazuli.store.max-groups=3 -XX:TieredStopAtLevel=1";
    private static final int COMMAND_TIMEOUT_SECONDS = 600;
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(15);
    private static final int PORT_ATTEMPTS = 5;
    /** Away from the ports of a cloud that a developer may have running. */
    private static final int FIRST_PORT_OFFSET = 900;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path launcher;
    private final Path data;
    private final int nodes;
    private final String nodeOptions;
    private boolean keepLogs;

    private LazuliCloud(Path launcher, Path data, int nodes, String nodeOptions) {
        this.launcher = launcher;
        this.data = data;
        this.nodes = nodes;
        this.nodeOptions = nodeOptions;
    }

    /** Starts a new cloud and returns when it is ready. */
    public static LazuliCloud start(int nodes) {
        return start(nodes, "");
    }

    public static LazuliCloud start(int nodes, String options) {
        return start(nodes, FIRST_PORT_OFFSET, options);
    }

    /**
     * Starts a new cloud and returns when it is ready.
     *
     * @param firstPortOffset where free ports are searched
     * @param options of the nodes' JVMs, e.g. {@code -Dlazuli.partition.table-directory.split-bytes=65536}; may be empty
     */
    public static LazuliCloud start(int nodes, int firstPortOffset, String options) {
        Path launcher = launcher();
        try {
            LazuliCloud cloud = new LazuliCloud(launcher, Files.createTempDirectory("lazuli-cloud"), nodes, (NODE_OPTIONS + " " + options).strip());
            cloud.startOnFreePorts(firstPortOffset);
            return cloud;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startOnFreePorts(int firstOffset) {
        int offset = firstOffset;
        for (int attempt = 1; ; attempt++) {
            offset = PortPlan.freeOffset("127.0.0.1", nodes, offset).orElseThrow(() -> new IllegalStateException("no free ports"));
            Output up = run("up", "--nodes", Integer.toString(nodes), "--port-offset", Integer.toString(offset));
            if (up.status() == 0) {
                return;
            }
            if (attempt == PORT_ATTEMPTS || !up.error().contains("in use")) {
                close();
                throw new AssertionError("the cloud did not start:\n" + up.error());
            }
            offset += 100 * nodes;
        }
    }

    /** @param status the exit status; @param text standard output; @param error standard error */
    public record Output(int status, String text, String error) {

        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + text, e);
            }
        }
    }

    /** Runs a command of the command line on this cloud, whatever its exit status. */
    public Output run(String... arguments) {
        List<String> line = new ArrayList<>(List.of(launcher.toString()));
        line.addAll(List.of(arguments));
        line.add("--data");
        line.add(data.toString());
        try {
            Path out = Files.createTempFile("lazuli", ".out");
            Path err = Files.createTempFile("lazuli", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
                builder.environment().put("LAZULI_NODE_OPTS", nodeOptions);
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(COMMAND_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(String.join(" ", arguments) + " did not end within " + COMMAND_TIMEOUT_SECONDS + " s");
                }
                return new Output(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs a command that must succeed. */
    public Output command(String... arguments) {
        Output output = run(arguments);
        if (output.status() != 0) {
            throw new AssertionError("lazuli " + String.join(" ", arguments) + " ended with " + output.status() + ":\n" + output.error());
        }
        return output;
    }

    public JsonNode status() {
        return command("status", "--json").json();
    }

    /** The ranges of all tables, as the cloud knows them now. */
    public JsonNode ranges() {
        return command("status", "--partitions", "--json").json();
    }

    public Path data() {
        return data;
    }

    /** Ids in their order: {@code node-1} first. */
    public List<String> nodeIds() {
        return Stream.iterate(1, number -> number + 1).limit(nodes).map(number -> "node-" + number).toList();
    }

    /** The URL of a node's queue service, without the account. */
    public String queueEndpoint(String nodeId) {
        return node(nodeId).path("endpoints").path("queue").asText();
    }

    /** The URL of a node's table service, without the account. */
    public String tableEndpoint(String nodeId) {
        return node(nodeId).path("endpoints").path("table").asText();
    }

    /** The URL of a node's blob service, without the account. */
    public String blobEndpoint(String nodeId) {
        return node(nodeId).path("endpoints").path("blob").asText();
    }

    public String adminEndpoint(String nodeId) {
        return node(nodeId).path("endpoints").path("admin").asText();
    }

    /** What an Azure SDK is given to use this node's services. */
    public String connectionString(String nodeId) {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + ACCOUNT_KEY
                + ";BlobEndpoint=" + blobEndpoint(nodeId) + "/" + ACCOUNT
                + ";QueueEndpoint=" + queueEndpoint(nodeId) + "/" + ACCOUNT
                + ";TableEndpoint=" + tableEndpoint(nodeId) + "/" + ACCOUNT + ";";
    }

    /** For reports: the numbers of the store's groups that a node leads, e.g. {@code [0, 2]}. */
    public String groupsLedBy(String nodeId) {
        List<Integer> led = new ArrayList<>();
        askedStatus().map(status -> status.path("groups")).orElse(JSON.createArrayNode()).forEach(group -> {
            if (group.path("leader").asText("").equals(nodeId)) {
                led.add(group.path("group").asInt());
            }
        });
        return led.toString();
    }

    public long pid(String nodeId) {
        return new CloudDirectory(data).nodes().stream().filter(node -> node.id().equals(nodeId)).findAny()
                .flatMap(LocalNode::process).map(ProcessHandle::pid)
                .orElseThrow(() -> new AssertionError(nodeId + " does not run"));
    }

    private JsonNode node(String nodeId) {
        for (JsonNode node : status().path("nodes")) {
            if (node.path("id").asText().equals(nodeId)) {
                return node;
            }
        }
        throw new AssertionError("there is no " + nodeId);
    }

    /** SIGKILL, and returns when the process is gone. */
    public void kill(String nodeId) {
        ProcessHandle process = ProcessHandle.of(pid(nodeId)).orElseThrow();
        process.destroyForcibly();
        while (Processes.isRunning(process)) {
            Processes.pause();
        }
    }

    /** SIGSTOP: the process stands still, its connections stay open. */
    public void pause(long pid) {
        signal("STOP", pid);
    }

    /** SIGCONT. */
    public void resume(long pid) {
        signal("CONT", pid);
    }

    private static void signal(String name, long pid) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
            if (status != 0) {
                throw new AssertionError("kill -" + name + " " + pid + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Starts what is missing and returns when every node is ready. */
    public void up() {
        command("up");
    }

    /** Starts again what has ended, and returns when every node and every replica of the store is there. */
    public void awaitWhole(long timeoutMillis) {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        Optional<JsonNode> status = Optional.empty();
        up();
        while (System.nanoTime() - deadline < 0) {
            if (processes().size() < nodes) {
                up();
            }
            status = askedStatus();
            if (status.filter(this::isWhole).isPresent()) {
                return;
            }
            Processes.pause();
        }
        throw new AssertionError("not whole after " + timeoutMillis + " ms: " + status);
    }

    /**
     * Returns when every node has read all its bytes of blobs again, and compared with the others, since this was called, and lacks none: only
     * then may the next node lose its own. The clouds that wait for it should scrub and compare often.
     */
    public void awaitBlobsWhole(long timeoutMillis) {
        long sinceMillis = System.currentTimeMillis();
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        Optional<JsonNode> chunks = Optional.empty();
        while (System.nanoTime() - deadline < 0) {
            chunks = asked("/chunks");
            if (chunks.filter(all -> areBlobsWhole(all, sinceMillis)).isPresent()) {
                System.out.println("bytes of blobs: " + chunks.get());
                return;
            }
            Processes.pause();
        }
        throw new AssertionError("bytes of blobs not whole after " + timeoutMillis + " ms: " + chunks);
    }

    private boolean areBlobsWhole(JsonNode chunks, long sinceMillis) {
        for (JsonNode node : chunks.path("nodes")) {
            if (node.path("missingChunks").asLong(1) > 0 || node.path("damagedChunks").asLong(1) > 0
                    || node.path("comparedAtMillis").asLong() < sinceMillis || node.path("scrubbedAtMillis").asLong() < sinceMillis) {
                return false;
            }
        }
        return chunks.path("nodes").size() == nodes;
    }

    private Optional<JsonNode> askedStatus() {
        return asked("/status");
    }

    /** Of the management API, without a process for it; empty if no node answers. */
    private Optional<JsonNode> asked(String path) {
        CloudDirectory directory = new CloudDirectory(data);
        try {
            return Optional.of(CloudDirectory.admin(directory.nodes(), data.toString()).impatient(STATUS_TIMEOUT).get(path));
        } catch (AdminException | CliException e) {
            return Optional.empty();
        }
    }

    /** Whether a status tells of every node, and of every group's leader and replicas, that it is there. */
    boolean isWhole(JsonNode status) {
        if (status.path("nodes").size() < nodes) {
            return false;
        }
        for (JsonNode node : status.path("nodes")) {
            if (!node.path("state").asText().equals("up")) {
                return false;
            }
        }
        for (JsonNode group : status.path("groups")) {
            if (group.path("leader").isNull() || group.path("replicas").size() < Math.min(3, nodes)) {
                return false;
            }
            for (JsonNode replica : group.path("replicas")) {
                if (!replica.path("alive").asBoolean()) {
                    return false;
                }
            }
        }
        return status.path("groups").size() > 0;
    }

    /** From now on {@link #close()} leaves the directory with the nodes' logs: for a test that may fail. */
    public void keepLogs() {
        keepLogs = true;
    }

    /** The test went well: {@link #close()} deletes the directory. */
    public void deleteLogs() {
        keepLogs = false;
    }

    @Override
    public void close() {
        for (ProcessHandle process : processes()) {
            signal("CONT", process.pid());
        }
        Output down = run("down");
        boolean failed = down.status() != 0 && !down.error().contains("there is no cloud");
        if (failed || keepLogs) {
            System.out.println("the cloud's directory is kept: " + data + (failed ? "; down said: " + down.error() : ""));
        } else {
            delete(data);
        }
    }

    private List<ProcessHandle> processes() {
        return new CloudDirectory(data).nodes().stream().flatMap(node -> node.process().stream()).toList();
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path launcher() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            Path launcher = directory.resolve("runtime/bin/lazuli");
            if (Files.isExecutable(launcher)) {
                if (!Files.exists(directory.resolve("runtime/node/target/lazuli/built"))) {
                    throw new AssertionError("the distribution is not built; run 'mvn verify' or 'runtime/bin/lazuli build'");
                }
                return launcher;
            }
        }
        throw new AssertionError("runtime/bin/lazuli not found above " + Path.of("").toAbsolutePath());
    }
}
