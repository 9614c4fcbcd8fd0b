package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.SettingsException;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edge at the level of bytes, in front of a protocol that echoes, fails or waits as its path says. */
class HttpEdgeTest {

    private static final int MAX_BODY_BYTES = 1000;

    private static Vertx vertx;

    private final BlockingQueue<CompletableFuture<Reply>> waiting = new LinkedBlockingQueue<>();
    private final Set<String> loopThreads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger planned = new AtomicInteger();
    private HttpEdge edge;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        if (edge != null) {
            waiting.forEach(reply -> reply.complete(Reply.empty(200)));
            edge.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private final class EchoProtocol implements StorageProtocol {

        @Override
        public StorageService service() {
            return StorageService.QUEUE;
        }

        @Override
        public String serverName() {
            return "Echo/1.0";
        }

        @Override
        public PlannedRequest plan(ServiceRequest request) {
            loopThreads.add(Thread.currentThread().getName());
            String what = request.segments().isEmpty() ? "echo" : request.segments().get(0);
            return switch (what) {
                case "refuse" -> throw new StorageException(StorageErrorCode.AUTHENTICATION_FAILED);
                case "break" -> throw new IllegalStateException("secret");
                case "large" -> {
                    planned.incrementAndGet();
                    yield new PlannedRequest(0, body -> done(Reply.xml(200, new byte[1 << 20])));
                }
                case "batch" -> new PlannedRequest(0, 1 << 20, body -> {
                    CompletableFuture<Reply> reply = new CompletableFuture<>();
                    waiting.add(reply);
                    return reply;
                });
                case "none" -> new PlannedRequest(0, body -> done(Reply.empty(204)));
                case "fail" -> new PlannedRequest(0, body -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
                case "wait", "huge" -> new PlannedRequest(0, body -> {
                    CompletableFuture<Reply> reply = new CompletableFuture<>();
                    waiting.add(reply);
                    return reply;
                });
                default -> new PlannedRequest(MAX_BODY_BYTES, body -> done(Reply.xml(200,
                        (request.account() + request.segments() + body.length + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8))));
            };
        }

        @Override
        public CompletionStage<Reply> withCors(ServiceRequest request, Reply reply) {
            return done(reply.header("x-cors", "yes"));
        }

        private static CompletionStage<Reply> done(Reply reply) {
            return CompletableFuture.completedFuture(reply);
        }
    }

    private WireClient start(String overrides) throws Exception {
        Config config = ConfigFactory.parseString("lazuli.http { " + overrides + " }").withFallback(ConfigFactory.load());
        edge = HttpEdge.start(vertx, HttpEdgeSettings.of(config), "127.0.0.1", 0, EchoProtocol::new, Clock.system())
                .toCompletableFuture().get(30, TimeUnit.SECONDS);
        return new WireClient(edge.port());
    }

    private static String head(String method, String path, String... headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: h\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    @Test
    void bodyComesByLengthAndByChunks() throws Exception {
        try (WireClient client = start("")) {
            assertEquals("acc[a b]5hello", client.send(head("PUT", "/acc/a%20b", "Content-Length: 5") + "hello").answer().body());
            assertEquals("acc[q]6hello!", client.send(head("PUT", "/acc/q", "Transfer-Encoding: chunked") + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n").answer().body());
            assertEquals("acc[q]0", client.send(head("PUT", "/acc/q", "Content-Length: 0")).answer().body());
            assertEquals("acc[]0", client.send(head("GET", "/acc")).answer().body());
        }
    }

    @Test
    void bodyComesInPieces() throws Exception {
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/q", "Content-Length: 10") + "01234");
            client.send("567");
            assertEquals("acc[q]100123456789", client.send("89").answer().body());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (WireClient client = start("")) {
            client.send(head("GET", "/acc/one") + head("PUT", "/acc/two", "Content-Length: 1") + "x" + head("GET", "/acc/three"));
            assertEquals("acc[one]0", client.answer().body());
            assertEquals("acc[two]1x", client.answer().body());
            assertEquals("acc[three]0", client.answer().body());
        }
    }

    /** What is on its way fills the buffers of both sockets: some megabytes. */
    @Test
    void clientThatDoesNotReadIsNotServedOn() throws Exception {
        int requests = 100;
        int maxOnTheWay = 40;
        try (WireClient client = start("")) {
            client.send(head("GET", "/acc/large").repeat(requests));
            for (int read = 0; read < requests; read++) {
                assertEquals(1 << 20, client.answer().body().length());
                assertTrue(planned.get() <= read + maxOnTheWay, planned + " planned, " + read + " read");
            }
        }
    }

    @Test
    void absoluteUriIsServed() throws Exception {
        try (WireClient client = start("")) {
            assertEquals("acc[q]0", client.send(head("GET", "http://h:1/acc/q")).answer().body());
        }
    }

    @Test
    void tooLargeLengthIsRefusedBeforeTheBodyIsSent() throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(head("PUT", "/acc/q", "Content-Length: 1001", "Expect: 100-continue")).answer();
            assertEquals(413, answer.status());
            assertEquals("RequestBodyTooLarge", answer.header("x-ms-error-code"));
            assertTrue(answer.body().contains("<MaxLimit>1000</MaxLimit>"), answer.body());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void tooLargeBodyThatIsSentAnywayIsReadOverAndTheConnectionServesOn() throws Exception {
        try (WireClient client = start("")) {
            assertEquals(413, client.send(head("PUT", "/acc/q", "Content-Length: 100000") + "x".repeat(100_000)).answer().status());
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void hugeBodyCostsTheConnection() throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(head("PUT", "/acc/q", "Content-Length: 100000000") + "x".repeat(100)).answer();
            assertEquals(413, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void chunksBeyondTheLimitAreRefused() throws Exception {
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/q", "Transfer-Encoding: chunked"));
            for (int i = 0; i < 11; i++) {
                client.send("64\r\n" + "x".repeat(100) + "\r\n");
            }
            assertEquals(413, client.answer().status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void clientIsToldToContinueWhenItsHeadIsGood() throws Exception {
        try (WireClient client = start("")) {
            assertEquals(100, client.send(head("PUT", "/acc/q", "Content-Length: 5", "Expect: 100-continue")).answer().status());
            assertEquals("acc[q]5hello", client.send("hello").answer().body());
        }
    }

    @Test
    void clientIsNotToldToContinueWhenItsHeadIsRefused() throws Exception {
        try (WireClient client = start("")) {
            assertEquals(403, client.send(head("PUT", "/acc/refuse", "Content-Length: 5", "Expect: 100-continue")).answer().status());
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @CsvSource({"PUT, 411", "POST, 411", "GET, 200", "DELETE, 200"})
    void putAndPostMustTellTheirLength(String method, int status) throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(head(method, "/acc/q")).answer();
            assertEquals(status, answer.status());
            assertEquals(status == 411 ? "MissingContentLengthHeader" : "", answer.header("x-ms-error-code"));
        }
    }

    @Test
    void bodyThatNobodyWantsIsReadOver() throws Exception {
        try (WireClient client = start("")) {
            assertEquals(204, client.send(head("DELETE", "/acc/none", "Content-Length: 5") + "hello").answer().status());
            assertEquals(204, client.send(head("DELETE", "/acc/none", "Content-Length: 5") + "hello").answer().status());
        }
    }

    @Test
    void headTellsTheLengthAndSendsNothing() throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(head("HEAD", "/acc/q")).answer(true);
            assertEquals("7", answer.header("Content-Length"));
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /acc/%zz HTTP/1.1                        | 400 | RequestUrlFailedToParse
            GET /acc?a=%C3 HTTP/1.1                      | 400 | RequestUrlFailedToParse
            GET nowhere HTTP/1.1                         | 400 | RequestUrlFailedToParse
            GET /acc/q HTTP/1.1\\r\\nx-ms-version: 1     | 400 | InvalidHeaderValue
            GET /acc/q HTTP/1.1\\r\\nContent-Length: x   | 400 | InvalidInput
            GET /acc/q HTTP/1.1\\r\\nno colon            | 400 | InvalidInput
            NONSENSE                                     | 400 | InvalidInput
            """)
    void wrongHeadIsRefusedWithTheDocumentedBody(String lines, int status, String code) throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(lines.replace("\\r\\n", "\r\n") + "\r\nHost: h\r\n\r\n").answer();
            assertEquals(status, answer.status());
            assertEquals(code, answer.header("x-ms-error-code"));
            assertTrue(answer.body().contains("<Code>" + code + "</Code>"), answer.body());
            assertEquals("2011-08-18", answer.header("x-ms-version"));
            assertTrue(answer.body().contains("RequestId:" + answer.header("x-ms-request-id")), answer.body());
        }
    }

    @Test
    void errorOfAWrongHeadEchoesTheClientsRequestIdIfThatIsGood() throws Exception {
        try (WireClient client = start("")) {
            assertEquals("mine", client.send(head("GET", "/acc/q", "x-ms-version: 1", "x-ms-client-request-id: mine")).answer().header("x-ms-client-request-id"));
            assertEquals("", client.send(head("GET", "/acc/q", "x-ms-client-request-id: " + "x".repeat(1025))).answer().header("x-ms-client-request-id"));
        }
    }

    @Test
    void longUriAndLongHeadersAreRefused() throws Exception {
        try (WireClient client = start("max-uri = 2 KiB, max-headers = 2 KiB")) {
            assertEquals(414, client.send(head("GET", "/acc/" + "x".repeat(3000))).answer().status());
            assertTrue(client.isClosed());
        }
        try (WireClient client = new WireClient(edge.port())) {
            assertEquals(431, client.send(head("GET", "/acc/q", "x-long: " + "x".repeat(3000))).answer().status());
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"break", "fail"})
    void faultOfOursIsAnInternalErrorThatTellsNothing(String path) throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(head("GET", "/acc/" + path)).answer();
            assertEquals(500, answer.status());
            assertEquals("InternalError", answer.header("x-ms-error-code"));
            assertFalse(answer.body().contains("secret"), answer.body());
            assertEquals(200, client.send(head("GET", "/acc/q")).answer().status());
        }
    }

    @Test
    void requestsBeyondTheLimitAreSentAwayAtOnceAndServedLater() throws Exception {
        try (WireClient first = start("max-in-flight = 1, retry-after = 7s"); WireClient second = new WireClient(edge.port())) {
            first.send(head("GET", "/acc/wait"));
            CompletableFuture<Reply> reply = waiting.take();
            WireClient.Answer busy = second.send(head("GET", "/acc/q")).answer();
            assertEquals(503, busy.status());
            assertEquals("ServerBusy", busy.header("x-ms-error-code"));
            assertEquals("7", busy.header("Retry-After"));
            reply.complete(Reply.empty(200));
            assertEquals(200, first.answer().status());
            awaitIdle();
            assertEquals(200, second.send(head("GET", "/acc/q")).answer().status());
        }
    }

    @Test
    void largeAnswerWaitsForRoomAndSmallOnesPassIt() throws Exception {
        try (WireClient first = start("event-loops = 1, max-buffered-bytes = 1 MiB"); WireClient second = new WireClient(edge.port());
                WireClient third = new WireClient(edge.port())) {
            first.send(head("GET", "/acc/batch"));
            CompletableFuture<Reply> reply = waiting.take();
            second.send(head("GET", "/acc/batch"));
            assertEquals(200, third.send(head("GET", "/acc/q")).answer().status());
            WireClient.Answer busy = second.answer();
            assertEquals(503, busy.status());
            assertEquals("ServerBusy", busy.header("x-ms-error-code"));
            assertEquals("1", busy.header("Retry-After"));
            assertTrue(waiting.isEmpty());
            second.send(head("GET", "/acc/batch"));
            reply.complete(Reply.xml(200, new byte[10]));
            assertEquals(200, first.answer().status());
            waiting.take().complete(Reply.xml(200, new byte[20]));
            assertEquals(20, second.answer().body().length());
        }
    }

    @Test
    void clientThatDoesNotTakeItsAnswerIsDisconnectedAndGivesItsPlaceBack() throws Exception {
        try (WireClient client = start("body-timeout = 100ms")) {
            client.send(head("GET", "/acc/huge"));
            CompletableFuture<Reply> reply = waiting.take();
            reply.complete(Reply.xml(200, new byte[64 << 20]));
            awaitIdle();
        }
    }

    @Test
    void headThatComesByteByByteEndsTheConnection() throws Exception {
        try (WireClient client = start("head-timeout = 100ms")) {
            assertTrue(client.send("GET /acc/q HT").isClosed());
        }
    }

    @Test
    void servedConnectionOutlivesTheTimeOfTheFirstHead() throws Exception {
        try (WireClient client = start("head-timeout = 2s"); WireClient silent = new WireClient(edge.port())) {
            assertEquals(200, client.send(head("GET", "/acc/q")).answer().status());
            assertTrue(silent.isClosed());
            assertEquals(200, client.send(head("GET", "/acc/q")).answer().status());
        }
    }

    @Test
    void nextHeadThatComesByteByByteEndsTheConnection() throws Exception {
        try (WireClient client = start("idle-timeout = 1s, request-timeout = 100ms")) {
            assertEquals(200, client.send(head("GET", "/acc/q")).answer().status());
            Thread dripping = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send("G");
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(client.isClosed());
            dripping.interrupt();
            dripping.join();
        }
    }

    @Test
    void endlessChunksThatNobodyWantsCostTheConnection() throws Exception {
        try (WireClient client = start("")) {
            assertEquals(204, client.send(head("DELETE", "/acc/none", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n").answer().status());
            assertEquals(204, client.send(head("DELETE", "/acc/none", "Transfer-Encoding: chunked") + "5\r\nhello\r\n").answer().status());
            assertThrows(IOException.class, () -> {
                while (true) {
                    client.send("1000\r\n" + "x".repeat(0x1000) + "\r\n");
                }
            });
        }
    }

    @Test
    void lostConnectionGivesItsPlaceBackWhenItsRequestEnds() throws Exception {
        try (WireClient second = start("max-in-flight = 1")) {
            try (WireClient first = new WireClient(edge.port())) {
                first.send(head("GET", "/acc/wait"));
                CompletableFuture<Reply> reply = waiting.take();
                first.close();
                reply.complete(Reply.empty(200));
            }
            awaitIdle();
            assertEquals(200, second.send(head("GET", "/acc/q")).answer().status());
        }
    }

    @Test
    void connectionLostWithinABodyGivesItsPlaceBack() throws Exception {
        try (WireClient first = start("max-in-flight = 1")) {
            first.send(head("PUT", "/acc/q", "Content-Length: 10", "Expect: 100-continue"));
            assertEquals(100, first.answer().status());
            assertEquals(1, edge.inFlight());
        }
        awaitIdle();
    }

    @Test
    void requestThatTakesTooLongIsAnsweredAndItsLateReplyDropped() throws Exception {
        try (WireClient client = start("request-timeout = 100ms")) {
            client.send(head("GET", "/acc/wait"));
            CompletableFuture<Reply> reply = waiting.take();
            WireClient.Answer answer = client.answer();
            assertEquals(500, answer.status());
            assertEquals("OperationTimedOut", answer.header("x-ms-error-code"));
            awaitIdle();
            reply.complete(Reply.empty(200));
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void clientMayAskForLessTime() throws Exception {
        try (WireClient client = start("request-timeout = 100s")) {
            assertEquals("OperationTimedOut", client.send(head("GET", "/acc/wait?timeout=1")).answer().header("x-ms-error-code"));
        }
    }

    @Test
    void bodyThatNeverComesEndsTheConnection() throws Exception {
        try (WireClient client = start("body-timeout = 100ms")) {
            assertEquals("OperationTimedOut", client.send(head("PUT", "/acc/q", "Content-Length: 5") + "hel").answer().header("x-ms-error-code"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void idleConnectionIsClosed() throws Exception {
        try (WireClient client = start("idle-timeout = 1s, request-timeout = 100ms")) {
            assertTrue(client.isClosed());
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws Exception {
        try (WireClient first = start("max-connections = 1")) {
            assertEquals(200, first.send(head("GET", "/acc/q")).answer().status());
            try (WireClient second = new WireClient(edge.port())) {
                assertTrue(second.isClosed());
            }
            assertEquals(200, first.send(head("GET", "/acc/q")).answer().status());
        }
    }

    @Test
    void stopLetsRequestsEndAndAcceptsNoMore() throws Exception {
        try (WireClient client = start("")) {
            client.send(head("GET", "/acc/wait"));
            CompletableFuture<Reply> reply = waiting.take();
            CompletableFuture<Void> stopped = edge.stop().toCompletableFuture();
            awaitRefusal(edge.port());
            assertFalse(stopped.isDone());
            reply.complete(Reply.empty(200));
            WireClient.Answer answer = client.answer();
            assertEquals(200, answer.status());
            assertEquals("close", answer.header("Connection"));
            stopped.get(30, TimeUnit.SECONDS);
            assertTrue(client.isClosed());
        }
    }

    @Test
    void stopClosesIdleConnectionsAtOnce() throws Exception {
        try (WireClient served = start("stop-timeout = 1h"); WireClient silent = new WireClient(edge.port())) {
            assertEquals(200, served.send(head("GET", "/acc/q")).answer().status());
            edge.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertTrue(served.isClosed());
            assertTrue(silent.isClosed());
        }
    }

    @Test
    void stopDoesNotWaitForEver() throws Exception {
        try (WireClient client = start("stop-timeout = 100ms")) {
            client.send(head("GET", "/acc/wait"));
            waiting.take();
            edge.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertTrue(client.isClosed());
        }
    }

    @Test
    void stoppedPortIsFreeAgain() throws Exception {
        start("").close();
        int port = edge.port();
        edge.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
        edge = HttpEdge.start(vertx, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", port, EchoProtocol::new, Clock.system())
                .toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(port, edge.port());
    }

    @Test
    void takenPortFailsTheStart() throws Exception {
        start("").close();
        Vertx other = Vertx.vertx();
        assertThrows(Exception.class, () -> HttpEdge.start(
                        other, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", edge.port(), EchoProtocol::new, Clock.system())
                .toCompletableFuture().get(30, TimeUnit.SECONDS));
        other.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void severalLoopsServeOnePort() throws Exception {
        try (WireClient first = start("event-loops = 2"); WireClient second = new WireClient(edge.port())) {
            assertEquals(200, first.send(head("GET", "/acc/q")).answer().status());
            assertEquals(200, second.send(head("GET", "/acc/q")).answer().status());
            assertEquals(2, loopThreads.size());
        }
    }

    @Test
    void twoEdgesOfOneVertxHavePortsOfTheirOwn() throws Exception {
        start("").close();
        HttpEdge first = edge;
        start("").close();
        assertNotEquals(first.port(), edge.port());
        first.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void requestIdsAreUnique() throws Exception {
        Set<String> ids = new HashSet<>();
        try (WireClient client = start("")) {
            for (int i = 0; i < 100; i++) {
                ids.add(client.send(head("GET", "/acc/q")).answer().header("x-ms-request-id"));
            }
        }
        assertEquals(100, ids.size());
    }

    @Test
    void answersToOtherOriginsAreDecorated() throws Exception {
        try (WireClient client = start("")) {
            assertEquals("yes", client.send(head("GET", "/acc/q", "Origin: http://o")).answer().header("x-cors"));
            assertEquals("yes", client.send(head("GET", "/acc/fail", "Origin: http://o")).answer().header("x-cors"));
            assertEquals("", client.send(head("GET", "/acc/refuse", "Origin: http://o")).answer().header("x-cors"));
            assertEquals("", client.send(head("GET", "/acc/q")).answer().header("x-cors"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            event-loops = -1                            | lazuli.http.event-loops
            max-in-flight = 0                           | lazuli.http.max-in-flight
            max-uri = 2 GiB                             | lazuli.http.max-uri
            idle-timeout = 10s, request-timeout = 10s   | lazuli.http.idle-timeout
            stop-timeout = soon                         | lazuli.http.stop-timeout
            """)
    void wrongSettingIsNamed(String override, String key) {
        Config config = ConfigFactory.parseString("lazuli.http { " + override + " }").withFallback(ConfigFactory.load());
        assertEquals(key, assertThrows(SettingsException.class, () -> HttpEdgeSettings.of(config)).key());
    }

    private void awaitIdle() {
        while (edge.inFlight() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void awaitRefusal(int port) {
        while (true) {
            try (WireClient probe = new WireClient(port)) {
                probe.send(head("GET", "/acc/q"));
                if (probe.isClosed()) {
                    return;
                }
            } catch (IOException refused) {
                return;
            }
        }
    }
}
