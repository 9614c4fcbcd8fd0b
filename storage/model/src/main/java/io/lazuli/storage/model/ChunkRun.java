package io.lazuli.storage.model;

/**
 * Names bytes in the chunk store: a run of chunks that one upload wrote, one after the other. Rows of blobs hold these names, so a block of
 * gigabytes costs a row no more than one of kilobytes. Chunk <em>i</em> of a run holds its bytes from {@code i * CHUNK_BYTES} on; all
 * but the last are full. A run is immutable once it has ended.
 *
 * @param group the group whose storage nodes hold the chunks
 * @param createdMillis when the run began, by the clock of the node that wrote it; part of its identity
 * @param nonce random; part of its identity
 * @param lengthBytes 1 or more
 */
public record ChunkRun(int group, long createdMillis, long nonce, long lengthBytes) {

    /** What a chunk holds at most. Part of how stored rows are read: never change it. */
    public static final int CHUNK_BYTES = 1 << 20;

    public ChunkRun {
        if (group < 0 || group > PartitionId.MAX_GROUP || createdMillis < 0 || lengthBytes < 1) {
            throw new IllegalArgumentException("no run: group " + group + ", " + createdMillis + " ms, " + lengthBytes + " bytes");
        }
    }

    public int chunks() {
        return Math.toIntExact((lengthBytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** The length of chunk {@code index}. */
    public int chunkBytes(int index) {
        return (int) Math.min(CHUNK_BYTES, lengthBytes - (long) index * CHUNK_BYTES);
    }
}
