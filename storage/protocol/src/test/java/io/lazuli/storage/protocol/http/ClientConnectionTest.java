package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a connection may do, and how it ends. */
class ClientConnectionTest extends EchoEdgeTest {

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
        int seconds = 1;
        while (!servedConnectionOutlives(seconds)) {
            seconds *= 2;
            assertTrue(seconds < PATIENCE_SECONDS, "no head comes in time");
            edge.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** False if even the head that was sent at once did not come in time. */
    private boolean servedConnectionOutlives(int headTimeoutSeconds) throws Exception {
        try (WireClient client = start("head-timeout = " + headTimeoutSeconds + "s"); WireClient silent = new WireClient(edge.port())) {
            try {
                assertEquals(200, client.send(head("GET", "/acc/q")).answer().status());
            } catch (IOException closed) {
                return false;
            }
            assertTrue(silent.isClosed());
            assertEquals(200, client.send(head("GET", "/acc/q")).answer().status());
            return true;
        }
    }

    @Test
    void nextHeadThatComesByteByByteEndsTheConnection() throws Exception {
        try (WireClient client = start("idle-timeout = 1s, request-timeout = 100ms")) {
            awaitServed(client);
            long dripping = vertx.setPeriodic(100, timer -> {
                try {
                    client.send("G");
                } catch (IOException closed) {
                    vertx.cancelTimer(timer);
                }
            });
            assertTrue(client.isClosed());
            vertx.cancelTimer(dripping);
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
        try (WireClient client = start("stop-timeout = 1h")) {
            client.send(head("GET", "/acc/wait"));
            CompletableFuture<Reply> reply = waiting.take();
            CompletableFuture<Void> stopped = edge.stop().toCompletableFuture();
            awaitRefusal(edge.port());
            assertFalse(stopped.isDone());
            reply.complete(Reply.empty(200));
            WireClient.Answer answer = client.answer();
            assertEquals(200, answer.status());
            assertEquals("close", answer.header("Connection"));
            stopped.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(client.isClosed());
        }
    }

    @Test
    void stopClosesIdleConnectionsAtOnce() throws Exception {
        try (WireClient served = start("stop-timeout = 1h"); WireClient silent = new WireClient(edge.port())) {
            assertEquals(200, served.send(head("GET", "/acc/q")).answer().status());
            edge.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(served.isClosed());
            assertTrue(silent.isClosed());
        }
    }

    @Test
    void stopDoesNotWaitForEver() throws Exception {
        try (WireClient client = start("stop-timeout = 100ms")) {
            client.send(head("GET", "/acc/wait"));
            waiting.take();
            edge.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(client.isClosed());
        }
    }
}
