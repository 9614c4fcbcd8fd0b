package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityWriteException;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.table.json.EntityWriter;
import io.lazuli.storage.protocol.table.json.MetadataLevel;
import io.lazuli.storage.protocol.table.json.TableAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The operations on one entity. Source: "Query Entities" (by keys) and what {@link EntityChange} names. */
final class EntityRequests {

    /** The largest entity with its strings escaped, and what is around them. */
    static final int MAX_BODY_BYTES = 4 << 20;

    private final TableService tables;

    EntityRequests(TableService tables) {
        this.tables = tables;
    }

    PlannedRequest get(ServiceRequest request, String table, EntityKey key, Access access) {
        QueryOptions options = QueryOptions.read(request);
        access.requireKey(key.partitionKey(), key.rowKey());
        TableAddress address = address(request, table);
        return new PlannedRequest(0, body -> get(address, key, options));
    }

    CompletionStage<Reply> get(TableAddress address, EntityKey key, QueryOptions options) {
        return tables.get(address.account(), address.table(), key).thenApply(found -> {
            StoredEntity entity = found.orElseThrow(() -> new StorageException(StorageErrorCode.RESOURCE_NOT_FOUND));
            byte[] body = new EntityWriter(address, options.level(), options.projection()).entity(entity);
            return TableReplies.json(200, options.level(), body).header("ETag", ETags.of(entity.timestampTicks()));
        });
    }

    /** @param addressed null for an insert */
    PlannedRequest change(ServiceRequest request, TableOperation operation, String table, EntityKey addressed, Access access) {
        MetadataLevel level = PayloadFormat.ofAnswer(request.query().first("$format"), request.header("Accept"));
        TableAddress address = address(request, table);
        if (addressed != null) {
            access.requireKey(addressed.partitionKey(), addressed.rowKey());
        }
        int maxBodyBytes = operation == TableOperation.DELETE_ENTITY ? 0 : MAX_BODY_BYTES;
        return new PlannedRequest(maxBodyBytes, body -> {
            EntityChange change = EntityChange.read(operation, address, addressed, request::header, level, body);
            access.requireKey(change.key().partitionKey(), change.key().rowKey());
            return tables.write(request.account(), table, List.of(change.write()))
                    .exceptionally(EntityRequests::rethrow)
                    .thenApply(ticks -> change.reply(ticks.get(0)));
        });
    }

    /** What a change of one entity fails with, as an answer. */
    private static List<Long> rethrow(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        throw cause instanceof EntityWriteException refused ? new StorageException(refused.error()) : Failures.unchecked(cause);
    }

    static TableAddress address(ServiceRequest request, String table) {
        return new TableAddress(request.accountEndpoint(), request.account(), table);
    }
}
