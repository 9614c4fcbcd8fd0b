package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bodies that are taken in as they come: back-pressure, progress, and every way in which they end. */
class StreamedUploadTest extends EchoEdgeTest {

    private static final int MANY_BYTES = 8 << 20;

    private final BlockingQueue<Integer> parts = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Void>> ends = new LinkedBlockingQueue<>();
    private long total;

    /** Counts what comes; {@code taken} says when a part has been taken. */
    private CompletionStage<Reply> count(BodyStream body, BodyStream.PartSink taken) {
        CompletableFuture<Void> end = body.pipeTo(part -> {
            int length = part.remaining();
            total += length;
            parts.add(length);
            return taken.write(part);
        }).toCompletableFuture();
        return end.whenComplete((done, failure) -> ends.add(end))
                .thenApply(done -> Reply.xml(200, (body.lengthBytes() + ":" + total).getBytes(StandardCharsets.UTF_8)));
    }

    private void counting(long maxBytes) {
        streaming = request -> PlannedRequest.streaming(maxBytes, body -> count(body, part -> null));
    }

    private Throwable failure() throws Exception {
        CompletableFuture<Void> end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return assertThrows(ExecutionException.class, () -> end.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).getCause();
    }

    @Test
    void bodyComesInPartsByLengthAndByChunks() throws Exception {
        counting(Long.MAX_VALUE);
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/stream", "Content-Length: " + MANY_BYTES) + "x".repeat(MANY_BYTES));
            assertEquals(MANY_BYTES + ":" + MANY_BYTES, client.answer().body());
            assertTrue(parts.stream().allMatch(length -> length <= EdgeLoop.MAX_PART_BYTES), parts::toString);
            total = 0;
            client.send(head("PUT", "/acc/stream", "Transfer-Encoding: chunked") + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
            assertEquals("-1:6", client.answer().body());
            total = 0;
            client.send(head("PUT", "/acc/stream", "Content-Length: 0"));
            assertEquals("0:0", client.answer().body());
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void bodyMayBeReadFromAnyThreadAndLater() throws Exception {
        streaming = request -> PlannedRequest.streaming(100, body -> CompletableFuture.supplyAsync(() -> body)
                .thenCompose(later -> count(later, part -> CompletableFuture.runAsync(() -> {}))));
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/stream", "Content-Length: 5") + "he");
            client.send("llo");
            assertEquals("5:5", client.answer().body());
        }
    }

    @Test
    void clientIsNotReadWhileAPartIsNotTaken() throws Exception {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        streaming = request -> PlannedRequest.streaming(Long.MAX_VALUE, body -> count(body, part -> taken));
        try (WireClient client = start("event-loops = 1"); WireClient other = new WireClient(edge.port())) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(head("PUT", "/acc/stream", "Content-Length: " + MANY_BYTES) + "x".repeat(MANY_BYTES));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            parts.take();
            for (int i = 0; i < 20; i++) {
                assertEquals("acc[q]0", other.send(head("GET", "/acc/q")).answer().body());
            }
            assertTrue(parts.isEmpty());
            taken.complete(null);
            assertEquals(MANY_BYTES + ":" + MANY_BYTES, client.answer().body());
            sender.join();
        }
    }

    @Test
    void slowBodyThatMakesProgressComesWholeAndOneThatStopsIsCut() throws Exception {
        counting(Long.MAX_VALUE);
        ManualClock clock = new ManualClock(0);
        String piece = "x".repeat(IncomingBody.MIN_PROGRESS_BYTES);
        try (WireClient client = start("body-timeout = 60s", clock)) {
            client.send(head("PUT", "/acc/stream", "Content-Length: " + 10 * piece.length()));
            for (int sent = 0; sent < 10; sent++) {
                client.send(piece);
                awaitTotal(piece.length());
                clock.advanceMillis(59_000);
            }
            assertEquals(200, client.answer().status());
            ends.take();
            total = 0;
            client.send(head("PUT", "/acc/stream", "Content-Length: 100000") + piece);
            awaitTotal(piece.length());
            clock.advanceMillis(61_000);
            assertEquals("OperationTimedOut", client.answer().header("x-ms-error-code"));
            assertEquals(StorageErrorCode.OPERATION_TIMED_OUT, ((StorageException) failure()).error());
            assertTrue(client.isClosed());
        }
    }

    private void awaitTotal(long wanted) throws InterruptedException {
        long sum = 0;
        while (sum < wanted) {
            sum += parts.take();
        }
    }

    @Test
    void partThatIsNeverTakenTimesOut() throws Exception {
        streaming = request -> PlannedRequest.streaming(Long.MAX_VALUE, body -> count(body, part -> new CompletableFuture<>()));
        ManualClock clock = new ManualClock(0);
        try (WireClient client = start("request-timeout = 30s, event-loops = 1", clock); WireClient other = new WireClient(edge.port())) {
            client.send(head("PUT", "/acc/stream", "Content-Length: 5") + "hello");
            parts.take();
            assertEquals("acc[q]0", other.send(head("GET", "/acc/q")).answer().body());
            clock.advanceMillis(31_000);
            assertEquals("OperationTimedOut", client.answer().header("x-ms-error-code"));
            failure();
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void lostClientFailsTheStreamOnceAndGivesItsPlaceBack() throws Exception {
        counting(Long.MAX_VALUE);
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/stream", "Content-Length: 100") + "hello");
            parts.take();
        }
        failure();
        awaitIdle();
        assertTrue(ends.isEmpty());
    }

    @Test
    void chunksBeyondTheLimitAreRefused() throws Exception {
        counting(1000);
        try (WireClient client = start("")) {
            assertEquals(413, client.send(head("PUT", "/acc/stream", "Content-Length: 5000000000")).answer().status());
            assertTrue(client.isClosed());
        }
        try (WireClient client = new WireClient(edge.port())) {
            client.send(head("PUT", "/acc/stream", "Transfer-Encoding: chunked"));
            for (int i = 0; i < 11; i++) {
                client.send("64\r\n" + "x".repeat(100) + "\r\n");
            }
            assertEquals(413, client.answer().status());
            assertEquals(StorageErrorCode.REQUEST_BODY_TOO_LARGE, ((StorageException) failure()).error());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void failureOfTheSinkIsAnsweredAndTheRestReadOver() throws Exception {
        streaming = request -> PlannedRequest.streaming(Long.MAX_VALUE, body -> count(body,
                part -> CompletableFuture.failedFuture(new StorageException(StorageErrorCode.SERVER_BUSY))));
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/stream", "Content-Length: 300000") + "x".repeat(300_000));
            assertEquals("ServerBusy", client.answer().header("x-ms-error-code"));
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
            client.send(head("PUT", "/acc/stream", "Content-Length: 30000000") + "x".repeat(100));
            assertEquals("close", client.answer().header("Connection"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void bodyThatIsNotReadIsReadOver() throws Exception {
        streaming = request -> PlannedRequest.streaming(Long.MAX_VALUE, body -> {
            throw new StorageException(StorageErrorCode.AUTHENTICATION_FAILED);
        });
        try (WireClient client = start("")) {
            assertEquals(403, client.send(head("PUT", "/acc/stream", "Content-Length: 300000") + "x".repeat(300_000)).answer().status());
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
            assertEquals(403, client.send(head("PUT", "/acc/stream", "Content-Length: 5", "Expect: 100-continue")).answer().status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void clientIsToldToContinueWhenItsBodyIsRead() throws Exception {
        counting(100);
        try (WireClient client = start("")) {
            assertEquals(100, client.send(head("PUT", "/acc/stream", "Content-Length: 5", "Expect: 100-continue")).answer().status());
            assertEquals("5:5", client.send("hello").answer().body());
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void partsAreWhatWasSent() throws Exception {
        StringBuilder all = new StringBuilder();
        streaming = request -> PlannedRequest.streaming(1 << 20, body -> count(body, part -> {
            all.append(StandardCharsets.UTF_8.decode(part));
            return CompletableFuture.runAsync(() -> {});
        }));
        StringBuilder sent = new StringBuilder();
        while (sent.length() < 500_000) {
            sent.append(sent.length()).append(' ');
        }
        try (WireClient client = start("")) {
            client.send(head("PUT", "/acc/stream", "Content-Length: " + sent.length()) + sent);
            assertEquals(200, client.answer().status());
            assertEquals(sent.toString(), all.toString());
        }
    }
}
