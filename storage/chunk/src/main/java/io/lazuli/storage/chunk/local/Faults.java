package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes chunks that are found damaged or lost, once each, and tells who listens. Any thread. */
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final ChunkIndex index;
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile LocalChunks.FaultListener listener;

    Faults(ChunkIndex index) {
        this.index = index;
    }

    void listener(LocalChunks.FaultListener listener) {
        this.listener = listener;
    }

    /** @param at where it was found so */
    void damaged(ChunkId id, IndexEntry at, String why) {
        if (!index.damaged(id, at)) {
            return;
        }
        damaged.incrementAndGet();
        LOG.warn("chunk {} in extent {} at {} is damaged: {}", id, at.extent(), at.offset(), why);
        LocalChunks.FaultListener told = listener;
        if (told != null) {
            told.damaged(id);
        }
    }

    void lost(Extent extent) {
        List<Integer> groups = index.lose(extent.number);
        lost.addAndGet(groups.size());
        LOG.error("{} is gone, and with it {} chunks", extent.path, groups.size());
        LocalChunks.FaultListener told = listener;
        if (told != null) {
            groups.stream().distinct().forEach(told::lost);
        }
    }

    /** Chunks that were found to be lost when the node started. */
    void lostBefore(long chunks) {
        lost.addAndGet(chunks);
    }

    long damaged() {
        return damaged.get();
    }

    long lost() {
        return lost.get();
    }
}
