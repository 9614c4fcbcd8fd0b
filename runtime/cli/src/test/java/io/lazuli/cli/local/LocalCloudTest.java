package io.lazuli.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the processes of a cloud are started, found again and stopped; small processes stand in for nodes. */
class LocalCloudTest {

    private static final long TIMEOUT_MILLIS = 180_000;

    @TempDir
    private Path root;
    private CloudDirectory cloud;
    private int offset;

    @BeforeEach
    void findPorts() {
        cloud = new CloudDirectory(root.resolve("cloud"));
        offset = PortPlan.freeOffset("127.0.0.1", 3, 100 * ThreadLocalRandom.current().nextInt(40, 60)).orElseThrow();
    }

    @AfterEach
    void stop() {
        stopper().stop(TIMEOUT_MILLIS);
    }

    @Test
    void theFirstNodeFormsTheCloudAndTheOthersJoin() throws IOException {
        CloudStarter.Result result = up(2);
        assertEquals(List.of("node-1", "node-2"), ids(result.started()));
        assertEquals("--form", arguments("node-1"));
        assertEquals("--join 127.0.0.1:" + (25_520 + offset), arguments("node-2"));
    }

    @Test
    void aRunningCloudIsLeftAlone() {
        List<Long> before = pids(up(2).nodes());
        CloudStarter.Result again = starter().start(OptionalInt.empty(), OptionalInt.empty(), TIMEOUT_MILLIS);
        assertEquals(List.of(), again.started());
        assertEquals(before, pids(again.nodes()));
    }

    @Test
    void aKilledNodeIsStartedAgainAndJoinsTheOthers() throws IOException {
        LocalNode first = up(2).nodes().getFirst();
        ProcessHandle killed = first.process().orElseThrow();
        killed.destroyForcibly();
        Processes.awaitEnd(List.of(killed), TIMEOUT_MILLIS);
        assertEquals(Optional.empty(), first.process());
        assertEquals(List.of("node-1"), ids(starter().start(OptionalInt.empty(), OptionalInt.empty(), TIMEOUT_MILLIS).started()));
        assertEquals("--join 127.0.0.1:" + (25_620 + offset), arguments("node-1"));
    }

    @Test
    void aNodeWhoseDirectoryIsLostJoinsThoseThatHaveTheirs() throws IOException {
        LocalNode first = up(2).nodes().getFirst();
        stopper().stop(TIMEOUT_MILLIS);
        Files.move(first.directory(), root.resolve("lost"));
        starter().start(OptionalInt.of(2), OptionalInt.empty(), TIMEOUT_MILLIS);
        assertEquals("--form", arguments("node-2"));
        assertEquals("--join 127.0.0.1:" + (25_620 + offset), arguments("node-1"));
    }

    @Test
    void aCloudGrowsButDoesNotShrink() {
        up(1);
        assertEquals(List.of("node-2"), ids(starter().start(OptionalInt.of(2), OptionalInt.empty(), TIMEOUT_MILLIS).started()));
        CliException refused = assertThrows(
                CliException.class, () -> starter().start(OptionalInt.of(1), OptionalInt.empty(), TIMEOUT_MILLIS));
        assertTrue(refused.getMessage().contains("has 2 nodes, not 1"), refused.getMessage());
        CliException moved = assertThrows(
                CliException.class, () -> starter().start(OptionalInt.empty(), OptionalInt.of(offset + 1), TIMEOUT_MILLIS));
        assertTrue(moved.getMessage().contains("port offset " + offset), moved.getMessage());
    }

    @Test
    @SuppressWarnings("try") // the port is only held
    void aPortInUseIsNamedAndNothingIsStarted() throws IOException {
        try (ServerSocket ignored = new ServerSocket(10_101 + offset, 1, InetAddress.getLoopbackAddress())) {
            CliException refused = assertThrows(CliException.class, () -> up(2));
            assertTrue(refused.getMessage().contains("port " + (10_101 + offset) + " (queue of node-2)"), refused.getMessage());
        }
        assertEquals(List.of(), cloud.nodes());
    }

    @Test
    void aCloudThatDoesNotStartSaysWhyAndLeavesNothing() throws IOException {
        Files.createDirectories(cloud.root());
        Files.createFile(cloud.root().resolve("refuse"));
        CliException failed = assertThrows(CliException.class, () -> up(2));
        assertTrue(failed.getMessage().contains("lazuli.mode must be one of"), failed.getMessage());
        assertEquals(List.of(), cloud.nodes());
        Files.delete(cloud.root().resolve("refuse"));
        assertEquals(1, up(1).nodes().size());
    }

    @Test
    void downStopsEveryNodeAndForgetsTheProcesses() {
        List<LocalNode> nodes = up(2).nodes();
        CloudStopper.Result stopped = stopper().stop(TIMEOUT_MILLIS);
        assertEquals(List.of("node-2", "node-1"), ids(stopped.stopped()));
        assertEquals(List.of(), stopped.killed());
        nodes.forEach(node -> assertFalse(Files.exists(node.directory().resolve("node.pid"))));
        assertEquals(List.of(), stopper().stop(TIMEOUT_MILLIS).stopped());
    }

    @Test
    void anotherProcessWithARememberedIdIsNotTheNode() throws IOException {
        LocalNode node = cloud.add(1, PortPlan.ports(1, offset));
        Files.writeString(node.directory().resolve("node.pid"), ProcessHandle.current().pid() + " 1000\n");
        assertEquals(Optional.empty(), node.process());
        node.remember(ProcessHandle.current());
        assertEquals(Optional.of(ProcessHandle.current()), node.process());
        node.forgetProcess();
    }

    @Test
    void whatAnOwnerChangesInNodeConfIsKept() throws IOException {
        LocalNode node = cloud.add(1, PortPlan.ports(1, offset));
        Files.writeString(node.confFile(), Files.readString(node.confFile()) + "\nlazuli.ports.queue = 4711\n");
        assertEquals(4711, cloud.nodes().getFirst().conf().ports().get("queue"));
        assertEquals("http://127.0.0.1:4711", cloud.nodes().getFirst().conf().endpoints().get("queue"));
    }

    private CloudStarter.Result up(int nodes) {
        return starter().start(OptionalInt.of(nodes), OptionalInt.of(offset), TIMEOUT_MILLIS);
    }

    private CloudStarter starter() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java, "-XX:TieredStopAtLevel=1", "-Xmx32m", "-cp", System.getProperty("java.class.path"), FakeNode.class.getName());
        return new CloudStarter(cloud, new NodeLauncher(command, Map.of()), progress -> {});
    }

    private CloudStopper stopper() {
        return new CloudStopper(cloud, progress -> {});
    }

    private String arguments(String id) throws IOException {
        return Files.readString(cloud.root().resolve(id).resolve("arguments"));
    }

    private static List<String> ids(List<LocalNode> nodes) {
        return nodes.stream().map(LocalNode::id).toList();
    }

    private static List<Long> pids(List<LocalNode> nodes) {
        return nodes.stream().map(node -> node.process().orElseThrow().pid()).toList();
    }
}
