package io.lazuli.storage.protocol.table.filter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The values of one key that a condition leaves, as UTF-8 in byte order (which is code point order).
 *
 * @param from inclusive
 * @param to exclusive, null for no end
 */
record Interval(byte[] from, byte[] to) {

    static final Interval ALL = new Interval(new byte[0], null);

    static Interval before(String value) {
        return new Interval(ALL.from, bytes(value));
    }

    static Interval upTo(String value) {
        return new Interval(ALL.from, behind(bytes(value)));
    }

    static Interval since(String value) {
        return new Interval(bytes(value), null);
    }

    static Interval after(String value) {
        return new Interval(behind(bytes(value)), null);
    }

    static Interval only(String value) {
        return new Interval(bytes(value), behind(bytes(value)));
    }

    boolean isEmpty() {
        return to != null && Arrays.compareUnsigned(from, to) >= 0;
    }

    /** Whether it holds one value. */
    boolean isPoint() {
        return to != null && to.length == from.length + 1 && to[from.length] == 0 && Arrays.mismatch(from, to) == from.length;
    }

    Interval intersect(Interval other) {
        byte[] low = Arrays.compareUnsigned(from, other.from) >= 0 ? from : other.from;
        byte[] high = to == null ? other.to : other.to == null || Arrays.compareUnsigned(to, other.to) <= 0 ? to : other.to;
        return new Interval(low, high);
    }

    /** The smallest that holds both. */
    Interval hull(Interval other) {
        byte[] low = Arrays.compareUnsigned(from, other.from) <= 0 ? from : other.from;
        byte[] high = to == null || other.to == null ? null : Arrays.compareUnsigned(to, other.to) >= 0 ? to : other.to;
        return new Interval(low, high);
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] behind(byte[] value) {
        return Arrays.copyOf(value, value.length + 1);
    }
}
