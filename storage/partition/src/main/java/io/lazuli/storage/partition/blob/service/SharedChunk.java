package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.chunk.ChunkBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A buffer that two hold, who sends it and who digests it: its memory goes back after both have released it. */
final class SharedChunk implements ChunkBuffer {

    private final ChunkBuffer chunk;
    private final AtomicInteger holders = new AtomicInteger(2);

    SharedChunk(ChunkBuffer chunk) {
        this.chunk = chunk;
    }

    @Override
    public ByteBuffer bytes() {
        return chunk.bytes();
    }

    @Override
    public void release() {
        if (holders.decrementAndGet() == 0) {
            chunk.release();
        }
    }
}
