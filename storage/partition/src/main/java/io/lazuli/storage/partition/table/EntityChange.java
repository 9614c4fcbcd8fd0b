package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.StorageErrorCode;
import java.util.Map;

/** What a change makes of an entity's row, given what is there: the rules of insert, replace, merge and delete. */
sealed interface EntityChange {

    /** The row's new value. */
    record Written(byte[] value) implements EntityChange {}

    record Deleted() implements EntityChange {}

    record Refused(StorageErrorCode error) implements EntityChange {}

    /** Whether the rule needs the present properties, or only has to know when the entity was changed. */
    static boolean needsWhole(EntityWrite.Kind kind) {
        return kind == EntityWrite.Kind.MERGE || kind == EntityWrite.Kind.UPSERT_MERGE;
    }

    /** @param ticks the new Timestamp, later than any in the range */
    static EntityChange of(EntityWrite write, RangeLogic.Seen present, long ticks) {
        return switch (write.kind()) {
            case INSERT -> present.exists() ? new Refused(StorageErrorCode.ENTITY_ALREADY_EXISTS) : written(ticks, write.properties());
            case UPSERT_REPLACE -> written(ticks, write.properties());
            case UPSERT_MERGE -> present.exists() ? merged(write, present, ticks) : written(ticks, write.properties());
            case REPLACE -> meets(write, present) ? written(ticks, write.properties()) : unmet(present);
            case MERGE -> meets(write, present) ? merged(write, present, ticks) : unmet(present);
            case DELETE -> meets(write, present) ? new Deleted() : unmet(present);
        };
    }

    private static boolean meets(EntityWrite write, RangeLogic.Seen present) {
        return present.exists()
                && (write.ifMatchTicks() == EntityWrite.ANY_VERSION || write.ifMatchTicks() == RangeRows.ticks(present.value()));
    }

    private static EntityChange unmet(RangeLogic.Seen present) {
        return new Refused(present.exists() ? StorageErrorCode.UPDATE_CONDITION_NOT_SATISFIED : StorageErrorCode.RESOURCE_NOT_FOUND);
    }

    private static EntityChange written(long ticks, byte[] properties) {
        return new Written(RangeRows.entityValue(ticks, properties));
    }

    /** Properties that are there keep their places, new ones follow. */
    private static EntityChange merged(EntityWrite write, RangeLogic.Seen present, long ticks) {
        Map<String, EdmValue> properties = EntityProperties.decode(RangeRows.properties(present.value()));
        properties.putAll(EntityProperties.decode(write.properties()));
        if (properties.size() > EntityLimits.MAX_PROPERTIES) {
            return new Refused(StorageErrorCode.TOO_MANY_PROPERTIES);
        }
        if (EntityLimits.sizeOf(write.key(), properties) > EntityLimits.MAX_ENTITY_BYTES) {
            return new Refused(StorageErrorCode.ENTITY_TOO_LARGE);
        }
        return written(ticks, EntityProperties.encode(properties));
    }
}
