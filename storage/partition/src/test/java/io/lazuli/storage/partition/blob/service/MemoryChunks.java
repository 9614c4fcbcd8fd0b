package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A chunk store in memory that answers at once or, with an executor, later; counts the buffers that are not given back. */
public final class MemoryChunks implements ChunkStore {

    public final Map<Long, Stored> runs = new ConcurrentHashMap<>();
    public final AtomicInteger buffersOut = new AtomicInteger();
    final AtomicInteger mostBuffersOut = new AtomicInteger();
    /** One in so many calls fails; 0 for none. */
    volatile int failures;
    volatile LongSupplier clock = System::currentTimeMillis;

    private final AtomicLong nonces = new AtomicLong();
    private final Executor executor;
    private final Random random;

    public record Stored(ChunkRun run, byte[] bytes) {}

    public MemoryChunks() {
        this(Runnable::run, new Random(1));
    }

    public MemoryChunks(Executor executor, Random random) {
        this.executor = executor;
        this.random = random;
    }

    @Override
    public ChunkBuffers buffers() {
        return capacity -> {
            if (capacity < 1 || capacity > ChunkRun.CHUNK_BYTES) {
                throw new IllegalArgumentException("capacity " + capacity);
            }
            CompletableFuture<ChunkBuffer> taken = new CompletableFuture<>();
            soon(() -> {
                Buffer buffer = new Buffer(ByteBuffer.allocate(capacity));
                if (!taken.complete(buffer)) {
                    buffer.release();
                }
            }, taken);
            return taken;
        };
    }

    @Override
    public RunWriter begin(int group) {
        return new Writer(group);
    }

    @Override
    public CompletionStage<ChunkBuffer> read(ChunkRun run, long offset, int maxBytes) {
        CompletableFuture<ChunkBuffer> read = new CompletableFuture<>();
        soon(() -> {
            Stored stored = runs.get(run.nonce());
            if (stored == null || !stored.run.equals(run)) {
                read.completeExceptionally(new StorageException(StorageErrorCode.INTERNAL_ERROR));
                return;
            }
            int length = (int) Math.min(Math.min(maxBytes, run.lengthBytes() - offset), ChunkRun.CHUNK_BYTES - offset % ChunkRun.CHUNK_BYTES);
            read.complete(new Buffer(ByteBuffer.allocate(length).put(stored.bytes, (int) offset, length).flip()));
        }, read);
        return read;
    }

    private void soon(Runnable work, CompletableFuture<?> result) {
        boolean fails;
        synchronized (random) {
            fails = failures > 0 && random.nextInt(failures) == 0;
        }
        executor.execute(() -> {
            if (fails) {
                result.completeExceptionally(new StorageException(StorageErrorCode.SERVER_BUSY));
            } else {
                work.run();
            }
        });
    }

    private final class Buffer implements ChunkBuffer {

        private final ByteBuffer bytes;
        private boolean released;

        private Buffer(ByteBuffer bytes) {
            this.bytes = bytes;
            int out = buffersOut.incrementAndGet();
            mostBuffersOut.accumulateAndGet(out, Math::max);
        }

        @Override
        public ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public synchronized void release() {
            if (released) {
                throw new IllegalStateException("released twice");
            }
            released = true;
            buffersOut.decrementAndGet();
        }
    }

    private final class Writer implements RunWriter {

        private final int group;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final AtomicInteger underWay = new AtomicInteger();
        private boolean lastWasShort;

        private Writer(int group) {
            this.group = group;
        }

        @Override
        public CompletionStage<Void> append(ChunkBuffer chunk) {
            int length = chunk.bytes().remaining();
            if (length < 1 || length > ChunkRun.CHUNK_BYTES || lastWasShort || underWay.incrementAndGet() > MAX_UNDER_WAY) {
                throw new IllegalStateException(length + " bytes, " + underWay + " chunks under way, behind a short one: " + lastWasShort);
            }
            lastWasShort = length < ChunkRun.CHUNK_BYTES;
            byte[] bytes = new byte[length];
            chunk.bytes().get(bytes);
            all.writeBytes(bytes);
            CompletableFuture<Void> appended = new CompletableFuture<>();
            CompletableFuture<Void> shown = appended.whenComplete((done, error) -> {
                chunk.release();
                underWay.decrementAndGet();
            });
            soon(() -> appended.complete(null), appended);
            return shown;
        }

        @Override
        public ChunkRun end() {
            if (underWay.get() > 0) {
                throw new IllegalStateException("ended while chunks are under way");
            }
            ChunkRun run = new ChunkRun(group, clock.getAsLong(), nonces.incrementAndGet(), all.size());
            runs.put(run.nonce(), new Stored(run, all.toByteArray()));
            return run;
        }

        @Override
        public void abandon() {}
    }

    /** All that is left of a download, which is closed. */
    public static byte[] bytesOf(BlobService.Download download) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ChunkBuffer buffer = next(download); buffer != null; buffer = next(download)) {
            byte[] bytes = new byte[buffer.bytes().remaining()];
            buffer.bytes().get(bytes);
            out.writeBytes(bytes);
            buffer.release();
        }
        download.close();
        return out.toByteArray();
    }

    private static ChunkBuffer next(BlobService.Download download) {
        return download.next().toCompletableFuture().join();
    }
}
