package io.lazuli.storage.conformance.fault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Content that follows from a number, which its first bytes tell: a stream of it is never held in memory, and can be sent again. */
final class NumberedBytes extends InputStream {

    static final int NUMBER_BYTES = Long.BYTES;

    private final long number;
    private final long lengthBytes;
    private long at;
    private long markedAt;

    /** @param number not 0 */
    NumberedBytes(long number, long lengthBytes) {
        this.number = number;
        this.lengthBytes = lengthBytes;
    }

    static long numberIn(byte[] head) {
        return head.length < NUMBER_BYTES ? 0 : ByteBuffer.wrap(head).getLong();
    }

    /** Where {@code head} and what follows it first differ from the content of that number and length; -1 if they do not. */
    static long firstDifference(long number, long lengthBytes, byte[] head, InputStream rest) throws IOException {
        byte[] seen = new byte[64 << 10];
        byte[] wanted = new byte[64 << 10];
        long at = head.length;
        for (int got = rest.read(seen); got >= 0; got = rest.read(seen)) {
            fill(number, at, wanted, 0, got);
            int mismatch = Arrays.mismatch(seen, 0, got, wanted, 0, got);
            if (mismatch >= 0) {
                return at + mismatch;
            }
            at += got;
        }
        return at == lengthBytes ? -1 : at;
    }

    private static void fill(long number, long from, byte[] into, int offset, int count) {
        for (int i = 0; i < count; i++) {
            long at = from + i;
            if (at < NUMBER_BYTES) {
                into[offset + i] = (byte) (number >>> (56 - 8 * at));
            } else {
                long word = (number + 0x9E3779B97F4A7C15L * (at >>> 3)) * 0xBF58476D1CE4E5B9L;
                into[offset + i] = (byte) ((word ^ word >>> 29) >>> (8 * (at & 7)));
            }
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
        if (at == lengthBytes) {
            return -1;
        }
        int given = (int) Math.min(count, lengthBytes - at);
        fill(number, at, into, offset, given);
        at += given;
        return given;
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int readLimit) {
        markedAt = at;
    }

    @Override
    public void reset() {
        at = markedAt;
    }
}
