package io.lazuli.storage.partition.table;

import java.util.Map;

/** The sizes of keys, entities and transactions. Source: "Understanding the Table service data model", "Performing entity group transactions". */
public final class EntityLimits {

    /** Of a PartitionKey or RowKey in UTF-16, i.e. 512 characters. */
    public static final int MAX_KEY_CHARS = 512;
    /** Without PartitionKey, RowKey and Timestamp. */
    public static final int MAX_PROPERTIES = 252;
    public static final int MAX_PROPERTY_NAME_CHARS = 255;
    /** 64 KiB of UTF-16. */
    public static final int MAX_STRING_CHARS = 32 * 1024;
    public static final int MAX_BINARY_BYTES = 64 * 1024;
    public static final int MAX_ENTITY_BYTES = 1 << 20;
    public static final int MAX_TRANSACTION_WRITES = 100;
    public static final int MAX_TRANSACTION_BYTES = 4 << 20;

    private static final int ENTITY_BYTES = 4;
    private static final int PROPERTY_BYTES = 8;

    private EntityLimits() {}

    /** The size that counts against {@link #MAX_ENTITY_BYTES}: strings and names as UTF-16, the keys, 8 bytes a property. */
    public static long sizeOf(EntityKey key, Map<String, EdmValue> properties) {
        long bytes = ENTITY_BYTES + 2L * (key.partitionKey().length() + key.rowKey().length());
        for (Map.Entry<String, EdmValue> property : properties.entrySet()) {
            bytes += PROPERTY_BYTES + 2L * property.getKey().length() + switch (property.getValue()) {
                case EdmValue.OfString string -> 4 + 2L * string.value().length();
                case EdmValue.OfBinary binary -> 4 + binary.value().length;
                case EdmValue.OfInt32 number -> 4;
                case EdmValue.OfBoolean flag -> 1;
                case EdmValue.OfGuid guid -> 16;
                case EdmValue.OfInt64 number -> 8;
                case EdmValue.OfDouble number -> 8;
                case EdmValue.OfDateTime time -> 8;
            };
        }
        return bytes;
    }
}
