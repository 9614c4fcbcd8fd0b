package io.lazuli.storage.partition.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names one entity of a table. In stored form the partition key in UTF-8, NUL, the row key in UTF-8; since no key holds a control
 * character, byte order of stored keys is the order of (PartitionKey, RowKey) by code point, and the entities of one partition
 * key stand side by side. Neither key is null; either may be empty.
 */
public record EntityKey(String partitionKey, String rowKey) {

    private static final byte END = 0;
    private static final byte AFTER_END = 1;

    /** The entity's key in the table's row space. */
    public byte[] encode() {
        byte[] partition = partitionKey.getBytes(StandardCharsets.UTF_8);
        byte[] row = rowKey.getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(partition, partition.length + 1 + row.length);
        System.arraycopy(row, 0, key, partition.length + 1, row.length);
        return key;
    }

    /** @throws IllegalArgumentException if these bytes hold no NUL */
    public static EntityKey decode(byte[] key) {
        for (int i = 0; i < key.length; i++) {
            if (key[i] == END) {
                return new EntityKey(
                        new String(key, 0, i, StandardCharsets.UTF_8), new String(key, i + 1, key.length - i - 1, StandardCharsets.UTF_8));
            }
        }
        throw new IllegalArgumentException("an entity key of " + key.length + " bytes without NUL");
    }

    /** Where the entities of a partition key begin: also how a boundary between ranges is written, because no range cuts a partition key in two. */
    public static byte[] firstOf(String partitionKey) {
        return partitionKey.getBytes(StandardCharsets.UTF_8);
    }

    /** The first key behind all entities of a partition key. */
    public static byte[] behindAllOf(String partitionKey) {
        byte[] partition = partitionKey.getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(partition, partition.length + 1);
        key[partition.length] = AFTER_END;
        return key;
    }

    /** The first key behind this one. */
    public byte[] behind() {
        byte[] key = encode();
        return Arrays.copyOf(key, key.length + 1);
    }
}
