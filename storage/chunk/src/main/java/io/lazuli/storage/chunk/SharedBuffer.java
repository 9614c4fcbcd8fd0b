package io.lazuli.storage.chunk;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of a chunk while several read them: sent to other nodes and written to this node's disk at once. The memory goes back when the
 * last of its holders lets go. Any thread.
 */
public final class SharedBuffer {

    private final ChunkBuffer buffer;
    private final ByteBuffer bytes;
    /** Begins with whoever made it. */
    private final AtomicInteger holders = new AtomicInteger(1);

    private SharedBuffer(ChunkBuffer buffer) {
        this.buffer = buffer;
        this.bytes = buffer.bytes().slice().asReadOnlyBuffer();
    }

    /** Of the bytes from position to limit; the buffer is given away. The caller holds the result. */
    public static SharedBuffer of(ChunkBuffer buffer) {
        return new SharedBuffer(buffer);
    }

    public int lengthBytes() {
        return bytes.remaining();
    }

    /** A view of its own, to be used only while held. */
    public ByteBuffer view() {
        return bytes.duplicate();
    }

    /** One holder more; only while somebody holds it. */
    public void retain() {
        if (holders.getAndIncrement() <= 0) {
            throw new IllegalStateException("nobody holds these bytes any more");
        }
    }

    public void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            buffer.release();
        } else if (left < 0) {
            throw new IllegalStateException("released more often than held");
        }
    }
}
