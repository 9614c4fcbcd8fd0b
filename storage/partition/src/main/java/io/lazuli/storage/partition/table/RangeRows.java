package io.lazuli.storage.partition.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The rows in a table's row space, which its ranges of one group share:
 *
 * <pre>
 * e entity-key     an entity: version(1)=1 ticks(8) properties ({@link EntityProperties})
 * h range          {@link RangeHeader} of the range with that number, in decimal
 * s range          {@link RangeSize} of that range
 * </pre>
 */
public final class RangeRows {

    /** The tag of what listing reads: entities, or a container's index of blobs. */
    public static final byte INDEX = 'e';
    /** The tag of a container's rows that listing passes by. */
    public static final byte DATA = 'd';

    private static final byte ENTITY = INDEX;
    private static final byte HEADER = 'h';
    private static final byte SIZE = 's';
    private static final byte AFTER_ENTITIES = 'f';
    private static final byte VERSION = 1;
    private static final int VALUE_HEAD_BYTES = 1 + Long.BYTES;

    private RangeRows() {}

    public static byte[] entityKey(byte[] entityKey) {
        byte[] key = new byte[1 + entityKey.length];
        key[0] = ENTITY;
        System.arraycopy(entityKey, 0, key, 1, entityKey.length);
        return key;
    }

    /** The row behind all entities before {@code high}, or behind all if it is empty or null. */
    public static byte[] entityEnd(byte[] high) {
        return high == null || high.length == 0 ? new byte[] {AFTER_ENTITIES} : entityKey(high);
    }

    static boolean isEntity(byte[] rowKey) {
        return rowKey[0] == ENTITY;
    }

    /** The entity key of an entity's row. */
    public static byte[] entityKeyOf(byte[] rowKey) {
        return Arrays.copyOfRange(rowKey, 1, rowKey.length);
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
        byte[] key = new byte[1 + range.length];
        key[0] = tag;
        System.arraycopy(range, 0, key, 1, range.length);
        return key;
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
