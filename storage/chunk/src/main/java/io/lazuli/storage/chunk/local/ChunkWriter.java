package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.local.WriteLane.Job;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Writes a node's chunks in a few lanes ({@link WriteLane}), because a disk does more when one thing is synced while another is written. All
 * that is written under an id goes through the same lane, one after the other, and successive chunks of a run through different ones. Any
 * thread.
 */
final class ChunkWriter implements AutoCloseable {

    private static final long CLOSE_WAIT_MILLIS = 10_000;

    private final List<WriteLane> lanes = new ArrayList<>();
    private final ExecutorService answers = Executors.newSingleThreadExecutor(task -> {
        Thread answering = new Thread(task, "lazuli-chunk-written");
        answering.setDaemon(true);
        return answering;
    });

    /** @param toContinue extents that are to be continued at their sizes, at most one for each lane */
    ChunkWriter(Extents extents, ChunkIndex index, DiskSpace space, LocalSettings settings, List<Extent> toContinue) throws IOException {
        for (int i = 0; i < settings.writeLanes(); i++) {
            lanes.add(new WriteLane(i + 1, extents, index, space, settings, answers, i < toContinue.size() ? toContinue.get(i) : null));
        }
    }

    void start() {
        lanes.forEach(WriteLane::start);
    }

    /** See {@link LocalChunks#append}. */
    CompletableFuture<Void> append(ChunkId id, int[] checksums, ByteBuffer bytes) {
        return lane(id).submit(new Job(id, checksums, bytes.duplicate(), null, new CompletableFuture<>()));
    }

    /** Writes a chunk again; it counts only if it lies at {@code from} until then. May use the last room of the disk. */
    CompletableFuture<Void> move(ChunkId id, IndexEntry from, ByteBuffer bytes) {
        return lane(id).submit(new Job(id, from.checksums(), bytes.duplicate(), from, new CompletableFuture<>()));
    }

    /** Goes on in another extent, because the file of this one has vanished. */
    CompletableFuture<Void> leave(Extent vanished) {
        IndexEntry nowhere = new IndexEntry(vanished.number, 0, 0, null, false);
        return CompletableFuture.allOf(lanes.stream()
                .map(lane -> lane.submit(new Job(null, null, ByteBuffer.allocate(0), nowhere, new CompletableFuture<>())))
                .toArray(CompletableFuture[]::new));
    }

    long appends() {
        return sum(WriteLane::appends);
    }

    long forces() {
        return sum(WriteLane::forces);
    }

    long repaired() {
        return sum(WriteLane::repaired);
    }

    @Override
    public void close() {
        lanes.forEach(WriteLane::end);
        boolean ended = true;
        try {
            for (WriteLane lane : lanes) {
                ended &= lane.awaitEnd(CLOSE_WAIT_MILLIS);
            }
            answers.shutdown();
            if (!ended || !answers.awaitTermination(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the disk does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while closing", e);
        }
    }

    private WriteLane lane(ChunkId id) {
        return lanes.get((int) Long.remainderUnsigned(id.nonce() + id.index(), lanes.size()));
    }

    private long sum(ToLongFunction<WriteLane> count) {
        return lanes.stream().mapToLong(count).sum();
    }
}
