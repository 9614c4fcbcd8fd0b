package io.lazuli.storage.protocol.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.table.TableOperation.Headers;
import io.lazuli.storage.protocol.table.json.EntityBody;
import io.lazuli.storage.protocol.table.json.EntityReader;
import io.lazuli.storage.protocol.table.json.EntityWriter;
import io.lazuli.storage.protocol.table.json.MetadataLevel;
import io.lazuli.storage.protocol.table.json.TableAddress;
import java.util.Map;

/**
 * A change of one entity as a request asks for it, alone or within a transaction, and its answer. Source: "Insert Entity", "Update
 * Entity", "Merge Entity", "Insert Or Replace Entity", "Insert Or Merge Entity", "Delete Entity".
 */
record EntityChange(EntityWrite write, TableAddress address, MetadataLevel level, Preference preference) {

    private static final byte[] NO_PROPERTIES = new byte[0];

    /**
     * @param addressed the entity in the address; null for an insert, whose keys are in the body
     * @throws StorageException if headers or body are not as they must be
     */
    static EntityChange read(
            TableOperation operation, TableAddress address, EntityKey addressed, Headers headers, MetadataLevel level, byte[] body) {
        if (headers.get("If-None-Match") != null) {
            throw TableErrors.invalidInput("If-None-Match cannot be specified for changes of entities.");
        }
        EntityWrite write = switch (operation) {
            case INSERT_ENTITY -> insert(headers, body);
            case UPDATE_ENTITY -> update(EntityWrite.Kind.REPLACE, addressed, ETags.parseIfMatch(headers.get("If-Match")), headers, body);
            case MERGE_ENTITY -> update(EntityWrite.Kind.MERGE, addressed, ETags.parseIfMatch(headers.get("If-Match")), headers, body);
            case UPSERT_REPLACE -> update(EntityWrite.Kind.UPSERT_REPLACE, addressed, EntityWrite.ANY_VERSION, headers, body);
            case UPSERT_MERGE -> update(EntityWrite.Kind.UPSERT_MERGE, addressed, EntityWrite.ANY_VERSION, headers, body);
            case DELETE_ENTITY -> delete(addressed, headers.get("If-Match"));
            case GET_SERVICE_PROPERTIES, SET_SERVICE_PROPERTIES, GET_SERVICE_STATS, QUERY_TABLES, GET_TABLE, CREATE_TABLE,
                    DELETE_TABLE, GET_TABLE_ACL, SET_TABLE_ACL, QUERY_ENTITIES, GET_ENTITY, BATCH ->
                    throw new IllegalArgumentException(operation + " changes no entity");
        };
        return new EntityChange(write, address, level, operation == TableOperation.INSERT_ENTITY ? Preference.of(headers.get("Prefer")) : Preference.ABSENT);
    }

    private static EntityWrite insert(Headers headers, byte[] body) {
        EntityBody entity = entity(headers, body);
        return new EntityWrite(EntityWrite.Kind.INSERT, entity.keyToInsert(), EntityProperties.encode(entity.properties()), EntityWrite.ANY_VERSION);
    }

    private static EntityWrite update(EntityWrite.Kind kind, EntityKey addressed, long ifMatchTicks, Headers headers, byte[] body) {
        EntityBody entity = entity(headers, body);
        return new EntityWrite(kind, entity.keyToUpdate(addressed), EntityProperties.encode(entity.properties()), ifMatchTicks);
    }

    private static EntityBody entity(Headers headers, byte[] body) {
        PayloadFormat.checkBody(headers.get("Content-Type"));
        return EntityReader.read(body);
    }

    private static EntityWrite delete(EntityKey addressed, String ifMatch) {
        if (ifMatch == null) {
            throw new StorageException(StorageErrorCode.MISSING_REQUIRED_HEADER, Map.of("HeaderName", "If-Match"));
        }
        return new EntityWrite(EntityWrite.Kind.DELETE, addressed, NO_PROPERTIES, ETags.parseIfMatch(ifMatch));
    }

    EntityKey key() {
        return write.key();
    }

    /** @param ticks the entity's new Timestamp */
    Reply reply(long ticks) {
        return switch (write.kind()) {
            case INSERT -> inserted(ticks);
            case UPSERT_REPLACE, UPSERT_MERGE, REPLACE, MERGE -> TableReplies.empty(204).header("ETag", ETags.of(ticks));
            case DELETE -> TableReplies.empty(204);
        };
    }

    private Reply inserted(long ticks) {
        String location = address.base() + "/" + address.entityPath(key());
        Reply reply = preference.wantsContent()
                ? TableReplies.json(201, level, new EntityWriter(address, level, Projection.ALL).entity(new StoredEntity(key(), ticks, write.properties())))
                : TableReplies.empty(204).header("DataServiceId", location);
        return preference.applied(reply.header("Location", location).header("ETag", ETags.of(ticks)));
    }
}
