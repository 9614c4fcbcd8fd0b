package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Answers whose bodies are sent as they become available: what is asked for when, and every way in which they end. */
class StreamedAnswerTest extends EchoEdgeTest {

    private static final int PART_BYTES = 256 * 1024;

    private final Semaphore closed = new Semaphore(0);
    private final AtomicInteger held = new AtomicInteger();
    private final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();

    /** Numbers its parts from 0. */
    private ReplyBody body(IntFunction<CompletionStage<ReplyBody.Part>> parts) {
        return new ReplyBody() {

            private int next;

            @Override
            public CompletionStage<Part> next() {
                asked.add(next);
                return parts.apply(next++);
            }

            @Override
            public void close() {
                closed.release();
            }
        };
    }

    private ReplyBody.Part part(int length) {
        held.incrementAndGet();
        ByteBuffer bytes = ByteBuffer.allocateDirect(length + 1).position(1);
        for (int i = 0; i < length; i++) {
            bytes.put(1 + i, (byte) ('a' + i % 26));
        }
        return new ReplyBody.Part() {

            @Override
            public ByteBuffer bytes() {
                return bytes;
            }

            @Override
            public void release() {
                held.decrementAndGet();
            }
        };
    }

    private void answering(long lengthBytes, IntFunction<CompletionStage<ReplyBody.Part>> parts) {
        streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(
                Reply.streaming(200, "text/plain", lengthBytes, body(parts))));
    }

    private CompletionStage<ReplyBody.Part> now(int length) {
        return CompletableFuture.completedStage(part(length));
    }

    private void awaitClosedOnce() throws InterruptedException {
        closed.acquire();
        awaitIdle();
        assertEquals(0, closed.availablePermits());
    }

    private void awaitReleased() {
        await("all parts are released", () -> held.get() == 0);
    }

    private static boolean isCutShort(WireClient client) {
        try {
            return client.answer().body().length() < 10;
        } catch (IOException beforeTheHeadWasOut) {
            return true;
        }
    }

    @Test
    void bodyComesWholeFromThisThreadAndFromOthers() throws Exception {
        int parts = 100;
        answering((long) parts * PART_BYTES, number -> number % 2 == 0 ? now(PART_BYTES) : CompletableFuture.supplyAsync(() -> part(PART_BYTES)));
        try (WireClient client = start("")) {
            for (int i = 0; i < 2; i++) {
                WireClient.Answer answer = client.send(head("GET", "/acc/stream")).answer();
                assertEquals("text/plain", answer.header("Content-Type"));
                assertEquals(parts * PART_BYTES, answer.body().length());
                for (int part = 0; part < parts; part++) {
                    assertTrue(answer.body().startsWith("abcdefghijklmnopqrstuvwxyzab", part * PART_BYTES));
                }
                awaitClosedOnce();
                awaitReleased();
            }
        }
    }

    @Test
    void bodyOfUnknownLengthEndsWhereItEnds() throws Exception {
        answering(Reply.UNKNOWN_LENGTH, number -> number < 7 ? now(number == 3 ? PART_BYTES : 100) : CompletableFuture.completedStage(null));
        try (WireClient client = start("")) {
            for (int i = 0; i < 2; i++) {
                WireClient.Answer answer = client.send(head("GET", "/acc/stream")).answer();
                assertEquals("", answer.header("Content-Length"));
                assertEquals(PART_BYTES + 600, answer.body().length());
                awaitClosedOnce();
                awaitReleased();
            }
        }
    }

    /** Of HTTP/1.0, which knows no chunks: it ends with the connection, also if the client would keep that. */
    @Test
    void bodyOfUnknownLengthEndsWithTheConnectionForOldClients() throws Exception {
        answering(Reply.UNKNOWN_LENGTH, number -> number < 3 ? now(100) : CompletableFuture.completedStage(null));
        try (WireClient client = start("")) {
            String head = head("GET", "/acc/stream").replace("HTTP/1.1", "HTTP/1.0").replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n");
            assertEquals(300, client.send(head).drain(400, 400, () -> {}));
            awaitClosedOnce();
            awaitReleased();
        }
    }

    @Test
    void bodyOfUnknownLengthThatFailsHasNoEnd() throws Exception {
        answering(Reply.UNKNOWN_LENGTH, number -> number < 2 ? now(100) : CompletableFuture.failedStage(new IllegalStateException("lost")));
        try (WireClient client = start("")) {
            client.send(head("GET", "/acc/stream"));
            assertThrows(IOException.class, client::answer);
            awaitClosedOnce();
            awaitReleased();
        }
    }

    @Test
    void manySmallPartsAreNoDeepCalls() throws Exception {
        answering(50_000, number -> now(1));
        try (WireClient client = start("")) {
            assertEquals(50_000, client.send(head("GET", "/acc/stream")).answer().body().length());
            awaitClosedOnce();
        }
    }

    @Test
    void emptyBodyIsSentAndClosed() throws Exception {
        answering(0, number -> now(1));
        try (WireClient client = start("")) {
            assertEquals("0", client.send(head("GET", "/acc/stream")).answer().header("Content-Length"));
            awaitClosedOnce();
            assertTrue(asked.isEmpty());
        }
    }

    @Test
    void headTellsTheLengthAndAsksForNothing() throws Exception {
        answering(5_000_000_000L, number -> now(1));
        try (WireClient client = start("")) {
            assertEquals("5000000000", client.send(head("HEAD", "/acc/stream")).answer(true).header("Content-Length"));
            awaitClosedOnce();
            assertTrue(asked.isEmpty());
            streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(Reply.ofHead(200, null, 6_000_000_000L)
                    .header("Date", "then").header("Vary", "Origin").header("Vary", "x")));
            WireClient.Answer answer = client.send(head("HEAD", "/acc/stream")).answer(true);
            assertEquals("6000000000", answer.header("Content-Length"));
            assertEquals("", answer.header("Content-Type"));
            assertEquals("then", answer.header("Date"));
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void notModifiedTellsNoLength() throws Exception {
        streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(Reply.empty(304)));
        try (WireClient client = start("")) {
            assertEquals("", client.send(head("GET", "/acc/stream")).answer().header("Content-Length"));
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void failureOfTheFirstPartIsAnsweredAsAnError() throws Exception {
        answering(10, number -> CompletableFuture.failedFuture(new StorageException(StorageErrorCode.SERVER_BUSY)));
        try (WireClient client = start("")) {
            assertEquals("ServerBusy", client.send(head("GET", "/acc/stream", "Origin: http://o")).answer().header("x-ms-error-code"));
            awaitClosedOnce();
            assertEquals("acc[q]0", client.send(head("GET", "/acc/q")).answer().body());
        }
    }

    @Test
    void failureOfALaterPartCutsTheConnection() throws Exception {
        answering(10, number -> number == 0 ? now(5) : CompletableFuture.failedFuture(new StorageException(StorageErrorCode.INTERNAL_ERROR)));
        try (WireClient client = start("")) {
            assertTrue(isCutShort(client.send(head("GET", "/acc/stream"))));
            awaitClosedOnce();
            awaitReleased();
        }
    }

    @Test
    void moreThanWasToldCutsTheConnection() throws Exception {
        answering(10, number -> now(6));
        try (WireClient client = start("")) {
            assertTrue(isCutShort(client.send(head("GET", "/acc/stream"))));
            awaitClosedOnce();
            awaitReleased();
        }
    }

    @Test
    void endBeforeWhatWasToldCutsTheConnection() throws Exception {
        answering(10, number -> number == 0 ? now(6) : CompletableFuture.completedStage(null));
        try (WireClient client = start("")) {
            assertTrue(isCutShort(client.send(head("GET", "/acc/stream"))));
            awaitClosedOnce();
            awaitReleased();
        }
    }

    @Test
    void clientThatDoesNotReadIsCutAndWhatIsHeldGivenBack() throws Exception {
        answering(Long.MAX_VALUE, number -> now(PART_BYTES));
        ManualClock clock = new ManualClock(0);
        try (WireClient client = start("body-timeout = 60s", clock)) {
            client.send(head("GET", "/acc/stream"));
            asked.take();
            while (closed.availablePermits() == 0) {
                assertTrue(held.get() * (long) PART_BYTES <= OutgoingBody.MAX_UNSENT_BYTES + 2L * PART_BYTES, held::toString);
                clock.advanceMillis(61_000);
                Thread.onSpinWait();
            }
            awaitClosedOnce();
            awaitReleased();
        }
    }

    @Test
    void slowClientThatReadsGetsAll() throws Exception {
        int parts = 60;
        answering((long) parts * PART_BYTES, number -> now(PART_BYTES));
        ManualClock clock = new ManualClock(0);
        try (WireClient client = start("body-timeout = 60s, event-loops = 1", clock); WireClient other = new WireClient(edge.port())) {
            client.send(head("GET", "/acc/stream"));
            assertEquals((long) parts * PART_BYTES, client.drain((long) parts * PART_BYTES, PART_BYTES, () -> {
                // The loop has turned before the clock does. A socket takes bytes in bursts of up to some MiB: of all of its buffer.
                assertEquals("acc[q]0", other.send(head("GET", "/acc/q")).answer().body());
                clock.advanceMillis(3_000);
            }));
            awaitClosedOnce();
        }
    }

    @Test
    void clientThatGoesWhileAPartIsFetchedClosesTheBodyAndReleasesTheLatePart() throws Exception {
        CompletableFuture<ReplyBody.Part> late = new CompletableFuture<>();
        answering(10, number -> number == 0 ? now(5) : late);
        try (WireClient client = start("")) {
            client.send(head("GET", "/acc/stream"));
            asked.take();
            asked.take();
        }
        awaitClosedOnce();
        late.complete(part(5));
        awaitReleased();
    }

    @Test
    void firstPartThatNeverComesTimesOut() throws Exception {
        CompletableFuture<ReplyBody.Part> never = new CompletableFuture<>();
        answering(10, number -> never);
        try (WireClient client = start("request-timeout = 100ms")) {
            assertEquals("OperationTimedOut", client.send(head("GET", "/acc/stream")).answer().header("x-ms-error-code"));
            awaitClosedOnce();
            awaitServed(client);
        }
    }

    @Test
    void replyThatComesTooLateIsClosed() throws Exception {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        streaming = request -> new PlannedRequest(0, ignored -> reply);
        try (WireClient client = start("request-timeout = 100ms")) {
            assertEquals("OperationTimedOut", client.send(head("GET", "/acc/stream")).answer().header("x-ms-error-code"));
            reply.complete(Reply.streaming(200, null, 10, body(number -> now(10))));
            awaitClosedOnce();
            assertTrue(asked.isEmpty());
        }
    }
}
