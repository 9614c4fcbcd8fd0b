package io.lazuli.storage.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory for blob bytes never exceeds its bound, is given out in order, and comes back exactly once. */
class PooledBuffersTest {

    private static final int MIB = 1 << 20;
    private static final long LONG_MILLIS = 120_000;

    private final List<PooledBuffers> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(PooledBuffers::close);
    }

    @Test
    void aBufferHasTheSizeThatWasAskedForAndNoOtherUsersBytes() throws Exception {
        PooledBuffers buffers = open(4L * MIB, 10, LONG_MILLIS);
        List<ChunkBuffer> taken = new ArrayList<>();
        for (int size : List.of(1, 1000, 64 << 10, (64 << 10) + 1, 256 << 10, (256 << 10) + 1, MIB, 5)) {
            ChunkBuffer buffer = buffers.take(size).toCompletableFuture().get();
            assertEquals(size, buffer.bytes().remaining());
            assertTrue(buffer.bytes().isDirect());
            while (buffer.bytes().hasRemaining()) {
                buffer.bytes().put((byte) taken.size());
            }
            taken.add(buffer);
        }
        for (int i = 0; i < taken.size(); i++) {
            for (int at = 0; at < taken.get(i).bytes().limit(); at++) {
                assertEquals(i, taken.get(i).bytes().get(at));
            }
        }
        assertEquals(2L * MIB + 2 * (256 << 10) + 4 * (64 << 10), buffers.takenBytes());
        taken.forEach(ChunkBuffer::release);
        assertEquals(0, buffers.takenBytes());
        assertThrows(IllegalArgumentException.class, () -> buffers.take(0));
        assertThrows(IllegalArgumentException.class, () -> buffers.take(MIB + 1));
    }

    @Test
    void releasingTwiceIsAnErrorOfTheProgram() throws Exception {
        ChunkBuffer buffer = open(4L * MIB, 10, LONG_MILLIS).take(7).toCompletableFuture().get();
        buffer.release();
        assertThrows(IllegalStateException.class, buffer::release);
    }

    @Test
    void whoFindsNoRoomIsServedInOrderAndSmallOnesDoNotOvertake() throws Exception {
        PooledBuffers buffers = open(4L * MIB, 3, LONG_MILLIS);
        List<ChunkBuffer> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(buffers.take(MIB).toCompletableFuture().get());
        }
        CompletableFuture<ChunkBuffer> large = buffers.take(MIB).toCompletableFuture();
        CompletableFuture<ChunkBuffer> small = buffers.take(1).toCompletableFuture();
        CompletableFuture<ChunkBuffer> given = buffers.take(1).toCompletableFuture();
        assertBusy(buffers.take(1).toCompletableFuture());
        given.cancel(true);
        assertEquals(2, buffers.waiting());
        taken.get(0).release();
        assertTrue(large.isDone());
        assertFalse(small.isDone());
        taken.get(1).release();
        assertTrue(small.isDone());
        assertEquals(0, buffers.waiting());
        assertTrue(buffers.take(2).toCompletableFuture().isDone(), "shares the slab of the other small one");
    }

    @Test
    void whoGivesUpInFrontLetsOthersPass() throws Exception {
        PooledBuffers buffers = open(4L * MIB, 10, LONG_MILLIS);
        for (int i = 0; i < 3; i++) {
            buffers.take(MIB);
        }
        buffers.take(1).toCompletableFuture().get();
        CompletableFuture<ChunkBuffer> large = buffers.take(MIB).toCompletableFuture();
        CompletableFuture<ChunkBuffer> small = buffers.take(1).toCompletableFuture();
        assertFalse(small.isDone());
        large.cancel(true);
        assertTrue(small.isDone());
    }

    @Test
    void waitingTooLongIsServerBusy() {
        PooledBuffers buffers = open(4L * MIB, 10, 20);
        for (int i = 0; i < 4; i++) {
            buffers.take(MIB);
        }
        assertBusy(buffers.take(1).toCompletableFuture());
        assertBusy(buffers.take(MIB).toCompletableFuture());
        assertEquals(0, buffers.waiting());
    }

    @Test
    void aLongLineIsServedByOneReleaseWithoutNestingDeeper() throws Exception {
        PooledBuffers buffers = open(4L * MIB, 100_000, LONG_MILLIS);
        List<ChunkBuffer> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(buffers.take(MIB).toCompletableFuture().get());
        }
        CompletableFuture<?> last = null;
        for (int i = 0; i < 50_000; i++) {
            last = buffers.take(MIB).thenAccept(ChunkBuffer::release).toCompletableFuture();
        }
        taken.get(0).release();
        assertTrue(last.isDone() && !last.isCompletedExceptionally());
        assertEquals(3L * MIB, buffers.takenBytes());
    }

    @Test
    void whateverIsTakenAndReleasedByManyThreadsTheBoundHoldsAndAllComesBack() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        PooledBuffers buffers = open(4L * MIB, 1000, LONG_MILLIS);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(seed + t);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 3000; i++) {
                        int size = random.nextBoolean() ? 1 + random.nextInt(MIB) : 1 + random.nextInt(64 << 10);
                        CompletableFuture<ChunkBuffer> taking = buffers.take(size).toCompletableFuture();
                        if (random.nextInt(10) == 0 && taking.cancel(true)) {
                            continue;
                        }
                        ChunkBuffer buffer = taking.get(120, TimeUnit.SECONDS);
                        long mark = random.nextLong();
                        if (size >= 8) {
                            buffer.bytes().putLong(0, mark);
                        }
                        assertTrue(buffers.takenBytes() <= 4L * MIB);
                        if (size >= 8) {
                            assertEquals(mark, buffer.bytes().getLong(0));
                        }
                        buffer.release();
                    }
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures, "seed " + seed);
        assertEquals(0, buffers.takenBytes());
        assertEquals(0, buffers.waiting());
    }

    @Test
    void theDefaultsAreValid() {
        ChunkSettings settings = ChunkSettings.of(ConfigFactory.load());
        assertEquals(128L << 20, settings.maxBufferedBytes());
    }

    private PooledBuffers open(long maxBytes, int maxWaiting, long timeoutMillis) {
        PooledBuffers buffers = new PooledBuffers(maxBytes, maxWaiting, timeoutMillis);
        opened.add(buffers);
        return buffers;
    }

    private static void assertBusy(CompletableFuture<?> result) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> result.get(120, TimeUnit.SECONDS));
        assertEquals(StorageErrorCode.SERVER_BUSY, assertInstanceOf(StorageException.class, failure.getCause()).error());
    }
}
