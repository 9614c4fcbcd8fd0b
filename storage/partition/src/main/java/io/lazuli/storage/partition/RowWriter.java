package io.lazuli.storage.partition;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a row's value: a version byte, then big-endian numbers and UTF-8 texts with their length before them. */
public final class RowWriter {

    static final int NULL_LENGTH = -1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public RowWriter(byte version) {
        out.write(version);
    }

    public RowWriter number(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    public RowWriter longs(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    public RowWriter flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    public RowWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    public RowWriter textOrNull(String value) {
        return value == null ? number(NULL_LENGTH) : text(value);
    }

    public RowWriter texts(List<String> values) {
        number(values.size());
        values.forEach(this::text);
        return this;
    }

    public RowWriter binary(byte[] value) {
        number(value.length);
        out.writeBytes(value);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
