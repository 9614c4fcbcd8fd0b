package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.Slices;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Where a chunk lies: a row of the index.
 *
 * @param extent number of the file
 * @param offset of the record in it
 * @param checksums of the slices, as in the record
 * @param damaged found unlike its checksums or unreadable; waits for a repair
 */
record IndexEntry(int extent, long offset, int lengthBytes, int[] checksums, boolean damaged) {

    private static final byte VERSION = 1;
    private static final int DAMAGED = 1;
    private static final int KEY_BYTES = 1 + 2 + 8 + 8 + 4;

    static IndexEntry of(RecordFormat.Header header, int extent, long offset, boolean damaged) {
        return new IndexEntry(extent, offset, header.lengthBytes(), header.checksums(), damaged);
    }

    IndexEntry asDamaged() {
        return new IndexEntry(extent, offset, lengthBytes, checksums, true);
    }

    boolean liesAt(IndexEntry other) {
        return extent == other.extent && offset == other.offset;
    }

    /** Where the byte of the chunk lies in the file. */
    long position(int offsetInChunk) {
        return offset + RecordFormat.headerBytes(lengthBytes) + offsetInChunk;
    }

    int recordBytes() {
        return RecordFormat.recordBytes(lengthBytes);
    }

    byte[] encode() {
        return ByteBuffer.allocate(2 + 4 + 8 + 4 + checksums.length * Integer.BYTES)
                .put(VERSION).put((byte) (damaged ? DAMAGED : 0)).putInt(extent).putLong(offset).putInt(lengthBytes)
                .put(bytes(checksums)).array();
    }

    /** @throws IllegalStateException if these bytes are no entry */
    static IndexEntry decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        try {
            byte version = in.get();
            int flags = in.get();
            int extent = in.getInt();
            long offset = in.getLong();
            int length = in.getInt();
            int[] checksums = new int[in.remaining() / Integer.BYTES];
            in.asIntBuffer().get(checksums);
            if (version == VERSION && length > 0 && offset >= 0 && checksums.length == Slices.count(length)) {
                return new IndexEntry(extent, offset, length, checksums, (flags & DAMAGED) != 0);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("not an entry of the chunk index", e);
        }
        throw new IllegalStateException("not an entry of the chunk index");
    }

    /** The key of a chunk's row among those of its kind: in the order of ids. */
    static byte[] key(byte kind, ChunkId id) {
        return ByteBuffer.allocate(KEY_BYTES).put(kind).putShort((short) id.group()).putLong(id.createdMillis()).putLong(id.nonce())
                .putInt(id.index()).array();
    }

    /** The first possible key of a group's chunks of a time; group 4096 is behind all. */
    static byte[] bound(byte kind, int group, long createdMillis) {
        return ByteBuffer.allocate(KEY_BYTES).put(kind).putShort((short) group).putLong(createdMillis).array();
    }

    static ChunkId id(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key, 1, KEY_BYTES - 1);
        return new ChunkId(in.getShort(), in.getLong(), in.getLong(), in.getInt());
    }

    private static ByteBuffer bytes(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
        bytes.asIntBuffer().put(values);
        return bytes;
    }
}
