package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How bodies come: by length, by chunks, too large, too late, unwanted. */
class RequestBodyTest extends EchoEdgeTest {

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
    @CsvSource({"PUT, 411", "POST, 411", "PATCH, 411", "MERGE, 411", "GET, 200", "DELETE, 200"})
    void methodsWithABodyMustTellItsLength(String method, int status) throws Exception {
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
    void connectionLostWithinABodyGivesItsPlaceBack() throws Exception {
        try (WireClient first = start("max-in-flight = 1")) {
            first.send(head("PUT", "/acc/q", "Content-Length: 10", "Expect: 100-continue"));
            assertEquals(100, first.answer().status());
            assertEquals(1, edge.inFlight());
        }
        awaitIdle();
    }

    @Test
    void bodyThatNeverComesEndsTheConnection() throws Exception {
        try (WireClient client = start("body-timeout = 100ms")) {
            assertEquals("OperationTimedOut", client.send(head("PUT", "/acc/q", "Content-Length: 5") + "hel").answer().header("x-ms-error-code"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void bodyOfSeveralMebibytesComesWhole() throws Exception {
        int length = 4 << 20;
        try (WireClient client = start("max-buffered-bytes = 8 MiB, event-loops = 1")) {
            assertEquals(Integer.toString(length), client.send(head("PUT", "/acc/sum", "Content-Length: " + length) + "x".repeat(length)).answer().body());
            client.send(head("PUT", "/acc/sum", "Transfer-Encoding: chunked"));
            for (int i = 0; i < 16; i++) {
                client.send("40000\r\n" + "x".repeat(0x40000) + "\r\n");
            }
            assertEquals(Integer.toString(length), client.send("0\r\n\r\n").answer().body());
        }
    }

    /** On a clock that stands still, so that nothing has waited too long. */
    @Test
    void largeBodyWaitsForRoomAndSmallOnesPassIt() throws Exception {
        int length = 3 << 20;
        String large = head("PUT", "/acc/sum", "Content-Length: " + length, "Expect: 100-continue");
        try (WireClient first = start("event-loops = 1, max-buffered-bytes = 4 MiB", new ManualClock(0)); WireClient second = new WireClient(edge.port());
                WireClient third = new WireClient(edge.port())) {
            assertEquals(100, first.send(large).answer().status());
            second.send(large);
            assertEquals("acc[q]5hello", third.send(head("PUT", "/acc/q", "Content-Length: 5") + "hello").answer().body());
            first.send("x".repeat(length));
            assertEquals(Integer.toString(length), first.answer().body());
            assertEquals(100, second.answer().status());
            assertEquals(Integer.toString(length), second.send("x".repeat(length)).answer().body());
        }
    }

    @Test
    void largeBodyThatFindsNoRoomIsRefusedBeforeItIsSent() throws Exception {
        String large = head("PUT", "/acc/sum", "Content-Length: " + (3 << 20), "Expect: 100-continue");
        try (WireClient first = start("event-loops = 1, max-buffered-bytes = 4 MiB"); WireClient second = new WireClient(edge.port())) {
            assertEquals(100, first.send(large).answer().status());
            WireClient.Answer busy = second.send(large).answer();
            assertEquals("ServerBusy", busy.header("x-ms-error-code"));
            assertEquals("1", busy.header("Retry-After"));
            assertTrue(second.isClosed());
        }
    }
}
