package io.lazuli.storage.partition.account;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a row's value: a version byte, then big-endian numbers and UTF-8 texts with their length before them. */
final class RowWriter {

    static final int NULL_LENGTH = -1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RowWriter(byte version) {
        out.write(version);
    }

    RowWriter number(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    RowWriter longs(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    RowWriter flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    RowWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    RowWriter textOrNull(String value) {
        return value == null ? number(NULL_LENGTH) : text(value);
    }

    RowWriter texts(List<String> values) {
        number(values.size());
        values.forEach(this::text);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
