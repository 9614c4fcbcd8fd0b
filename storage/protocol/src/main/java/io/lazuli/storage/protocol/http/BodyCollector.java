package io.lazuli.storage.protocol.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Puts a body together from its parts: each byte is copied once out of the connection's buffers where the length is known, and a body of one
 * part, which most are, into an array of just its size. The caller bounds what it adds.
 */
final class BodyCollector {

    private static final byte[] NO_BODY = new byte[0];
    private static final int MIN_CAPACITY_BYTES = 8 * 1024;

    private final int expectedBytes;
    private byte[] bytes = NO_BODY;
    private int length;

    /** @param expectedBytes 0 or less if unknown */
    BodyCollector(int expectedBytes) {
        this.expectedBytes = expectedBytes;
    }

    int length() {
        return length;
    }

    void add(Buffer part) {
        int total = length + part.length();
        if (length == 0 && (total == expectedBytes || expectedBytes <= 0)) {
            bytes = part.getBytes();
        } else {
            if (total > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(Math.max(total, expectedBytes), Math.max(MIN_CAPACITY_BYTES, 2 * bytes.length)));
            }
            part.getBytes(bytes, length);
        }
        length = total;
    }

    /** The body, given away. */
    byte[] take() {
        byte[] whole = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        bytes = NO_BODY;
        return whole;
    }
}
