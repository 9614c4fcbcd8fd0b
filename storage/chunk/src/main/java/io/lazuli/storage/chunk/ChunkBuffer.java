package io.lazuli.storage.chunk;

import java.nio.ByteBuffer;

/**
 * A piece of blob content in memory outside of the heap, taken from a node's bounded {@link ChunkBuffers}. Whoever holds it releases it exactly
 * once, or gives it away to something that does.
 */
public interface ChunkBuffer {

    /**
     * A direct buffer, except of bytes that were in memory anyway (then perhaps read-only); its position and limit are the holder's to move. The
     * same one at every call.
     */
    ByteBuffer bytes();

    /** Gives the memory back. The bytes must not be used any more. */
    void release();
}
