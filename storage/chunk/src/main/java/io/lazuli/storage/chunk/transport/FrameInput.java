package io.lazuli.storage.chunk.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Reads numbers and bytes from a blocking channel; long runs of bytes go straight to where they are wanted. One thread. */
final class FrameInput {

    private static final int AHEAD_BYTES = 16 << 10;

    private final ReadableByteChannel channel;
    private final ByteBuffer ahead = ByteBuffer.allocateDirect(AHEAD_BYTES).limit(0);
    private volatile long receivedBytes;

    FrameInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** How much has come so far; any thread. */
    long receivedBytes() {
        return receivedBytes;
    }

    byte readByte() throws IOException {
        await(Byte.BYTES);
        return ahead.get();
    }

    int readInt() throws IOException {
        await(Integer.BYTES);
        return ahead.getInt();
    }

    long readLong() throws IOException {
        await(Long.BYTES);
        return ahead.getLong();
    }

    byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;) {
            await(1);
            int part = Math.min(count - at, ahead.remaining());
            ahead.get(bytes, at, part);
            at += part;
        }
        return bytes;
    }

    int[] readInts(int count) throws IOException {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = readInt();
        }
        return numbers;
    }

    /** Fills a direct buffer up to its limit. */
    void readFully(ByteBuffer into) throws IOException {
        int part = Math.min(into.remaining(), ahead.remaining());
        into.put(ahead.slice(ahead.position(), part));
        ahead.position(ahead.position() + part);
        while (into.hasRemaining()) {
            receive(into);
        }
    }

    void skip(long count) throws IOException {
        for (long left = count; left > 0;) {
            await(1);
            int part = (int) Math.min(left, ahead.remaining());
            ahead.position(ahead.position() + part);
            left -= part;
        }
    }

    private void await(int count) throws IOException {
        if (ahead.remaining() >= count) {
            return;
        }
        ahead.compact();
        while (ahead.position() < count) {
            receive(ahead);
        }
        ahead.flip();
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void receive(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        if (count < 0) {
            throw new EOFException("closed by the other end");
        }
        receivedBytes += count;
    }
}
