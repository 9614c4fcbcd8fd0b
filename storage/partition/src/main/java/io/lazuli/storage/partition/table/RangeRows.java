package io.lazuli.storage.partition.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The rows in the row space of a table or container, which its ranges of one group share:
 *
 * <pre>
 * e key            what listing reads; of a table an entity: version(1)=1 ticks(8) properties ({@link EntityProperties})
 * d key            of a container, what listing passes by
 * c key            of a container, which of its blobs are being copied to
 * h range          {@link RangeHeader} of the range with that number, in decimal
 * s range          {@link RangeSize} of that range
 * </pre>
 */
public final class RangeRows {

    /** The tag of what listing reads: entities, or a container's index of blobs. */
    public static final byte INDEX = 'e';
    /** The tag of a container's rows that listing passes by. */
    public static final byte DATA = 'd';

    private static final byte HEADER = 'h';
    private static final byte SIZE = 's';
    private static final byte AFTER_ENTITIES = 'f';
    private static final byte VERSION = 1;
    private static final int VALUE_HEAD_BYTES = 1 + Long.BYTES;

    private RangeRows() {}

    public static byte[] entityKey(byte[] entityKey) {
        return rowKey(INDEX, entityKey);
    }

    /** The row behind all entities before {@code high}, or behind all if it is empty or null. */
    public static byte[] entityEnd(byte[] high) {
        return high == null || high.length == 0 ? new byte[] {AFTER_ENTITIES} : entityKey(high);
    }

    /** A row's key by its tag and the rest. */
    public static byte[] rowKey(byte tag, byte[] key) {
        byte[] rowKey = new byte[1 + key.length];
        rowKey[0] = tag;
        System.arraycopy(key, 0, rowKey, 1, key.length);
        return rowKey;
    }

    /** The first row behind all with that tag before {@code high}, or behind all with that tag if it is empty. */
    static byte[] rowEnd(byte tag, byte[] high) {
        return high.length == 0 ? new byte[] {(byte) (tag + 1)} : rowKey(tag, high);
    }

    /** The part of a key by which ranges are cut: what stands before the NUL. */
    static byte[] firstPart(byte[] key) {
        for (int i = 0; i < key.length; i++) {
            if (key[i] == 0) {
                return Arrays.copyOf(key, i);
            }
        }
        throw new IllegalArgumentException("a key of " + key.length + " bytes without NUL");
    }

    /** A row's key without its tag. */
    public static byte[] keyOf(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, 1, rowKey.length);
    }

    /** The entity key of an entity's row. */
    public static byte[] entityKeyOf(byte[] rowKey) {
        return keyOf(rowKey);
    }

    /** @param partitionName a range's, {@code table/range} */
    public static byte[] headerKey(String partitionName) {
        return ofRange(HEADER, partitionName);
    }

    public static byte[] sizeKey(String partitionName) {
        return ofRange(SIZE, partitionName);
    }

    private static byte[] ofRange(byte tag, String partitionName) {
        byte[] range = partitionName.substring(partitionName.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        return rowKey(tag, range);
    }

    public static byte[] entityValue(long ticks, byte[] properties) {
        return ByteBuffer.allocate(VALUE_HEAD_BYTES + properties.length).put(VERSION).putLong(ticks).put(properties).array();
    }

    /** The part of an entity's row that {@link #ticks} needs. */
    static byte[] entityHead(byte[] value) {
        return value.length <= VALUE_HEAD_BYTES ? value : Arrays.copyOf(value, VALUE_HEAD_BYTES);
    }

    /** @throws IllegalArgumentException if the value is of another version */
    static long ticks(byte[] value) {
        if (value.length < VALUE_HEAD_BYTES || value[0] != VERSION) {
            throw new IllegalArgumentException("an entity row of " + value.length + " bytes");
        }
        return ByteBuffer.wrap(value, 1, Long.BYTES).getLong();
    }

    static byte[] properties(byte[] value) {
        return Arrays.copyOfRange(value, VALUE_HEAD_BYTES, value.length);
    }

    /** @throws IllegalArgumentException if the value is of another version */
    public static StoredEntity entity(EntityKey key, byte[] value) {
        return new StoredEntity(key, ticks(value), properties(value));
    }
}
