package io.lazuli.storage.protocol.table.filter;

import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.protocol.table.EntityKeys;
import java.util.Map;

/** A filter over entities: their keys, their Timestamp and their properties. */
public final class EntityFilter {

    private EntityFilter() {}

    /** @param properties those of the entity, decoded */
    public static boolean matches(Filter filter, StoredEntity entity, Map<String, EdmValue> properties) {
        return filter.matches(name -> switch (name) {
            case EntityKeys.PARTITION_KEY -> new EdmValue.OfString(entity.key().partitionKey());
            case EntityKeys.ROW_KEY -> new EdmValue.OfString(entity.key().rowKey());
            case EntityKeys.TIMESTAMP -> new EdmValue.OfDateTime(entity.timestampTicks());
            default -> properties.get(name);
        });
    }
}
