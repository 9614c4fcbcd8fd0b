package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How a chunk lies in an extent: a header, its bytes, zeros up to the next multiple of {@link #ALIGNMENT_BYTES}, so that no acknowledged
 * record shares a page of the disk with a later one. Big-endian; pinned by a golden file.
 *
 * <pre>
 * magic 4 | version 1 | 0 1 | group 2 | created 8 | nonce 8 | index 4 | length 4 | salt 8 | CRC32C of each slice 4 n | CRC32C of all this 4
 * </pre>
 *
 * <p>The salt is the extent's own and unknown to users: bytes of a blob that look like a record are never taken for one.
 */
final class RecordFormat {

    static final int ALIGNMENT_BYTES = 4096;
    private static final int MAGIC = 0x4C7A436B;
    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 44;
    static final int MAX_HEADER_BYTES = FIXED_BYTES + Integer.BYTES * Slices.count(ChunkRun.CHUNK_BYTES);

    /** What a header says; the bytes themselves are checked by whoever reads them. */
    record Header(ChunkId id, int lengthBytes, int[] checksums) {

        /** Where the chunk's bytes begin, from the begin of the record. */
        int bytes() {
            return headerBytes(lengthBytes);
        }
    }

    private RecordFormat() {}

    static int headerBytes(int lengthBytes) {
        return FIXED_BYTES + Integer.BYTES * Slices.count(lengthBytes);
    }

    /** All of it, padding included. */
    static int recordBytes(int lengthBytes) {
        int used = headerBytes(lengthBytes) + lengthBytes;
        return (used + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    static void encodeHeader(ByteBuffer out, long salt, Header header) {
        int begin = out.position();
        ChunkId id = header.id();
        out.putInt(MAGIC).put(VERSION).put((byte) 0).putShort((short) id.group()).putLong(id.createdMillis()).putLong(id.nonce())
                .putInt(id.index()).putInt(header.lengthBytes()).putLong(salt);
        for (int checksum : header.checksums()) {
            out.putInt(checksum);
        }
        out.putInt(checksum(out, begin, out.position()));
    }

    /** Reads from the buffer's position, which stays; null if there is no whole, undamaged header of this extent. */
    static Header decodeHeader(ByteBuffer in, long salt) {
        int begin = in.position();
        if (in.remaining() < FIXED_BYTES || in.getInt(begin) != MAGIC || in.get(begin + 4) != VERSION || in.getLong(begin + 32) != salt) {
            return null;
        }
        int length = in.getInt(begin + 28);
        if (length < 1 || length > ChunkRun.CHUNK_BYTES || in.remaining() < headerBytes(length)) {
            return null;
        }
        int end = begin + headerBytes(length) - Integer.BYTES;
        if (checksum(in, begin, end) != in.getInt(end)) {
            return null;
        }
        int group = Short.toUnsignedInt(in.getShort(begin + 6));
        long created = in.getLong(begin + 8);
        int index = in.getInt(begin + 24);
        if (group > PartitionId.MAX_GROUP || created < 0 || index < 0) {
            return null;
        }
        int[] checksums = new int[Slices.count(length)];
        for (int i = 0; i < checksums.length; i++) {
            checksums[i] = in.getInt(begin + FIXED_BYTES - Integer.BYTES + i * Integer.BYTES);
        }
        return new Header(new ChunkId(group, created, in.getLong(begin + 16), index), length, checksums);
    }

    private static int checksum(ByteBuffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(to).position(from));
        return (int) crc.getValue();
    }
}
