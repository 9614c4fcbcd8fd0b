package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.table.json.MetadataLevel;
import io.lazuli.storage.protocol.table.json.TableAddress;
import io.lazuli.storage.protocol.table.json.TableBodies;
import java.util.Locale;

/** The operations on an account's tables. Source: "Create Table", "Query Tables", "Delete Table". */
final class TableRequests {

    static final int MAX_BODY_BYTES = 4 * 1024;

    private static final int TABLE_BYTES = 512;
    private static final String LIST = "";

    private final TableService tables;
    private final Clock clock;

    TableRequests(TableService tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    PlannedRequest create(ServiceRequest request) {
        MetadataLevel level = PayloadFormat.ofAnswer(request.query().first("$format"), request.header("Accept"));
        Preference preference = Preference.of(request.header("Prefer"));
        PayloadFormat.checkBody(request.header("Content-Type"));
        return new PlannedRequest(MAX_BODY_BYTES, body -> {
            String table = TableNames.check(TableBodies.readName(body));
            TableAddress address = EntityRequests.address(request, table);
            String location = address.base() + "/Tables('" + table + "')";
            return tables.createTable(request.account(), table).thenApply(done -> {
                Reply reply = preference.wantsContent()
                        ? TableReplies.json(201, level, TableBodies.table(address, level))
                        : TableReplies.empty(204).header("DataServiceId", location);
                return preference.applied(reply.header("Location", location));
            });
        });
    }

    PlannedRequest delete(ServiceRequest request, String table) {
        return new PlannedRequest(0, body -> tables.deleteTable(request.account(), table)
                .exceptionally(TableRequests::notFoundAsResource)
                .thenApply(done -> TableReplies.empty(204)));
    }

    /** The table is the resource that the address names. */
    private static Void notFoundAsResource(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof StorageException refused && refused.error() == StorageErrorCode.TABLE_NOT_FOUND) {
            throw new StorageException(StorageErrorCode.RESOURCE_NOT_FOUND);
        }
        throw Failures.unchecked(cause);
    }

    PlannedRequest get(ServiceRequest request, String table) {
        MetadataLevel level = QueryOptions.read(request).level();
        String from = table.toLowerCase(Locale.ROOT);
        return new PlannedRequest(0, body -> tables.listTables(request.account(), from, null, 1).thenApply(listing -> {
            if (listing.names().isEmpty() || !listing.names().get(0).equalsIgnoreCase(table)) {
                throw new StorageException(StorageErrorCode.RESOURCE_NOT_FOUND);
            }
            return TableReplies.json(200, level, TableBodies.table(EntityRequests.address(request, listing.names().get(0)), level));
        }));
    }

    PlannedRequest query(ServiceRequest request) {
        QueryOptions options = QueryOptions.read(request);
        TableQuery query = new TableQuery(tables, request.account(), options, request.query().first("NextTableName"), clock);
        TableAddress address = EntityRequests.address(request, LIST);
        return new PlannedRequest(0, options.top() * TABLE_BYTES, body -> query.run().thenApply(done -> {
            Reply reply = TableReplies.json(200, options.level(), TableBodies.tables(address, options.level(), query.found()));
            return query.token() == null ? reply : reply.header("x-ms-continuation-NextTableName", query.token());
        }));
    }
}
