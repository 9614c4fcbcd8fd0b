package io.lazuli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command asks the management API, and what it tells people and programs. */
class CommandLineTest {

    private static final String TWO_INSTANCES = """
            {"instances":[
             {"deployment":"wc","role":"counter","index":0,"node":"node-1","pid":11,"state":"Ready","restartCount":0,"sinceMillis":1,"lastError":null},
             {"deployment":"wc","role":"counter","index":1,"node":"node-2","pid":12,"state":"Cycling","restartCount":3,"sinceMillis":1,"lastError":"boom\\nat x"}]}""";

    private final StubAdmin admin = new StubAdmin();
    private final Socket closed = new Socket();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void stop() throws IOException {
        admin.close();
        closed.close();
    }

    @Test
    void psPrintsATableForPeople() {
        admin.answers("GET /instances", 200, TWO_INSTANCES);
        assertEquals(0, lazuli("ps"));
        List<String> lines = out().lines().toList();
        assertTrue(lines.getFirst().matches("INSTANCE +STATE +NODE +PID +RESTARTS +SINCE +LAST ERROR"), lines.getFirst());
        assertTrue(lines.get(2).matches("wc/counter/1 +Cycling +node-2 +12 +3 +[0-9]+d +boom"), lines.get(2));
    }

    @Test
    void psPrintsTheAnswerForPrograms() throws IOException {
        admin.answers("GET /instances", 200, TWO_INSTANCES);
        assertEquals(0, lazuli("ps", "--json"));
        assertEquals("Cycling", new ObjectMapper().readTree(out()).path("instances").path(1).path("state").asText());
    }

    @Test
    void psOfAnUnknownDeploymentFailsInOneLine() {
        admin.answers("GET /deployments/nope", 404, "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"there is no deployment nope\"}}");
        assertEquals(1, lazuli("ps", "nope"));
        assertEquals("lazuli: there is no deployment nope (DeploymentNotFound)\n", err());
    }

    @Test
    void aNodeThatDoesNotAnswerIsPassedOver() throws IOException {
        admin.answers("GET /queues", 200, "{\"queues\":[{\"name\":\"lines\",\"approximateMessageCount\":7}]}");
        assertEquals(0, run("queue", "list", "--endpoint", "http://127.0.0.1:" + closedPort(), "--endpoint", admin.url()));
        assertTrue(out().matches("(?s)QUEUE +MESSAGES\nlines +7\n"), out());
    }

    @Test
    void aNodeThatIsNotReadyIsPassedOver() {
        try (StubAdmin busy = new StubAdmin()) {
            busy.answers("POST /queues/q/messages", 503, "{\"error\":{\"code\":\"ServerBusy\",\"message\":\"later\"}}");
            admin.answers("POST /queues/q/messages", 201, "{\"id\":\"1\"}");
            assertEquals(0, run("queue", "put", "q", "hello", "--endpoint", busy.url(), "--endpoint", admin.url()));
        }
        assertEquals(List.of("POST /queues/q/messages {\"text\":\"hello\"}"), admin.requests());
    }

    @Test
    void noNodeAnswersIsSaidInOneLine() throws IOException {
        assertEquals(1, run("ps", "--endpoint", "http://127.0.0.1:" + closedPort()));
        assertEquals(1, err().lines().count());
        assertTrue(err().contains("answers"), err());
    }

    @Test
    void receivedMessagesArePrintedOneALine() {
        admin.answers(
                "POST /queues/q/receive?count=2&visibilityTimeoutSeconds=30&delete=true", 200,
                "{\"messages\":[{\"text\":\"one\"},{\"text\":\"two\"}]}");
        assertEquals(0, lazuli("queue", "get", "q", "-n", "2", "--delete"));
        assertEquals("one\ntwo\n", out());
    }

    @Test
    void deploySendsTheJarWithCountsAndSettings(@TempDir Path directory) throws IOException {
        Path jar = Files.writeString(directory.resolve("My-Roles-1.2.jar"), "jar");
        admin.answers("PUT /deployments/my-roles?count=counter%3D2&set=counter.key%3Da%20b", 201, "{\"name\":\"my-roles\"}")
                .answers("GET /deployments/my-roles", 200, "{\"roles\":[{\"name\":\"counter\",\"instances\":2,\"ready\":2}]}")
                .answers("GET /instances?deployment=my-roles", 200, TWO_INSTANCES);
        assertEquals(0, lazuli("deploy", jar.toString(), "--count", "counter=2", "--set", "counter.key=a b"));
        assertEquals("PUT /deployments/my-roles?count=counter%3D2&set=counter.key%3Da%20b jar", admin.requests().getFirst());
    }

    @Test
    void deployOfNothingNamesTheSamples() {
        assertEquals(1, lazuli("deploy", "no-such-thing"));
        assertTrue(err().startsWith("lazuli: there is no file and no sample 'no-such-thing'"), err());
    }

    @Test
    void scaleSendsEveryRole() {
        admin.answers("POST /deployments/wc/scale", 200, "{}")
                .answers("GET /deployments/wc", 200, "{\"roles\":[{\"instances\":2,\"ready\":2}]}")
                .answers("GET /instances?deployment=wc", 200, TWO_INSTANCES);
        assertEquals(0, lazuli("scale", "wc", "counter=2", "other=0"));
        assertEquals("POST /deployments/wc/scale {\"counter\":2,\"other\":0}", admin.requests().getFirst());
    }

    @Test
    void scaleToANumberThatIsNoneIsRefusedBeforeAnythingIsSent() {
        assertEquals(1, lazuli("scale", "wc", "counter=many"));
        assertEquals(List.of(), admin.requests());
    }

    @Test
    void restartNamesOneInstance() {
        admin.answers("POST /deployments/wc/instances/counter/1/restart", 202, "{}");
        assertEquals(0, lazuli("restart", "wc/counter/1"));
        assertEquals(1, lazuli("restart", "wc"));
    }

    @Test
    void logsOfAllInstancesNameTheInstanceInEachLine() {
        admin.answers("GET /deployments/wc", 200, "{}")
                .answers("GET /instances?deployment=wc", 200, TWO_INSTANCES)
                .answers("GET /deployments/wc/logs?instance=counter%2F0&offset=0&maxBytes=65536", 200, "{\"nextOffset\":4,\"text\":\"a\\nb\\n\"}")
                .answers("GET /deployments/wc/logs?instance=counter%2F0&offset=4&maxBytes=65536", 200, "{\"nextOffset\":4,\"text\":\"\"}")
                .answers("GET /deployments/wc/logs?instance=counter%2F1&offset=0&maxBytes=65536", 200, "{\"nextOffset\":2,\"text\":\"c\\n\"}")
                .answers("GET /deployments/wc/logs?instance=counter%2F1&offset=2&maxBytes=65536", 200, "{\"nextOffset\":2,\"text\":\"\"}");
        assertEquals(0, lazuli("logs", "wc"));
        assertEquals("counter/0 | a\ncounter/0 | b\ncounter/1 | c\n", out());
    }

    @Test
    void statusShowsNodesAndGroups() {
        admin.answers("GET /status", 200, """
                {"cloud":"lazuli","ready":true,"nodes":[{"id":"node-1","pid":5,"state":"up","roles":["storage"],"endpoints":{"queue":"http://h:1"}}],
                 "groups":[{"group":0,"leader":"node-1","term":2,"appliedIndex":9,"replicas":[{"node":"node-1","alive":true,"lagEntries":0}]}]}""");
        assertEquals(0, lazuli("status"));
        assertTrue(out().contains("node-1  5    up     storage"), out());
        assertTrue(out().contains("0      node-1  2     9        node-1 (0)"), out());
    }

    @Test
    void partitionsAreShownPageByPage() {
        admin.answers("GET /partitions", 200, """
                        {"ranges":[{"account":"shop","table":"orders","low":"","high":"a key that is too long to be shown","group":0,"node":"node-1","state":"live",
                         "entities":5,"bytes":1536,"writesPerSecond":1.25,"readsPerSecond":120.4}],"nextMarker":"shop/p"}""")
                .answers("GET /partitions?marker=shop%2Fp", 200, """
                        {"ranges":[{"account":"shop","table":"prices","low":"k","high":"","group":1,"node":null,"state":"moving",
                         "entities":0,"bytes":0,"writesPerSecond":0,"readsPerSecond":0}]}""");
        assertEquals(0, lazuli("status", "--partitions"));
        List<String> lines = out().lines().toList();
        assertTrue(lines.get(1).matches("shop +orders +- +a key that is too long … +live +0 +node-1 +5 +1.5 KiB +1.[23] +120"), lines.get(1));
        assertTrue(lines.get(2).matches("shop +prices +k +- +moving +1 +- +0 +0 B +0.0 +0.0"), lines.get(2));
    }

    @Test
    void statusWithoutACloudFails(@TempDir Path empty) {
        assertEquals(1, run("status", "--data", empty.toString()));
        assertTrue(err().contains("there is no cloud in " + empty), err());
    }

    @Test
    void anUnknownCommandIsRefusedWithAHint() {
        assertEquals(2, run("fly"));
        assertTrue(err().contains("--help"), err());
    }

    @Test
    void accountsAreListedPageByPage() {
        admin.answers("GET /accounts", 200, "{\"accounts\":[{\"name\":\"devstoreaccount1\",\"createdAtMillis\":0,\"state\":\"configured\"}],\"nextMarker\":\"s\"}")
                .answers("GET /accounts?marker=s", 200, "{\"accounts\":[{\"name\":\"shop\",\"createdAtMillis\":1700000000123,\"state\":\"active\"}]}");
        assertEquals(0, lazuli("account", "list"));
        List<String> lines = out().lines().toList();
        assertTrue(lines.get(1).matches("devstoreaccount1 +configured +-"), lines.get(1));
        assertTrue(lines.get(2).matches("shop +active +2023-11-14T22:13:20Z"), lines.get(2));
    }

    @Test
    void aNodeThatHasNotHeardOfAnAccountIsNamed() {
        admin.answers("PUT /accounts/shop", 201, "{\"name\":\"shop\",\"unconfirmedNodes\":[\"node-2\"]}");
        assertEquals(0, lazuli("account", "create", "shop"));
        assertEquals("Created shop.\n", out());
        assertTrue(err().startsWith("node-2 does not answer"), err());
    }

    @Test
    void aKeyIsRolledByItsNumber() {
        admin.answers("POST /accounts/shop/keys/2/roll", 200, "{}");
        assertEquals(0, lazuli("account", "roll-key", "shop", "2"));
        assertEquals(1, lazuli("account", "roll-key", "shop", "3"));
    }

    @Test
    void deletingAnAccountWaitsUntilItIsGone() {
        admin.answers("DELETE /accounts/shop", 202, "{}").answers("GET /accounts", 200, "{\"accounts\":[]}");
        assertEquals(0, lazuli("account", "delete", "shop"));
        assertEquals(List.of("DELETE /accounts/shop", "GET /accounts"), admin.requests());
    }

    @Test
    void anAccountThatHoldsWhatBecameImmutableIsNotSaidToBeDeleted() {
        admin.answers("DELETE /accounts/shop", 202, "{}").answers("GET /accounts", 200, "{\"accounts\":[{\"name\":\"shop\",\"state\":\"active\"}]}");
        assertEquals(1, lazuli("account", "delete", "shop"));
    }

    @Test
    void aConnectionStringNamesTheEndpointsOfOneNode() {
        admin.answers("GET /accounts/shop/keys", 200, "{\"name\":\"shop\",\"key1\":\"a2V5MQ==\"}")
                .answers("GET /status", 200, """
                        {"nodes":[{"id":"node-1","state":"down","endpoints":{"queue":"http://h:1","table":"http://h:2"}},
                         {"id":"node-2","state":"up","endpoints":{"queue":"http://h:3","table":"http://h:4"}}]}""");
        assertEquals(0, lazuli("account", "connection-string", "shop"));
        assertEquals("DefaultEndpointsProtocol=http;AccountName=shop;AccountKey=a2V5MQ==;QueueEndpoint=http://h:3/shop;"
                + "TableEndpoint=http://h:4/shop;\n", out());
        out.reset();
        assertEquals(0, lazuli("account", "connection-string", "shop", "--node", "node-1"));
        assertTrue(out().contains("QueueEndpoint=http://h:1/shop;"), out());
        assertEquals(1, lazuli("account", "connection-string", "shop", "--node", "node-9"));
        assertEquals(1, lazuli("account", "connection-string", "shop", "--key", "2"));
    }

    private int lazuli(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--endpoint", admin.url()));
        return run(line.toArray(String[]::new));
    }

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false, 80);
        return Main.run(console, arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Bound, so that nobody else gets it, and not listened on. */
    private int closedPort() throws IOException {
        closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return closed.getLocalPort();
    }
}
