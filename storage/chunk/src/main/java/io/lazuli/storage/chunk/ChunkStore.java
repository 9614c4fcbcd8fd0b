package io.lazuli.storage.chunk;

import io.lazuli.storage.model.ChunkRun;
import java.util.concurrent.CompletionStage;

/**
 * The bytes of blobs as their users on any node see them: written as runs of chunks to the storage nodes of a group, read from any of these
 * nodes whose copy is good. Any thread. Fails with {@link io.lazuli.storage.model.StorageException}: ServerBusy (too much under way, no
 * majority reachable in time), InsufficientStorage (no majority has room), InternalError (no good copy can be reached).
 */
public interface ChunkStore {

    /** The memory for what is written and read. */
    ChunkBuffers buffers();

    /** Begins a run on the storage nodes of the group. */
    RunWriter begin(int group);

    /**
     * The bytes of a run from {@code offset} on: as many as {@code maxBytes} says or up to the end of the chunk that holds
     * {@code offset}. Verified against the checksums made when they were written. The caller releases the buffer, position 0 to limit.
     */
    CompletionStage<ChunkBuffer> read(ChunkRun run, long offset, int maxBytes);

    /** One upload. Not for use by several threads at once. */
    interface RunWriter {

        /** Chunks of one run that may be under way at a time. */
        int MAX_UNDER_WAY = 2;

        /**
         * Adds one chunk: the bytes from position to limit, 1 to {@link ChunkRun#CHUNK_BYTES}; only the last one of a run may be short. The
         * buffer is given away. Completes when the chunk is on disk on a majority of the group's storage nodes. The caller has at most
         * {@link #MAX_UNDER_WAY} of them under way.
         */
        CompletionStage<Void> append(ChunkBuffer chunk);

        /** The run of all that was added, after every append has completed well; at least one. */
        ChunkRun end();

        /** Nobody will name what was written. It is collected in time; no need to wait. */
        void abandon();
    }
}
