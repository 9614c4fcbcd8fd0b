package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a partition is called inside the store: the kind's code, the name in UTF-8, NUL. Its writer is known by these bytes, and all
 * its row keys begin with them, except that the ranges of one table or container share one <em>row space</em>: there the row keys begin with the
 * part of the name before the slash, and NUL. No name holds a NUL, so no prefix begins another one, and byte order of row keys
 * is (kind, name, relative key). The group is not part of it: a database holds one group. Equal if it is the same partition;
 * usable as a map key.
 */
final class PartitionPrefix {

    /** What follows a prefix's last byte in order: ends the range of a row space's keys. */
    private static final byte AFTER_NUL = 1;
    private static final byte SLASH = '/';

    private final byte[] bytes;
    private final byte[] rows;
    private final int hash;

    private PartitionPrefix(byte[] bytes) {
        this.bytes = bytes;
        this.rows = rowSpace(bytes);
        this.hash = Arrays.hashCode(bytes);
    }

    static PartitionPrefix of(PartitionId partition) {
        byte[] name = partition.name().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[name.length + 2];
        bytes[0] = (byte) partition.kind().code();
        System.arraycopy(name, 0, bytes, 1, name.length);
        return new PartitionPrefix(bytes);
    }

    /** @throws MalformedEntryException if these are not the bytes of a prefix */
    static PartitionPrefix ofBytes(byte[] bytes) {
        boolean wellFormed = bytes.length >= 3 && bytes.length <= PartitionId.MAX_NAME_BYTES + 2
                && bytes[0] >= 'a' && bytes[0] <= 'z' && bytes[bytes.length - 1] == 0;
        for (int i = 1; wellFormed && i < bytes.length - 1; i++) {
            wellFormed = bytes[i] != 0;
        }
        if (!wellFormed) {
            throw new MalformedEntryException("a partition prefix of " + bytes.length + " bytes is not one");
        }
        return new PartitionPrefix(bytes);
    }

    /** The first row key behind all rows of the partition of that name; of an empty one, before all rows of the kind. */
    static byte[] behind(PartitionKind kind, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[utf8.length + 2];
        key[0] = (byte) kind.code();
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        key[key.length - 1] = AFTER_NUL;
        return key;
    }

    /** The first key behind all rows of the kind. */
    static byte[] endOf(PartitionKind kind) {
        return new byte[] {(byte) (kind.code() + 1)};
    }

    /** The name of the partition, or of the row space, that a row is in. */
    static String nameIn(byte[] rowKey) {
        int end = 1;
        while (rowKey[end] != 0) {
            end++;
        }
        return new String(rowKey, 1, end - 1, StandardCharsets.UTF_8);
    }

    /** Of the writer. Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    byte[] rowKey(byte[] relativeKey) {
        byte[] key = Arrays.copyOf(rows, rows.length + relativeKey.length);
        System.arraycopy(relativeKey, 0, key, rows.length, relativeKey.length);
        return key;
    }

    /** The row key of the next {@code length} bytes of {@code source}, which holds them. */
    byte[] rowKey(ByteBuffer source, int length) {
        byte[] key = Arrays.copyOf(rows, rows.length + length);
        source.get(key, rows.length, length);
        return key;
    }

    byte[] relativeKey(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, rows.length, rowKey.length);
    }

    /** The first key behind all keys of the row space. */
    byte[] end() {
        byte[] end = rows.clone();
        end[end.length - 1] = AFTER_NUL;
        return end;
    }

    private static byte[] rowSpace(byte[] bytes) {
        if (bytes[0] == PartitionKind.TABLE_RANGE.code() || bytes[0] == PartitionKind.BLOB_RANGE.code()) {
            for (int i = 2; i < bytes.length; i++) {
                if (bytes[i] == SLASH) {
                    byte[] rows = Arrays.copyOf(bytes, i + 1);
                    rows[i] = 0;
                    return rows;
                }
            }
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionPrefix that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
