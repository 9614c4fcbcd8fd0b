package io.lazuli.storage.conformance.cloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a user meets it: one cloud, from {@code up} to {@code down}, through the shipped launcher. */
class CommandLineIT {

    private static final long PATIENCE_MILLIS = 300_000;

    @Test
    void aUserStartsUsesBreaksAndStopsACloud(@TempDir Path files) throws IOException, InterruptedException {
        LazuliCloud cloud = LazuliCloud.start(3);
        try (cloud) {
            cloud.keepLogs();
            statusNamesEveryNodeAndGroup(cloud);
            queuesTakeAndGiveMessages(cloud);
            blobsArePutListedComparedAndRemoved(cloud, files);
            rulesForAgesAreSetShownAndCleared(cloud, files);
            rolesAreDeployedScaledRestartedAndRemoved(cloud);
            wrongUseIsRefusedInOneLine(cloud);
            aRunningCloudIsLeftAloneAndAKilledNodeStartsAgain(cloud);
            downStopsItWholeAndUpFindsTheDataAgain(cloud);
            cloud.deleteLogs();
        }
    }

    private static void statusNamesEveryNodeAndGroup(LazuliCloud cloud) {
        JsonNode status = wholeStatus(cloud);
        assertEquals(3, status.path("nodes").size());
        for (JsonNode node : status.path("nodes")) {
            assertEquals("up", node.path("state").asText(), node.toString());
            assertTrue(ProcessHandle.of(node.path("pid").asLong()).isPresent(), node.toString());
            assertTrue(node.path("roles").size() > 0, node.toString());
            for (String endpoint : Set.of("queue", "blob", "admin", "cluster", "raft")) {
                assertTrue(node.path("endpoints").has(endpoint), node.toString());
            }
        }
        assertTrue(status.path("groups").size() > 0, status.toString());
        for (JsonNode group : status.path("groups")) {
            assertEquals(3, group.path("replicas").size(), group.toString());
        }
        assertTrue(cloud.command("status").text().contains("node-3"));
    }

    /** Leaderships are still spread over the nodes when the cloud is ready, and of a group that is changing its leader nobody tells the replicas. */
    private static JsonNode wholeStatus(LazuliCloud cloud) {
        AtomicReference<JsonNode> status = new AtomicReference<>();
        await("the cloud is whole", () -> {
            status.set(cloud.status());
            return cloud.isWhole(status.get());
        });
        return status.get();
    }

    private static void queuesTakeAndGiveMessages(LazuliCloud cloud) {
        cloud.command("queue", "create", "letters");
        cloud.command("queue", "put", "letters", "first");
        cloud.command("queue", "put", "letters", "second <&> ünïcode");
        assertEquals("first\n", cloud.command("queue", "peek", "letters").text());
        assertEquals("first\n", cloud.command("queue", "get", "letters", "--delete").text());
        JsonNode rest = cloud.command("queue", "get", "letters", "-n", "32", "--json").json();
        assertEquals(1, rest.path("messages").size());
        assertEquals("second <&> ünïcode", rest.path("messages").path(0).path("text").asText());
        assertTrue(cloud.command("queue", "list").text().contains("letters"));
    }

    private static void blobsArePutListedComparedAndRemoved(LazuliCloud cloud, Path files) throws IOException, InterruptedException {
        byte[] large = new byte[(9 << 20) + 7];
        new Random(7).nextBytes(large);
        Map<String, byte[]> contents = Map.of(
                "empty", new byte[0], "a b/ünïcode %+&.txt", "some text".getBytes(StandardCharsets.UTF_8), "deep/er/and/deeper/large.bin", large);
        Path source = files.resolve("tree");
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            Files.createDirectories(source.resolve(content.getKey()).getParent());
            Files.write(source.resolve(content.getKey()), content.getValue());
        }
        cloud.command("blob", "put", source.toString(), "photos");
        String list = cloud.command("blob", "list", "photos", "-r").text();
        contents.keySet().forEach(name -> assertTrue(list.contains("tree/" + name), list));
        String top = cloud.command("blob", "list", "photos/tree/").text();
        assertTrue(top.contains("tree/deep/") && top.contains("tree/empty") && !top.contains("large.bin"), top);

        Path back = files.resolve("back");
        cloud.command("blob", "get", "photos/tree/", back.toString());
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            assertArrayEquals(content.getValue(), Files.readAllBytes(back.resolve(content.getKey())), content.getKey());
        }
        try (Stream<Path> all = Files.walk(back)) {
            assertEquals(contents.size(), all.filter(Files::isRegularFile).count(), "nothing but what was asked for");
        }

        cloud.command("blob", "cp", "photos/tree/a b/ünïcode %+&.txt", "copies/text");
        String url = cloud.command("blob", "url", "copies/text").text().strip();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertEquals("some text", http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString()).body());
            assertEquals(403, http.send(HttpRequest.newBuilder(URI.create(url + "x")).build(), BodyHandlers.discarding()).statusCode());
        }

        cloud.command("blob", "rm", "copies/text");
        assertEquals("Deleted 3 blobs.", cloud.command("blob", "rm", "photos/tree/", "-r").text().strip());
        for (String[] wrong : new String[][] {
            {"blob", "get", "copies/text", back.toString()}, {"blob", "get", "photos/tree/", back.toString()}, {"blob", "rm", "copies/text"},
            {"blob", "rm", "photos/tree/"}, {"blob", "list", "no-such-container"}, {"blob", "put", files.resolve("nothing").toString(), "photos"},
            {"blob", "cp", "photos/nothing", "copies/x"}
        }) {
            assertRefusedInOneLine(cloud, wrong);
        }
    }

    private static void rulesForAgesAreSetShownAndCleared(LazuliCloud cloud, Path files) throws IOException {
        String account = LazuliCloud.ACCOUNT;
        Path policy = files.resolve("policy.json");
        Files.writeString(policy, """
                {"rules": [{"name": "old", "type": "Lifecycle", "definition": {"filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["photos/"]},
                 "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 9}}}}}]}""");
        cloud.command("account", "lifecycle", account, "--set", policy.toString());
        JsonNode rule = cloud.command("account", "lifecycle", account).json().path("rules").path(0);
        assertEquals(9, rule.path("definition").path("actions").path("baseBlob").path("delete").path("daysAfterModificationGreaterThan").asInt());
        Files.writeString(policy, "{\"rules\": []}");
        assertRefusedInOneLine(cloud, "account", "lifecycle", account, "--set", policy.toString());
        cloud.command("account", "lifecycle", account, "--clear");
        assertEquals(0, cloud.command("account", "lifecycle", account).json().path("rules").size());
    }

    private static void rolesAreDeployedScaledRestartedAndRemoved(LazuliCloud cloud) {
        cloud.command("deploy", "word-count", "--name", "wc", "--count", "counter=3");
        JsonNode instances = instances(cloud);
        assertEquals(3, instances.size());
        Set<String> nodes = new HashSet<>();
        instances.forEach(instance -> nodes.add(instance.path("node").asText()));
        assertEquals(3, nodes.size(), "spread over the nodes: " + instances);

        cloud.command("scale", "wc", "counter=2");
        assertEquals(2, instances(cloud).size());
        long sinceMillis = instances(cloud).path(0).path("sinceMillis").asLong();
        cloud.command("restart", "wc/counter/0");
        assertNotEquals(0, sinceMillis);
        cloud.command("logs", "wc");
        cloud.command("rm", "wc");
        assertEquals(1, cloud.run("ps", "wc").status());
    }

    private static JsonNode instances(LazuliCloud cloud) {
        return cloud.command("ps", "wc", "--json").json().path("instances");
    }

    private static void wrongUseIsRefusedInOneLine(LazuliCloud cloud) {
        for (String[] wrong : new String[][] {
            {"deploy", "no-such-sample"}, {"rm", "nobody"}, {"scale", "nobody", "x=1"}, {"queue", "peek", "no-such-queue"},
            {"queue", "put", "Not_A_Name", "x"}, {"up", "--nodes", "1"}, {"up", "--port-offset", "7"}, {"restart", "nobody/x/0"}
        }) {
            assertRefusedInOneLine(cloud, wrong);
        }
    }

    private static void assertRefusedInOneLine(LazuliCloud cloud, String... wrong) {
        LazuliCloud.Output output = cloud.run(wrong);
        assertEquals(1, output.status(), String.join(" ", wrong));
        assertEquals(1, output.error().strip().lines().count(), String.join(" ", wrong) + ": " + output.error());
    }

    private static void aRunningCloudIsLeftAloneAndAKilledNodeStartsAgain(LazuliCloud cloud) {
        long first = cloud.pid("node-1");
        long second = cloud.pid("node-2");
        cloud.up();
        assertEquals(second, cloud.pid("node-2"));
        cloud.kill("node-2");
        await("a node that is left answers for it", () -> cloud.run("queue", "list").text().contains("letters"));
        await("the killed node is known to be down", () -> cloud.status().path("nodes").path(1).path("state").asText().equals("down"));
        cloud.up();
        assertNotEquals(second, cloud.pid("node-2"));
        assertEquals(first, cloud.pid("node-1"));
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS), () -> "waited too long until " + what);
        }
    }

    private static void downStopsItWholeAndUpFindsTheDataAgain(LazuliCloud cloud) {
        await("the queue's place is found again after the kill", () -> cloud.run("queue", "put", "letters", "kept").status() == 0);
        cloud.command("down");
        cloud.status().path("nodes").forEach(node -> assertEquals("down", node.path("state").asText()));
        try (var processes = ProcessHandle.allProcesses()) {
            assertEquals(0, processes.filter(process -> process.info().commandLine()
                    .filter(line -> line.contains(cloud.data() + "/")).isPresent()).count(), "processes left behind");
        }
        assertTrue(Files.exists(cloud.data().resolve("node-1/node.conf")));
        cloud.up();
        assertTrue(cloud.command("queue", "peek", "letters", "-n", "32").text().contains("kept"));
    }
}
