package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.PooledBuffers;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that hold memory and move nothing lose it to those that need some, and only then; what lasts, lasts as long as bytes move. */
@Timeout(120)
class SlowClientsTest extends EchoEdgeTest {

    private static final int PART_BYTES = 256 * 1024;
    private static final int SLOW_CLIENTS = 60;
    private static final int MEMORY_BYTES = 4 << 20;

    private final ManualClock clock = new ManualClock(0);

    /** What is read from disk: into memory of which there is not much. */
    private static ReplyBody body(PooledBuffers memory, int partBytes) {
        return new ReplyBody() {

            @Override
            public CompletionStage<Part> next() {
                return memory.take(partBytes).thenApply(BufferPart::new);
            }

            @Override
            public void close() {}
        };
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
        List<WireClient> slow = new ArrayList<>();
        try (PooledBuffers memory = new PooledBuffers(MEMORY_BYTES, 10_000, 600_000)) {
            streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(request.query().first("little") == null
                    ? Reply.streaming(200, null, Long.MAX_VALUE, body(memory, PART_BYTES))
                    : Reply.streaming(200, null, PART_BYTES, body(memory, PART_BYTES))));
            slow.add(start("slow-after = 4s, request-timeout = 1h, body-timeout = 1h, idle-timeout = 61m, event-loops = 1", clock));
            for (int i = 1; i < SLOW_CLIENTS; i++) {
                slow.add(new WireClient(edge.port()));
            }
            for (WireClient client : slow) {
                client.send(head("GET", "/acc/stream"));
            }
            while (!memory.isShort()) {
                Thread.onSpinWait();
            }
            WireClient reader = new WireClient(edge.port());
            slow.add(reader);
            reader.send(head("GET", "/acc/stream?little=1"));
            CompletableFuture<WireClient.Answer> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return reader.answer();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            while (!answer.isDone()) {
                shortOfMemory = memory.isShort();
                clock.advanceMillis(1_000);
                Thread.onSpinWait();
            }
            assertEquals(PART_BYTES, answer.join().body().length());
            for (WireClient client : slow) {
                client.close();
            }
            awaitIdle();
            while (memory.takenBytes() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void nobodyIsCutWhileThereIsMemoryForAll() throws Exception {
        try (PooledBuffers memory = new PooledBuffers(MEMORY_BYTES, 10, 600_000)) {
            streaming = request -> new PlannedRequest(0, ignored -> CompletableFuture.completedStage(
                    Reply.streaming(200, null, Long.MAX_VALUE, body(memory, PART_BYTES))));
            try (WireClient slow = start("slow-after = 4s, body-timeout = 1h, idle-timeout = 61m, event-loops = 1", clock);
                    WireClient other = new WireClient(edge.port())) {
                slow.send(head("GET", "/acc/stream"));
                while (memory.takenBytes() == 0) {
                    Thread.onSpinWait();
                }
                clock.advanceMillis(31_000);
                awaitSweep(other);
                assertTrue(memory.takenBytes() > 0, "still held");
                shortOfMemory = true;
                while (memory.takenBytes() > 0) {
                    clock.advanceMillis(1_000);
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void clientThatStopsInTheMiddleOfABodyIsCutWhenMemoryIsShort() throws Exception {
        CompletableFuture<Void> came = new CompletableFuture<>();
        CompletableFuture<Void> read = new CompletableFuture<>();
        streaming = request -> PlannedRequest.streaming(1 << 20, body -> {
            body.pipeTo(part -> {
                came.complete(null);
                return null;
            }).whenComplete((done, failure) -> {
                if (failure != null) {
                    read.completeExceptionally(failure);
                }
            });
            return new CompletableFuture<>();
        });
        try (WireClient slow = start("slow-after = 4s, body-timeout = 1h, request-timeout = 1h, idle-timeout = 61m, event-loops = 1", clock)) {
            slow.send(head("PUT", "/acc/stream", "Content-Length: 200000") + "x".repeat(100_000));
            came.join();
            shortOfMemory = true;
            while (!read.isDone()) {
                clock.advanceMillis(1_000);
                Thread.onSpinWait();
            }
            assertThrows(CompletionException.class, read::join);
            awaitIdle();
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
            progress.join();
            for (int i = 0; i < 5; i++) {
                progress.join().moved(Exchange.MIN_PROGRESS_BYTES);
                awaitSweep(other);
            }
            reply.complete(Reply.empty(201));
            assertEquals(201, lasting.answer().status());
        }
        for (int silentBytes : List.of(0, Exchange.MIN_PROGRESS_BYTES - 1)) {
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
            progress.join().moved(movedBytes);
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
