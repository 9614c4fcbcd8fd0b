package io.lazuli.storage.chunk;

/** The bytes of a chunk are not those that its writer checksummed, or its disk does not give them. They are never used. */
public final class ChunkDamagedException extends RuntimeException {

    public ChunkDamagedException(ChunkId id, String where) {
        super("chunk " + id + " is damaged " + where, null, false, false);
    }
}
