package io.lazuli.storage.chunk.transport;

import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.ChunkPart;
import java.nio.ByteBuffer;

/** What precedes the bytes of a part: offset, length of the chunk, length of the part (4 bytes each), and its slices' checksums. */
record PartHead(int offset, int chunkBytes, int partBytes, int[] checksums) {

    static final int PART_BYTES_AT = 8;
    static final int FIXED_BYTES = 12;

    static byte[] encode(ChunkPart part) {
        ByteBuffer head = ByteBuffer.allocate(FIXED_BYTES + part.checksums().length * Integer.BYTES);
        head.putInt(part.offset()).putInt(part.chunkBytes()).putInt(part.buffer().bytes().remaining());
        for (int checksum : part.checksums()) {
            head.putInt(checksum);
        }
        return head.array();
    }

    static PartHead decode(byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes);
        int offset = head.getInt();
        int chunkBytes = head.getInt();
        int partBytes = head.getInt();
        int[] checksums = new int[Slices.count(partBytes)];
        head.asIntBuffer().get(checksums);
        return new PartHead(offset, chunkBytes, partBytes, checksums);
    }
}
