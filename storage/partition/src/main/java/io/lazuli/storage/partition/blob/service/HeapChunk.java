package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.chunk.ChunkBuffer;
import java.nio.ByteBuffer;

/** Bytes that are at hand anyway, or shared by all, as a transfer's buffer: nothing has to be given back. */
record HeapChunk(ByteBuffer bytes) implements ChunkBuffer {

    private static final int ZEROES_BYTES = 256 << 10;
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(ZEROES_BYTES).asReadOnlyBuffer();

    static HeapChunk of(byte[] bytes, int offset, int length) {
        return new HeapChunk(ByteBuffer.wrap(bytes, offset, length).slice());
    }

    /** Zeroes, as many as that or fewer. */
    static HeapChunk zeroes(long lengthBytes) {
        return new HeapChunk(ZEROES.slice(0, (int) Math.min(ZEROES_BYTES, lengthBytes)));
    }

    @Override
    public void release() {}
}
