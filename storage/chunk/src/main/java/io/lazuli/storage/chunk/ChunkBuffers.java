package io.lazuli.storage.chunk;

import java.util.concurrent.CompletionStage;

/**
 * The memory that transfers of blob content may take together on a node ({@code lazuli.chunk.max-buffered-bytes}). Any thread.
 */
public interface ChunkBuffers {

    /**
     * A cleared buffer of at least {@code capacityBytes}, 1 to {@link io.lazuli.storage.model.ChunkRun#CHUNK_BYTES}; its limit is that.
     * Waits in line for room; fails with {@link io.lazuli.storage.model.StorageException} ServerBusy if it takes too long or
     * too many wait. Cancelling the future leaves the line.
     */
    CompletionStage<ChunkBuffer> take(int capacityBytes);

    /** Whether somebody waits for room now. */
    default boolean isShort() {
        return false;
    }
}
