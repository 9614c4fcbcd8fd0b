package io.lazuli.storage.partition;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads what {@link RowWriter} wrote. Fails with an exception of the JDK on what it did not write. */
public final class RowScanner {

    private final ByteBuffer in;

    public RowScanner(byte[] value, byte version) {
        in = ByteBuffer.wrap(value);
        byte found = in.get();
        if (found != version) {
            throw new IllegalStateException("a row of version " + found + ", expected " + version);
        }
    }

    public int number() {
        return in.getInt();
    }

    public long longs() {
        return in.getLong();
    }

    public boolean flag() {
        return in.get() != 0;
    }

    public String text() {
        return text(number());
    }

    public String textOrNull() {
        int length = number();
        return length == RowWriter.NULL_LENGTH ? null : text(length);
    }

    private String text(int length) {
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public byte[] binary() {
        byte[] value = new byte[number()];
        in.get(value);
        return value;
    }

    public List<String> texts() {
        return list(RowScanner::text);
    }

    public <T> List<T> list(Function<RowScanner, T> element) {
        int size = number();
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(element.apply(this));
        }
        return list;
    }

    public <K, V> Map<K, V> map(Function<RowScanner, K> key, Function<RowScanner, V> value) {
        int size = number();
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            K k = key.apply(this);
            map.put(k, value.apply(this));
        }
        return map;
    }
}
