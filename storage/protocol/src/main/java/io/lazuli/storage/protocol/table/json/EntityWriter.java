package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.partition.table.EdmType;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.protocol.table.DateTimes;
import io.lazuli.storage.protocol.table.ETags;
import io.lazuli.storage.protocol.table.EntityKeys;
import io.lazuli.storage.protocol.table.Projection;
import java.util.Base64;
import java.util.Map;

/**
 * Writes entities as JSON. Without metadata a value is only a value; minimal metadata annotates what JSON's own types cannot tell
 * (Int64, DateTime, Guid, Binary, and a Double that is a word; others always have a point or an exponent); full metadata annotates
 * every Double and Timestamp too, and adds type, id and edit link. Source: "Payload format for Table service operations", "Query Entities".
 */
public final class EntityWriter {

    private static final String TYPE = "@odata.type";
    private static final int ENTITY_BYTES = 512;
    private static final int RESERVED_ENTITY_BYTES = 160;

    private final TableAddress address;
    private final MetadataLevel level;
    private final Projection projection;

    public EntityWriter(TableAddress address, MetadataLevel level, Projection projection) {
        this.address = address;
        this.level = level;
        this.projection = projection;
    }

    /** An answer of one entity. */
    public byte[] entity(StoredEntity entity) {
        JsonWriter json = new JsonWriter(ENTITY_BYTES + entity.properties().length * 3 / 2).beginObject();
        if (level != MetadataLevel.NO) {
            json.name("odata.metadata").value(metadata("/@Element"));
        }
        members(json, entity, EntityProperties.decode(entity.properties()));
        return json.endObject().toBytes();
    }

    /** Begins an answer of a query. */
    public Page page() {
        return new Page();
    }

    /** An answer of a query while it grows: the caller adds entities as it reads them and ends it. Not thread-safe. */
    public final class Page {
        private final JsonWriter json = new JsonWriter(16 * ENTITY_BYTES).beginObject();
        private int entities;

        private Page() {
            if (level != MetadataLevel.NO) {
                json.name("odata.metadata").value(metadata(""));
            }
            json.name("value").beginArray();
        }

        public void add(StoredEntity entity) {
            add(entity, EntityProperties.decode(entity.properties()));
        }

        /** @param properties those of the entity, decoded */
        public void add(StoredEntity entity, Map<String, EdmValue> properties) {
            json.beginObject();
            members(json, entity, properties);
            json.endObject();
            entities++;
        }

        /** Makes room for entities that are about to be added. @param bytes of their stored properties */
        public void reserve(int count, int bytes) {
            json.reserve(count * RESERVED_ENTITY_BYTES + bytes + bytes / 8);
        }

        public int entities() {
            return entities;
        }

        /** So far. */
        public int lengthBytes() {
            return json.length();
        }

        public byte[] end() {
            return json.endArray().endObject().toBytes();
        }
    }

    private String metadata(String element) {
        String all = address.base() + "/$metadata#" + address.table() + element;
        return projection.isAll() ? all : all + "&$select=" + String.join(",", projection.names());
    }

    private void members(JsonWriter json, StoredEntity entity, Map<String, EdmValue> properties) {
        if (level == MetadataLevel.FULL) {
            String path = address.entityPath(entity.key());
            json.name("odata.type").value(address.account() + "." + address.table());
            json.name("odata.id").value(address.base() + "/" + path);
            json.name("odata.etag").value(ETags.of(entity.timestampTicks()));
            json.name("odata.editLink").value(path);
        } else if (level == MetadataLevel.MINIMAL) {
            json.name("odata.etag").value(ETags.of(entity.timestampTicks()));
        }
        if (projection.isAll()) {
            systemProperty(json, entity, EntityKeys.PARTITION_KEY);
            systemProperty(json, entity, EntityKeys.ROW_KEY);
            systemProperty(json, entity, EntityKeys.TIMESTAMP);
            properties.forEach((name, value) -> property(json, name, value));
            return;
        }
        for (String name : projection.names()) {
            EdmValue value = properties.get(name);
            if (value != null) {
                property(json, name, value);
            } else if (!systemProperty(json, entity, name)) {
                json.name(name).literal("null");
            }
        }
    }

    /** False if the name is another's. */
    private boolean systemProperty(JsonWriter json, StoredEntity entity, String name) {
        switch (name) {
            case EntityKeys.PARTITION_KEY -> json.name(name).value(entity.key().partitionKey());
            case EntityKeys.ROW_KEY -> json.name(name).value(entity.key().rowKey());
            case EntityKeys.TIMESTAMP -> {
                if (level == MetadataLevel.FULL) {
                    json.name(name, TYPE).quoted(EdmType.DATE_TIME.label());
                }
                json.name(name).quoted(DateTimes.format(entity.timestampTicks()));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void property(JsonWriter json, String name, EdmValue value) {
        if (level != MetadataLevel.NO && isAnnotated(value)) {
            json.name(name, TYPE).quoted(value.type().label());
        }
        json.name(name);
        switch (value) {
            case EdmValue.OfString string -> json.value(string.value());
            case EdmValue.OfInt32 number -> json.literal(Integer.toString(number.value()));
            case EdmValue.OfInt64 number -> json.quoted(Long.toString(number.value()));
            case EdmValue.OfBoolean flag -> json.literal(flag.value() ? "true" : "false");
            case EdmValue.OfDateTime time -> json.quoted(DateTimes.formatShort(time.ticks()));
            case EdmValue.OfGuid guid -> json.quoted(guid.value().toString());
            case EdmValue.OfBinary binary -> json.quoted(Base64.getEncoder().encode(binary.value()));
            case EdmValue.OfDouble number -> {
                if (Double.isFinite(number.value())) {
                    json.literal(Double.toString(number.value()));
                } else {
                    json.quoted(Double.toString(number.value()));
                }
            }
        }
    }

    private boolean isAnnotated(EdmValue value) {
        return switch (value) {
            case EdmValue.OfString string -> false;
            case EdmValue.OfInt32 number -> false;
            case EdmValue.OfBoolean flag -> false;
            case EdmValue.OfDouble number -> level == MetadataLevel.FULL || !Double.isFinite(number.value());
            case EdmValue.OfInt64 number -> true;
            case EdmValue.OfDateTime time -> true;
            case EdmValue.OfGuid guid -> true;
            case EdmValue.OfBinary binary -> true;
        };
    }
}
