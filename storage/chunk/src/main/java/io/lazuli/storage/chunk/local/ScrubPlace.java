package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import java.nio.ByteBuffer;

/**
 * How far the scrubber is, a row of the index.
 *
 * @param after the last chunk of this pass that was read, null before the first
 * @param passBeganMillis 0 before the first pass
 * @param passChunks read in this pass
 * @param lastPassEndedMillis 0 before the end of the first pass; not before {@code passBeganMillis} if no pass is under way
 */
record ScrubPlace(ChunkId after, long passBeganMillis, long passChunks, long lastPassEndedMillis) {

    static final ScrubPlace NONE = new ScrubPlace(null, 0, 0, 0);

    private static final byte VERSION = 1;
    private static final int SUM_BYTES = 1 + 3 * Long.BYTES;

    byte[] encode() {
        byte[] key = after == null ? new byte[0] : IndexEntry.key((byte) 0, after);
        return ByteBuffer.allocate(SUM_BYTES + key.length).put(VERSION).putLong(passBeganMillis).putLong(passChunks)
                .putLong(lastPassEndedMillis).put(key).array();
    }

    /** Begins anew if these bytes are no place. */
    static ScrubPlace decode(byte[] encoded) {
        if (encoded == null || encoded.length < SUM_BYTES || encoded[0] != VERSION) {
            return NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(encoded, 1, encoded.length - 1);
        long began = in.getLong();
        long chunks = in.getLong();
        long ended = in.getLong();
        byte[] key = new byte[in.remaining()];
        in.get(key);
        return new ScrubPlace(key.length == 0 ? null : IndexEntry.id(key), began, chunks, ended);
    }
}
