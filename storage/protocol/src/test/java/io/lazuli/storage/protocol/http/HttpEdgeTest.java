package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.ManualClock;
import io.lazuli.kernel.SettingsException;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads, answers, limits of what is under way, ports and loops. */
class HttpEdgeTest extends EchoEdgeTest {

    @Test
    void absoluteUriIsServed() throws Exception {
        try (WireClient client = start("")) {
            assertEquals("acc[q]0", client.send(head("GET", "http://h:1/acc/q")).answer().body());
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

    /** On a clock that goes on only while the second request is to wait in vain. */
    @Test
    void largeAnswerWaitsForRoomAndSmallOnesPassIt() throws Exception {
        ManualClock clock = new ManualClock(0);
        String settings = "event-loops = 1, max-buffered-bytes = 1 MiB, request-timeout = 30m, idle-timeout = 1h";
        try (WireClient first = start(settings, clock); WireClient second = new WireClient(edge.port()); WireClient third = new WireClient(edge.port())) {
            first.send(head("GET", "/acc/batch"));
            CompletableFuture<Reply> reply = waiting.take();
            second.send(head("GET", "/acc/batch"));
            assertEquals(200, third.send(head("GET", "/acc/q")).answer().status());
            await("the second request is answered", () -> {
                clock.advanceMillis(5);
                return second.hasAnswer();
            });
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
    void requestThatTakesTooLongIsAnsweredAndItsLateReplyDropped() throws Exception {
        try (WireClient client = start("request-timeout = 100ms")) {
            client.send(head("GET", "/acc/wait"));
            CompletableFuture<Reply> reply = waiting.take();
            WireClient.Answer answer = client.answer();
            assertEquals(500, answer.status());
            assertEquals("OperationTimedOut", answer.header("x-ms-error-code"));
            awaitIdle();
            reply.complete(Reply.empty(200));
            awaitServed(client);
        }
    }

    @Test
    void clientMayAskForLessTime() throws Exception {
        try (WireClient client = start("request-timeout = 100s")) {
            assertEquals("OperationTimedOut", client.send(head("GET", "/acc/wait?timeout=1")).answer().header("x-ms-error-code"));
        }
    }

    @Test
    void stoppedPortIsFreeAgain() throws Exception {
        start("").close();
        int port = edge.port();
        edge.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        // Somebody else's end of a connection may have it for a moment.
        await("the port is open again", () -> {
            edge = HttpEdge.start(vertx, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", port, EchoProtocol::new, Clock.system())
                    .toCompletableFuture().exceptionally(taken -> null).join();
            return edge != null;
        });
        assertEquals(port, edge.port());
    }

    @Test
    void takenPortFailsTheStart() throws Exception {
        start("").close();
        Vertx other = Vertx.vertx();
        assertThrows(Exception.class, () -> HttpEdge.start(
                        other, HttpEdgeSettings.of(ConfigFactory.load()), "127.0.0.1", edge.port(), EchoProtocol::new, Clock.system())
                .toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        other.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
        first.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

    @Test
    void hostNamesTheAccount() throws Exception {
        try (WireClient client = start("")) {
            String head = "GET /q HTTP/1.1\r\nHost: acc.queue.localhost\r\n\r\n";
            assertEquals("acc[q]0", client.send(head).answer().body());
            assertEquals("q[]0", client.send(head.replace("acc.queue", "acc.table")).answer().body());
        }
    }

    @Test
    void serviceWritesItsOwnErrors() throws Exception {
        try (WireClient client = start("")) {
            WireClient.Answer answer = client.send(head("GET", "/acc/refuse?json")).answer();
            assertEquals(403, answer.status());
            assertEquals("AuthenticationFailed", answer.header("x-ms-error-code"));
            assertEquals("application/json", answer.header("Content-Type"));
            assertTrue(answer.body().contains("RequestId:" + answer.header("x-ms-request-id")), answer.body());
        }
    }
}
