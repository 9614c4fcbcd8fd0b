package io.lazuli.storage.partition;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The rows that all directories of an account have, besides their entries. Durable format: golden-file tests hold it; values begin with
 * a version byte.
 *
 * <pre>
 * n       the next number that is given
 * p       the service's properties, absent while they are the initial ones
 * w name  present while that entry is unfinished: what a new owner has to finish
 * </pre>
 */
public final class DirectoryRows {

    private static final byte VERSION = 1;
    private static final byte WORK = 'w';

    private DirectoryRows() {}

    public static byte[] counterKey() {
        return new byte[] {'n'};
    }

    public static byte[] counterValue(long next) {
        return new RowWriter(VERSION).longs(next).bytes();
    }

    /** Numbers begin with 1. */
    public static long counterOf(Optional<byte[]> value) {
        return value.map(bytes -> new RowScanner(bytes, VERSION).longs()).orElse(1L);
    }

    public static byte[] propertiesKey() {
        return new byte[] {'p'};
    }

    public static byte[] workKey(String name) {
        return key(WORK, name);
    }

    public static byte[] workValue() {
        return new byte[] {VERSION};
    }

    public static byte[] workBegin() {
        return new byte[] {WORK};
    }

    public static byte[] workEnd() {
        return new byte[] {WORK + 1};
    }

    /** Of the row of this kind with that name, or where such names begin. */
    public static byte[] key(byte kind, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + utf8.length).put(kind).put(utf8).array();
    }

    /** The name in a {@link #key}. */
    public static String nameOf(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }
}
