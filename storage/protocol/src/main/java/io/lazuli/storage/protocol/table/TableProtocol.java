package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Authorizer;
import io.lazuli.storage.protocol.http.ErrorReplies;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol;
import io.lazuli.storage.protocol.service.AclRequests;
import io.lazuli.storage.protocol.service.ServiceRequests;
import io.lazuli.storage.protocol.table.json.ErrorBodies;
import java.util.concurrent.CompletionStage;

/**
 * The Azure Table REST protocol: finds the operation, authenticates and authorizes the request, validates names, keys and
 * options, and hands it to {@link TableService}. One per event loop; keeps nothing but verified signatures.
 */
final class TableProtocol implements StorageProtocol {

    private static final String POLICY_LETTERS = "raud";

    private final TableService tables;
    private final Authorizer authorizer;
    private final ServiceRequests serviceRequests;
    private final AclRequests aclRequests;
    private final TableRequests tableRequests;
    private final EntityRequests entityRequests;
    private final QueryRequests queryRequests;
    private final BatchRequests batchRequests;

    TableProtocol(TableService tables, AccountKeys accounts, Clock clock) {
        this.tables = tables;
        this.authorizer = new Authorizer(StorageService.TABLE, accounts, clock);
        this.serviceRequests = new ServiceRequests(StorageService.TABLE, tables::getServiceProperties, tables::changeServiceProperties, clock);
        this.aclRequests = new AclRequests(tables::getAccessPolicies, tables::setAccessPolicies, POLICY_LETTERS);
        this.tableRequests = new TableRequests(tables, clock);
        this.entityRequests = new EntityRequests(tables);
        this.queryRequests = new QueryRequests(tables, clock);
        this.batchRequests = new BatchRequests(tables, entityRequests, queryRequests, clock);
    }

    @Override
    public StorageService service() {
        return StorageService.TABLE;
    }

    @Override
    public String serverName() {
        return "Lazuli-Table/1.0";
    }

    @Override
    public PlannedRequest plan(ServiceRequest request) {
        if (request.method().equals("OPTIONS")) {
            return serviceRequests.preflight(request, authorizer.isAccount(request.account()));
        }
        TableResource resource = TableResource.parse(request.segments());
        TableOperation operation = TableOperation.of(request, resource);
        Access access = authorizer.authorize(request, operation.requirement(resource.table()));
        if (operation.isWrite()) {
            request.requirePrimary();
        }
        PlannedRequest planned = plan(operation, request, resource, access);
        return operation == TableOperation.BATCH
                ? planned
                : planned.allowedBy(access, named -> tables.getAccessPolicies(request.account(), named));
    }

    private PlannedRequest plan(TableOperation operation, ServiceRequest request, TableResource resource, Access access) {
        return switch (operation) {
            case GET_SERVICE_PROPERTIES -> serviceRequests.getProperties(request);
            case SET_SERVICE_PROPERTIES -> serviceRequests.setProperties(request);
            case GET_SERVICE_STATS -> serviceRequests.stats(request);
            case QUERY_TABLES -> tableRequests.query(request);
            case GET_TABLE -> tableRequests.get(request, resource.table());
            case CREATE_TABLE -> tableRequests.create(request);
            case DELETE_TABLE -> tableRequests.delete(request, resource.table());
            case GET_TABLE_ACL -> aclRequests.get(request, resource.table());
            case SET_TABLE_ACL -> aclRequests.set(request, resource.table());
            case QUERY_ENTITIES -> queryRequests.query(request, resource.table(), access);
            case GET_ENTITY -> entityRequests.get(request, resource.table(), resource.key(), access);
            case INSERT_ENTITY, UPDATE_ENTITY, MERGE_ENTITY, UPSERT_REPLACE, UPSERT_MERGE, DELETE_ENTITY ->
                    entityRequests.change(request, operation, resource.table(), resource.key(), access);
            case BATCH -> batchRequests.run(request, access);
        };
    }

    @Override
    public CompletionStage<Reply> withCors(ServiceRequest request, Reply reply) {
        return serviceRequests.withCors(request, reply);
    }

    /** What speaks XML has errors in XML, all else in JSON. */
    @Override
    public Reply errorReply(ServiceRequest request, StorageException failure, String requestId, long nowMillis) {
        return request != null && request.query().first("comp") != null
                ? ErrorReplies.xml(failure, requestId, nowMillis)
                : TableReplies.error(failure.error().status(), ErrorBodies.error(failure, requestId, nowMillis));
    }
}
