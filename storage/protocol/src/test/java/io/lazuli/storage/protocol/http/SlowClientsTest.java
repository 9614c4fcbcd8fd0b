package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.PooledBuffers;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients that hold memory and move nothing lose it to those that need some, and only then; what lasts, lasts as long as bytes move. */
class SlowClientsTest extends EchoEdgeTest {

    private static final int PART_BYTES = 256 * 1024;
    /** Of an answer that any socket takes at once. */
    private static final int LITTLE_BYTES = 4 * 1024;
    /** As much as a few clients hold that do not read. */
    private static final int MEMORY_BYTES = 4 << 20;
    private static final int SLOW_CLIENTS = 20;
    private static final int SWEEP_MILLIS = 3_000;
    /** Who is cut is cut for being slow. */
    private static final String PATIENT = """
            slow-after = 4s, body-timeout = 30m, request-timeout = 30m, idle-timeout = 59m, write-time-per-mib = 1h, read-time-per-mib = 1h
            event-loops = 1""";

    private final ManualClock clock = new ManualClock(0);
    private final AtomicInteger sweeps = new AtomicInteger();

    /** What is read from disk: into memory of which there is not much. @param asked completed when it stands in line for its first part */
    private static ReplyBody body(PooledBuffers memory, int partBytes, CompletableFuture<Void> asked, CompletableFuture<Void> closed) {
        return new ReplyBody() {

            @Override
            public CompletionStage<Part> next() {
                CompletionStage<Part> part = memory.take(partBytes).thenApply(BufferPart::new);
                asked.complete(null);
                return part;
            }

            @Override
            public void close() {
                closed.complete(null);
            }
        };
    }

    /** Time passes only from sweep to sweep. */
    private boolean sweep(boolean isShort) {
        clock.advanceMillis(SWEEP_MILLIS);
        sweeps.incrementAndGet();
        return isShort;
    }

    private record BufferPart(ChunkBuffer buffer) implements ReplyBody.Part {

        @Override
        public ByteBuffer bytes() {
            return buffer.bytes();
        }

        @Override
        public void release() {
            buffer.release();
        }
    }

    @Test
    void clientsThatDoNotReadKeepNoMemoryFromOneThatDoes() throws Exception {
        List<WireClient> clients = new ArrayList<>();
        CompletableFuture<Void> inLine = new CompletableFuture<>();
        try (PooledBuffers memory = new PooledBuffers(MEMORY_BYTES, 10_000, 600_000)) {
            streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(request.query().first("little") == null
                    ? Reply.streaming(200, null, Long.MAX_VALUE, body(memory, PART_BYTES, new CompletableFuture<>(), new CompletableFuture<>()))
                    : Reply.streaming(200, null, LITTLE_BYTES, body(memory, LITTLE_BYTES, inLine, new CompletableFuture<>()))));
            shortOfMemory = () -> sweep(inLine.isDone() && memory.isShort());
            clients.add(start(PATIENT, clock));
            for (int i = 1; i < SLOW_CLIENTS; i++) {
                clients.add(new WireClient(edge.port()));
            }
            for (WireClient client : clients) {
                client.send(head("GET", "/acc/stream"));
            }
            await("memory is short", memory::isShort);
            WireClient reader = new WireClient(edge.port());
            clients.add(reader);
            assertEquals(LITTLE_BYTES, reader.send(head("GET", "/acc/stream?little=1")).answer().body().length());
            for (WireClient client : clients) {
                client.close();
            }
            awaitIdle();
            await("all memory has been given back", () -> memory.takenBytes() == 0);
        }
    }

    @Test
    void nobodyIsCutWhileThereIsMemoryForAll() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        AtomicBoolean isShort = new AtomicBoolean();
        try (PooledBuffers memory = new PooledBuffers(MEMORY_BYTES, 10, 600_000)) {
            streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(
                    Reply.streaming(200, null, Long.MAX_VALUE, body(memory, PART_BYTES, begun, closed))));
            shortOfMemory = () -> sweep(isShort.get());
            try (WireClient slow = start(PATIENT, clock)) {
                slow.send(head("GET", "/acc/stream"));
                begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                int before = sweeps.get();
                await("it has been looked at", () -> sweeps.get() >= before + 4);
                assertFalse(closed.isDone());
                isShort.set(true);
                closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                awaitIdle();
                await("its memory has been given back", () -> memory.takenBytes() == 0);
            }
        }
    }

    @Test
    void clientThatStopsInTheMiddleOfABodyIsCutWhenMemoryIsShort() throws Exception {
        CompletableFuture<Void> came = new CompletableFuture<>();
        CompletableFuture<Void> read = new CompletableFuture<>();
        streaming = request -> PlannedRequest.streaming(1 << 20, body -> body.pipeTo(part -> {
            came.complete(null);
            return null;
        }).handle((done, failure) -> {
            read.completeExceptionally(failure);
            return Reply.empty(201);
        }));
        shortOfMemory = () -> sweep(came.isDone());
        try (WireClient slow = start(PATIENT, clock)) {
            slow.send(head("PUT", "/acc/stream", "Content-Length: 200000") + "x".repeat(100_000));
            assertThrows(ExecutionException.class, () -> read.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            awaitIdle();
            assertTrue(slow.isClosed());
        }
    }

    @Test
    void operationThatLastsEndsOnlyWhenNothingMoves() throws Exception {
        CompletableFuture<Progress> progress = new CompletableFuture<>();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        streaming = request -> PlannedRequest.lasting(moving -> {
            progress.complete(moving);
            return reply;
        });
        try (WireClient lasting = start("request-timeout = 30s, event-loops = 1", clock); WireClient other = new WireClient(edge.port())) {
            lasting.send(head("PUT", "/acc/stream", "Content-Length: 0"));
            progress.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < 5; i++) {
                progress.join().moved(StreamPace.MIN_PROGRESS_BYTES);
                awaitSweep(other);
            }
            reply.complete(Reply.empty(201));
            assertEquals(201, lasting.answer().status());
        }
        for (int silentBytes : List.of(0, StreamPace.MIN_PROGRESS_BYTES - 1)) {
            assertEquals("OperationTimedOut", lastingWith(silentBytes, "request-timeout = 30s"));
        }
        assertEquals("OperationTimedOut", lastingWith(1 << 20, "request-timeout = 30s, write-time-per-mib = 10s"), "too slow on average");
    }

    private String lastingWith(long movedBytes, String overrides) throws Exception {
        stop();
        CompletableFuture<Progress> progress = new CompletableFuture<>();
        streaming = request -> PlannedRequest.lasting(moving -> {
            progress.complete(moving);
            return new CompletableFuture<>();
        });
        try (WireClient lasting = start(overrides + ", event-loops = 1", clock)) {
            lasting.send(head("PUT", "/acc/stream", "Content-Length: 0"));
            progress.get(PATIENCE_SECONDS, TimeUnit.SECONDS).moved(movedBytes);
            clock.advanceMillis(31_000);
            return lasting.answer().header("x-ms-error-code");
        }
    }

    /** Lets a request's time pass and comes back when the loop has looked at all that were under way. */
    private void awaitSweep(WireClient other) throws Exception {
        other.send(head("GET", "/acc/wait"));
        CompletableFuture<Reply> never = waiting.poll(60, TimeUnit.SECONDS);
        assertTrue(never != null);
        clock.advanceMillis(31_000);
        assertEquals("OperationTimedOut", other.answer().header("x-ms-error-code"));
    }
}
