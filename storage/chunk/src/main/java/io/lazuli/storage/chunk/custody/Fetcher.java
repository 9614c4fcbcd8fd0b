package io.lazuli.storage.chunk.custody;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.replication.ReplicationSettings;
import io.lazuli.storage.chunk.transport.Lane;
import io.lazuli.storage.model.ChunkRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies whole chunks from other nodes to this one's disk, verified on the way: so many at a time, so many bytes a second. Used by one
 * thread, which waits; counted for any.
 */
final class Fetcher {

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private final LocalNode own;
    private final ChunkBuffers buffers;
    private final int inFlight;
    private final long timeoutMillis;
    private final Clock clock;
    private final FetchRate rate;
    private final Semaphore room;
    private final AtomicLong fetchedChunks = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong failedFetches = new AtomicLong();

    Fetcher(LocalNode own, ChunkBuffers buffers, ReplicationSettings settings, long timeoutMillis, Clock clock) {
        this.own = own;
        this.buffers = buffers;
        this.inFlight = settings.fetchesInFlight();
        this.timeoutMillis = timeoutMillis;
        this.clock = clock;
        this.rate = new FetchRate(settings.fetchBytesPerSecond(), clock.nanos());
        this.room = new Semaphore(inFlight);
    }

    /**
     * Waits for its turn, then fetches in the background; the answer never fails and is whether the chunk is here now.
     *
     * @param then hears the answer, before {@link #await} returns
     */
    CompletionStage<Boolean> fetch(ChunkId id, NodeChunks from, Consumer<Boolean> then) throws InterruptedException {
        room.acquire();
        TimeUnit.NANOSECONDS.sleep(rate.waitNanos(clock.nanos()));
        return from.read(id, 0, ChunkRun.CHUNK_BYTES, buffers, Lane.UPKEEP, timeoutMillis)
                .thenCompose(part -> store(id, part, from))
                .handle((bytes, failure) -> {
                    if (failure != null) {
                        failedFetches.incrementAndGet();
                        LOG.debug("chunk {} was not fetched from node {}: {}", id, from.node(), failure.toString());
                        return false;
                    }
                    fetchedChunks.incrementAndGet();
                    fetchedBytes.addAndGet(bytes);
                    rate.fetched(bytes);
                    return true;
                })
                .thenApply(fetched -> {
                    then.accept(fetched);
                    room.release();
                    return fetched;
                });
    }

    /** Waits until nothing is under way. */
    void await() throws InterruptedException {
        room.acquire(inFlight);
        room.release(inFlight);
    }

    long fetchedChunks() {
        return fetchedChunks.get();
    }

    long fetchedBytes() {
        return fetchedBytes.get();
    }

    long failedFetches() {
        return failedFetches.get();
    }

    private CompletionStage<Integer> store(ChunkId id, ChunkPart part, NodeChunks from) {
        int bytes = part.buffer().bytes().remaining();
        if (bytes != part.chunkBytes() || !Slices.match(part.buffer().bytes(), part.checksums(), 0)) {
            part.buffer().release();
            return CompletableFuture.failedStage(new ChunkDamagedException(id, "as it came from " + from.node()));
        }
        SharedBuffer shared = SharedBuffer.of(part.buffer());
        CompletionStage<Integer> stored = own.store(id, part.checksums(), shared).thenApply(done -> bytes);
        shared.release();
        return stored;
    }
}
