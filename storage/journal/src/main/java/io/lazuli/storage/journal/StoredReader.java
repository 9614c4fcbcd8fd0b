package io.lazuli.storage.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link StoredWriter} wrote. @throws IllegalStateException from each method, if the value is damaged or of an unknown version */
final class StoredReader {

    private final String what;
    private final ByteBuffer buffer;

    StoredReader(String what, byte[] value, int knownVersion) {
        this.what = what;
        this.buffer = ByteBuffer.wrap(value);
        int version = buffer.hasRemaining() ? buffer.get() & 0xff : 0;
        if (version != knownVersion) {
            throw new IllegalStateException(what + " is stored in version " + version + ", and this node knows " + knownVersion);
        }
    }

    long number() {
        return buffer.remaining() >= Long.BYTES ? buffer.getLong() : damaged();
    }

    int smallNumber() {
        return buffer.remaining() >= Integer.BYTES ? buffer.getInt() : (int) damaged();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        int length = smallNumber();
        if (length < 0 || length > buffer.remaining()) {
            damaged();
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    StoredPayload payload() {
        return new StoredPayload(smallNumber(), text(), bytes());
    }

    void end() {
        if (buffer.hasRemaining()) {
            damaged();
        }
    }

    private long damaged() {
        throw new IllegalStateException(what + " is damaged at byte " + buffer.position());
    }
}
