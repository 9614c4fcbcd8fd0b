package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of a node that read chunks and its index, with a bounded queue. What is read is verified before anybody sees it; a chunk that
 * moves meanwhile is looked up again.
 */
final class ChunkReader implements AutoCloseable {

    /** A chunk that has moved again every time it was looked up is not there. */
    private static final int MAX_LOOKUPS = 4;
    private static final long CLOSE_WAIT_MILLIS = 10_000;

    private final ChunkIndex index;
    private final Extents extents;
    private final Faults faults;
    private final ThreadPoolExecutor threads;

    ChunkReader(ChunkIndex index, Extents extents, Faults faults, LocalSettings settings) {
        this.index = index;
        this.extents = extents;
        this.faults = faults;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                settings.readThreads(), settings.readThreads(), 0, TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(settings.maxPendingReads()), task -> {
                    Thread thread = new Thread(task, "lazuli-chunk-read-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** See {@link LocalChunks#read}. */
    CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers) {
        if (offset < 0 || maxBytes < 1) {
            throw new IllegalArgumentException("no bytes of a chunk: " + maxBytes + " from " + offset);
        }
        CompletableFuture<ChunkPart> result = new CompletableFuture<>();
        execute(result, () -> {
            IndexEntry entry = index.get(id);
            if (entry == null) {
                throw new ChunkMissingException(id);
            }
            if (offset >= entry.lengthBytes()) {
                throw new IllegalArgumentException("chunk " + id + " has no byte " + offset);
            }
            int from = offset / Slices.BYTES * Slices.BYTES;
            long end = Math.min(entry.lengthBytes(), (long) Slices.count((int) Math.min(entry.lengthBytes(), (long) offset + maxBytes)) * Slices.BYTES);
            int bytes = (int) (end - from);
            CompletableFuture<ChunkBuffer> taking = buffers.take(bytes).toCompletableFuture();
            if (taking.isDone() && !taking.isCompletedExceptionally()) {
                finish(result, id, entry, from, taking.join());
            } else {
                taking.whenComplete((buffer, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else if (!execute(result, () -> finish(result, id, entry, from, buffer))) {
                        buffer.release();
                    }
                });
            }
        });
        return result;
    }

    /** Runs something that reads the index. */
    <T> CompletionStage<T> ask(Supplier<T> reading) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(result, () -> result.complete(reading.get()));
        return result;
    }

    /**
     * Reads whole slices into the buffer, position to limit; they are good when it returns.
     *
     * @return where the chunk lay
     */
    IndexEntry fill(ChunkId id, IndexEntry known, int from, ByteBuffer into) {
        IndexEntry entry = known;
        for (int lookups = 0; lookups < MAX_LOOKUPS && entry != null; lookups++) {
            try {
                FileChannel channel = extents.acquire(entry.extent());
                if (channel != null) {
                    try {
                        fill(id, entry, channel, from, into);
                    } finally {
                        extents.release(entry.extent());
                    }
                    return entry;
                }
            } catch (IOException e) {
                faults.damaged(id, entry, e.toString());
                throw new ChunkDamagedException(id, "on disk: it cannot be read");
            }
            entry = index.get(id);
        }
        throw new ChunkMissingException(id);
    }

    /** Looks whether the header of a record is good, which only matters when the index is lost or the chunk moves. */
    void checkHeader(ChunkId id, IndexEntry entry, ByteBuffer scratch) {
        Extent extent = extents.get(entry.extent());
        if (extent == null) {
            return;
        }
        try {
            FileChannel channel = extents.acquire(entry.extent());
            if (channel == null) {
                return;
            }
            try {
                scratch.clear().limit(RecordFormat.headerBytes(entry.lengthBytes()));
                Extent.read(channel, scratch, entry.offset());
            } finally {
                extents.release(entry.extent());
            }
        } catch (IOException e) {
            faults.damaged(id, entry, e.toString());
            return;
        }
        RecordFormat.Header header = RecordFormat.decodeHeader(scratch.flip(), extent.salt);
        if (header == null || !header.id().equals(id) || !Arrays.equals(header.checksums(), entry.checksums())) {
            faults.damaged(id, entry, "its header is not good");
        }
    }

    private void fill(ChunkId id, IndexEntry entry, FileChannel channel, int from, ByteBuffer into) throws IOException {
        int begin = into.position();
        Extent.read(channel, into, entry.position(from));
        into.position(begin);
        if (!Slices.match(into, entry.checksums(), from / Slices.BYTES)) {
            faults.damaged(id, entry, "a checksum of its slices from " + from + " on is wrong");
            throw new ChunkDamagedException(id, "on disk");
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the disk does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while closing", e);
        }
    }

    private void finish(CompletableFuture<ChunkPart> result, ChunkId id, IndexEntry known, int from, ChunkBuffer buffer) {
        ChunkPart part;
        try {
            IndexEntry entry = fill(id, known, from, buffer.bytes());
            int first = from / Slices.BYTES;
            int[] checksums = Arrays.copyOfRange(entry.checksums(), first, first + Slices.count(buffer.bytes().remaining()));
            part = new ChunkPart(from, buffer, checksums, entry.lengthBytes());
        } catch (Throwable e) {
            buffer.release();
            result.completeExceptionally(e);
            return;
        }
        if (!result.complete(part)) {
            buffer.release();
        }
    }

    /** False if it will not run; the result has failed then. */
    private boolean execute(CompletableFuture<?> result, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new StorageException(StorageErrorCode.SERVER_BUSY));
            return false;
        }
    }
}
