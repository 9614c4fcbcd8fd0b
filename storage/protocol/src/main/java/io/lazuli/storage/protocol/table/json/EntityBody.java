package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityLimits;
import io.lazuli.storage.protocol.table.EntityKeys;
import io.lazuli.storage.protocol.table.TableErrors;
import java.util.Map;

/**
 * An entity as a request's body gives it; each property is within its own limits, the keys are not checked yet.
 *
 * @param partitionKey null if it is not given
 * @param rowKey null if it is not given
 * @param properties in their order, without keys, Timestamp and what is null
 */
public record EntityBody(String partitionKey, String rowKey, Map<String, EdmValue> properties) {

    /** Of an entity to insert: both keys are in the body. @throws StorageException as {@link EntityKeys#checked}, and EntityTooLarge */
    public EntityKey keyToInsert() {
        return sized(EntityKeys.checked(partitionKey, rowKey));
    }

    /**
     * Of an entity to change, which the address names; the body may repeat the keys.
     *
     * @throws StorageException InvalidInput if the body names another entity, and EntityTooLarge
     */
    public EntityKey keyToUpdate(EntityKey addressed) {
        if (partitionKey != null && !partitionKey.equals(addressed.partitionKey()) || rowKey != null && !rowKey.equals(addressed.rowKey())) {
            throw TableErrors.invalidInput("The keys in the body are not those in the address.");
        }
        return sized(addressed);
    }

    private EntityKey sized(EntityKey key) {
        if (EntityLimits.sizeOf(key, properties) > EntityLimits.MAX_ENTITY_BYTES) {
            throw new StorageException(StorageErrorCode.ENTITY_TOO_LARGE);
        }
        return key;
    }
}
