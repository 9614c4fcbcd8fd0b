package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityLimits;

/** What a PartitionKey and a RowKey may hold. Source: "Understanding the Table service data model" (characters disallowed in key fields). */
public final class EntityKeys {

    public static final String PARTITION_KEY = "PartitionKey";
    public static final String ROW_KEY = "RowKey";
    public static final String TIMESTAMP = "Timestamp";

    private EntityKeys() {}

    /**
     * A key of two values from a request.
     *
     * @throws StorageException PropertiesNeedValue if one is null, PropertyValueTooLarge, OutOfRangeInput for a character that no key may hold
     */
    public static EntityKey checked(String partitionKey, String rowKey) {
        check(PARTITION_KEY, partitionKey);
        check(ROW_KEY, rowKey);
        return new EntityKey(partitionKey, rowKey);
    }

    private static void check(String name, String value) {
        if (value == null) {
            throw TableErrors.because(StorageErrorCode.PROPERTIES_NEED_VALUE, name + " is missing.");
        }
        if (value.length() > EntityLimits.MAX_KEY_CHARS) {
            throw TableErrors.because(StorageErrorCode.PROPERTY_VALUE_TOO_LARGE,
                    name + " has " + value.length() + " characters, " + EntityLimits.MAX_KEY_CHARS + " are allowed.");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean whole = !Character.isSurrogate(c);
            if (Character.isHighSurrogate(c) && i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))) {
                whole = true;
                i++;
            }
            if (!whole || c == '/' || c == '\\' || c == '#' || c == '?' || Character.isISOControl(c)) {
                throw TableErrors.outOfRange(name, value);
            }
        }
    }
}
