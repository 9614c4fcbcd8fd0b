package io.lazuli.storage.chunk;

/** This node does not have the chunk: it never came, was dropped, or was lost with a file. */
public final class ChunkMissingException extends RuntimeException {

    public ChunkMissingException(ChunkId id) {
        super("chunk " + id + " is not here", null, false, false);
    }
}
