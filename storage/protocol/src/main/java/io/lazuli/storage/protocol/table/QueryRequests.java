package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.security.QueryString;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.table.json.TableAddress;
import java.util.concurrent.CompletionStage;

/** Queries of a table's entities, one answer of each. Source: "Query Entities", "Query timeout and pagination". */
final class QueryRequests {

    /** How long one answer may be worked on. */
    static final long MAX_WORK_NANOS = 5_000_000_000L;

    /** An answer that has become so long ends with the entity that made it so. */
    static final int MAX_ANSWER_BYTES = 4 << 20;

    /** The same inside of a batch: that it is a query is known when its body is read, too late to make room for more. */
    static final int MAX_ANSWER_IN_BATCH_BYTES = 64 * 1024;

    private final TableService tables;
    private final Clock clock;

    QueryRequests(TableService tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    PlannedRequest query(ServiceRequest request, String table, Access access) {
        EntityQuery query = prepare(EntityRequests.address(request, table), request.query(), request.header("Accept"), access, MAX_ANSWER_BYTES);
        return new PlannedRequest(0, query.expectedAnswerBytes(), body -> run(query));
    }

    /** @throws io.lazuli.storage.model.StorageException if what is asked for is not understood */
    EntityQuery prepare(TableAddress address, QueryString query, String accept, Access access, int maxAnswerBytes) {
        byte[] start = ContinuationTokens.parseEntity(emptyToNull(query.first("NextPartitionKey")), emptyToNull(query.first("NextRowKey")));
        return new EntityQuery(tables, address, QueryOptions.read(query, accept), start, access.grantedKeys(), maxAnswerBytes, clock);
    }

    private static String emptyToNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    static CompletionStage<Reply> run(EntityQuery query) {
        return query.run().thenApply(done -> {
            Reply reply = TableReplies.json(200, query.options().level(), query.answer());
            byte[] next = query.next();
            if (next == null) {
                return reply;
            }
            ContinuationTokens.EntityToken token = ContinuationTokens.ofEntity(next);
            return reply.header("x-ms-continuation-NextPartitionKey", token.nextPartitionKey())
                    .header("x-ms-continuation-NextRowKey", token.nextRowKey());
        });
    }
}
