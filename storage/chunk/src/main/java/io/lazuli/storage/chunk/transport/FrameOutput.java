package io.lazuli.storage.chunk.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/**
 * Writes frames to a blocking channel: length of what follows (4 bytes), type (1), number of the call (4), a head of numbers, and bytes,
 * which go from where they are without a copy. One thread.
 */
final class FrameOutput {

    /** Type and number of the call. */
    static final int OVERHEAD_BYTES = 1 + Integer.BYTES;

    private static final int PREFIX_BYTES = Integer.BYTES + OVERHEAD_BYTES;
    private static final int PIECE_BYTES = 64 << 10;

    private final GatheringByteChannel channel;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

    FrameOutput(GatheringByteChannel channel) {
        this.channel = channel;
    }

    void writeRaw(byte[] bytes) throws IOException {
        piece.clear();
        putInPieces(bytes);
        flush();
    }

    /** @param bytes a direct buffer that is written from position to limit, or null */
    void write(FrameType type, int call, byte[] head, ByteBuffer bytes) throws IOException {
        int length = OVERHEAD_BYTES + head.length + (bytes == null ? 0 : bytes.remaining());
        piece.clear();
        piece.putInt(length).put(type.number()).putInt(call);
        putInPieces(head);
        if (bytes == null) {
            flush();
            return;
        }
        ByteBuffer[] both = {piece.flip(), bytes};
        while (bytes.hasRemaining()) {
            channel.write(both);
        }
    }

    static long frameBytes(byte[] head, ByteBuffer bytes) {
        return PREFIX_BYTES + head.length + (bytes == null ? 0 : bytes.remaining());
    }

    /** Large heads pass through the one small direct buffer, because a write from the heap would copy them to a direct one whole. */
    private void putInPieces(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length;) {
            if (!piece.hasRemaining()) {
                flush();
                piece.clear();
            }
            int part = Math.min(piece.remaining(), bytes.length - at);
            piece.put(bytes, at, part);
            at += part;
        }
    }

    private void flush() throws IOException {
        piece.flip();
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
    }
}
