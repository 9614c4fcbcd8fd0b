package io.lazuli.storage.chunk.local;

import static io.lazuli.storage.chunk.local.TestChunks.BEGAN_MILLIS;
import static io.lazuli.storage.chunk.local.TestChunks.settings;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.chunk.ChunkId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of one node's chunks in a directory of their own, which note what is found damaged or lost. */
abstract class DiskChunksFixture {

    static final int KIB = 1 << 10;
    static final int MIB = 1 << 20;

    @TempDir
    Path directory;
    final ManualClock clock = new ManualClock(BEGAN_MILLIS + 10_000_000);
    final AtomicLong freeBytes = new AtomicLong(1L << 40);
    final List<ChunkId> damaged = new CopyOnWriteArrayList<>();
    final List<Integer> lost = new CopyOnWriteArrayList<>();
    /** Null if whoever asks for the free bytes need not wait. */
    volatile CountDownLatch beforeAnswer;
    DiskChunks chunks;

    @BeforeEach
    void open() throws IOException {
        open(settings(8 * MIB));
    }

    @AfterEach
    void close() {
        chunks.close();
    }

    void reopen() throws IOException {
        chunks.close();
        open(settings(8 * MIB));
    }

    long freeBytes() throws IOException {
        CountDownLatch before = beforeAnswer;
        try {
            if (before != null) {
                before.await();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return freeBytes.get();
    }

    void open(LocalSettings settings) throws IOException {
        chunks = new DiskChunks(directory, settings, clock, this::freeBytes);
        chunks.onFault(new LocalChunks.FaultListener() {
            @Override
            public void damaged(ChunkId id) {
                damaged.add(id);
            }

            @Override
            public void lost(int group) {
                lost.add(group);
            }
        });
    }
}
