package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.security.PercentCoding;
import io.lazuli.security.QueryString;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.EntityWriteException;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.multipart.HttpAnswer;
import io.lazuli.storage.protocol.multipart.HttpPart;
import io.lazuli.storage.protocol.table.TableOperation.Headers;
import io.lazuli.storage.protocol.table.batch.BatchLimits;
import io.lazuli.storage.protocol.table.batch.BatchReader;
import io.lazuli.storage.protocol.table.batch.BatchRequest;
import io.lazuli.storage.protocol.table.batch.BatchWriter;
import io.lazuli.storage.protocol.table.json.ErrorBodies;
import io.lazuli.storage.protocol.table.json.MetadataLevel;
import io.lazuli.storage.protocol.table.json.TableAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Entity group transactions, and the query that may stand in a batch alone. What is wrong with one of a transaction's operations is
 * answered within the batch, with the operation's index; what is wrong with the batch as a whole, what its sender may not, and what
 * a client may try again, as with any request. Source: "Performing entity group transactions".
 */
final class BatchRequests {

    private static final int FIRST_SERVER_ERROR = 500;
    private static final int NO_INDEX = -1;

    private final TableService tables;
    private final EntityRequests entities;
    private final QueryRequests queries;
    private final Clock clock;

    BatchRequests(TableService tables, EntityRequests entities, QueryRequests queries, Clock clock) {
        this.tables = tables;
        this.entities = entities;
        this.queries = queries;
        this.clock = clock;
    }

    PlannedRequest run(ServiceRequest request, Access access) {
        return new PlannedRequest(BatchLimits.MAX_BODY_BYTES, body -> {
            BatchRequest batch = BatchReader.read(request.header("Content-Type"), body);
            return access.completed(table -> tables.getAccessPolicies(request.account(), table))
                    .thenCompose(allowed -> switch (batch) {
                        case BatchRequest.Changes changes -> change(request, allowed, changes.operations());
                        case BatchRequest.Query query -> query(request, allowed, query.operation());
                    });
        });
    }

    private CompletionStage<Reply> change(ServiceRequest request, Access access, List<HttpPart> operations) {
        request.requirePrimary();
        List<EntityChange> changes = new ArrayList<>(operations.size());
        List<EntityWrite> writes = new ArrayList<>(operations.size());
        Set<String> rowKeys = HashSet.newHashSet(operations.size());
        for (int i = 0; i < operations.size(); i++) {
            try {
                EntityChange change = read(request, access, operations.get(i));
                checkGroup(changes, change);
                if (!rowKeys.add(change.key().rowKey())) {
                    throw new StorageException(StorageErrorCode.INVALID_DUPLICATE_ROW);
                }
                changes.add(change);
                writes.add(change.write());
            } catch (StorageException refused) {
                return CompletableFuture.completedStage(failed(request, i, refused, operations.get(i)));
            }
        }
        return tables.write(request.account(), changes.getFirst().address().table(), writes)
                .handle((ticks, failure) -> failure == null
                        ? changed(request, operations, changes, ticks)
                        : failed(request, operations, failure));
    }

    private static EntityChange read(ServiceRequest request, Access access, HttpPart operation) {
        TableResource resource = Target.of(operation.uri(), request.account()).resource();
        Headers headers = name -> name.equals("X-HTTP-Method") ? null : operation.header(name);
        TableOperation kind = switch (resource) {
            case TableResource.Entities entities -> TableOperation.ofEntities(operation.method(), headers);
            case TableResource.Entity entity -> TableOperation.ofEntity(operation.method(), headers);
            case TableResource.Service service -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case TableResource.Batch batch -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case TableResource.Tables tables -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case TableResource.Table table -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
        };
        access.require(kind.requirement(resource.table()));
        MetadataLevel level = PayloadFormat.ofAnswer(null, operation.header("Accept"));
        EntityChange change = EntityChange.read(
                kind, EntityRequests.address(request, resource.table()), resource.key(), headers, level, operation.body());
        access.requireKey(change.key().partitionKey(), change.key().rowKey());
        return change;
    }

    private static void checkGroup(List<EntityChange> before, EntityChange change) {
        if (before.isEmpty()) {
            return;
        }
        EntityChange first = before.getFirst();
        if (!first.address().table().equalsIgnoreCase(change.address().table())) {
            throw TableErrors.invalidInput("All operations of a transaction must be on the same table.");
        }
        if (!first.key().partitionKey().equals(change.key().partitionKey())) {
            throw new StorageException(StorageErrorCode.COMMANDS_IN_BATCH_ACT_ON_DIFFERENT_PARTITIONS);
        }
    }

    private static Reply changed(ServiceRequest request, List<HttpPart> operations, List<EntityChange> changes, List<Long> ticks) {
        List<HttpAnswer> answers = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            answers.add(answer(changes.get(i).reply(ticks.get(i)), operations.get(i)));
        }
        BatchWriter writer = writer(request);
        return TableReplies.multipart(writer.contentType(), writer.changes(answers));
    }

    private Reply failed(ServiceRequest request, List<HttpPart> operations, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof EntityWriteException refused) {
            return failed(request, refused.index(), new StorageException(refused.error()), operations.get(refused.index()));
        }
        if (cause instanceof StorageException refused && refused.error().status() < FIRST_SERVER_ERROR) {
            return failed(request, 0, refused, operations.getFirst());
        }
        throw Failures.unchecked(cause);
    }

    private Reply failed(ServiceRequest request, int index, StorageException failure, HttpPart operation) {
        BatchWriter writer = writer(request);
        return TableReplies.multipart(writer.contentType(), writer.changes(List.of(answer(error(request, index, failure), operation))));
    }

    private Reply error(ServiceRequest request, int index, StorageException failure) {
        long nowMillis = clock.epochMillis();
        return TableReplies.error(failure.error().status(), index == NO_INDEX
                ? ErrorBodies.error(failure, request.requestId(), nowMillis)
                : ErrorBodies.errorInBatch(index, failure, request.requestId(), nowMillis));
    }

    private CompletionStage<Reply> query(ServiceRequest request, Access access, HttpPart operation) {
        CompletionStage<Reply> reply;
        try {
            reply = read(request, access, operation, Target.of(operation.uri(), request.account()));
        } catch (StorageException refused) {
            reply = CompletableFuture.failedStage(refused);
        }
        return reply.exceptionally(failure -> {
                    Throwable cause = Failures.cause(failure);
                    if (cause instanceof StorageException refused && refused.error().status() < FIRST_SERVER_ERROR) {
                        return error(request, NO_INDEX, refused);
                    }
                    throw Failures.unchecked(cause);
                })
                .thenApply(inside -> {
                    BatchWriter writer = writer(request);
                    return TableReplies.multipart(writer.contentType(), writer.query(answer(inside, operation)));
                });
    }

    private CompletionStage<Reply> read(ServiceRequest request, Access access, HttpPart operation, Target target) {
        String table = target.resource().table();
        TableAddress address = EntityRequests.address(request, table);
        return switch (target.resource()) {
            case TableResource.Entities all -> {
                access.require(TableOperation.QUERY_ENTITIES.requirement(table));
                yield QueryRequests.run(queries.prepare(address, target.query(), operation.header("Accept"), access, QueryRequests.MAX_ANSWER_IN_BATCH_BYTES));
            }
            case TableResource.Entity one -> {
                access.require(TableOperation.GET_ENTITY.requirement(table));
                access.requireKey(one.key().partitionKey(), one.key().rowKey());
                yield entities.get(address, one.key(), QueryOptions.read(target.query(), operation.header("Accept")));
            }
            case TableResource.Service service -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case TableResource.Batch batch -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case TableResource.Tables tables -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case TableResource.Table one -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
        };
    }

    /** The request's id makes boundaries that no body holds: JSON has no line that begins with a dash. */
    private static BatchWriter writer(ServiceRequest request) {
        return new BatchWriter(request.requestId(), request.requestId());
    }

    private static HttpAnswer answer(Reply reply, HttpPart operation) {
        List<String> headers = new ArrayList<>(reply.headers().size() + 4);
        if (operation.contentId() != null) {
            headers.add("Content-ID");
            headers.add(operation.contentId());
        }
        headers.addAll(reply.headers());
        if (reply.contentType() != null) {
            headers.add("Content-Type");
            headers.add(reply.contentType());
        }
        return new HttpAnswer(reply.status(), headers, reply.body());
    }

    /** What the URI of a request inside a batch asks for. */
    private record Target(TableResource resource, QueryString query) {

        /** @param uri absolute, from the root, or relative to the account. @throws StorageException if it is not of this account */
        static Target of(String uri, String account) {
            int question = uri.indexOf('?');
            String path = question < 0 ? uri : uri.substring(0, question);
            int scheme = path.indexOf("://");
            int start = scheme < 0 ? 0 : path.indexOf('/', scheme + 3);
            int slash = path.lastIndexOf('/');
            String before = start < 0 || slash <= start ? "" : path.substring(path.charAt(start) == '/' ? start + 1 : start, slash);
            if (start < 0 || !before.isEmpty() && !before.equals(account) && !before.equals(account + "-secondary")) {
                throw new StorageException(StorageErrorCode.INVALID_URI);
            }
            try {
                return new Target(
                        TableResource.parse(List.of(PercentCoding.decode(path.substring(slash + 1)))),
                        QueryString.parse(question < 0 ? null : uri.substring(question + 1)));
            } catch (IllegalArgumentException e) {
                throw new StorageException(StorageErrorCode.INVALID_URI);
            }
        }
    }
}
