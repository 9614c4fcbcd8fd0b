package io.lazuli.storage.protocol.table;

import io.lazuli.security.Permission;
import io.lazuli.security.ResourceType;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Requirement;
import io.lazuli.storage.protocol.http.ServiceRequest;

/**
 * The operations of the table service: how a request names them, and what a signature must cover. Source: "Table Storage REST
 * API", "Account SAS permissions by operation", "Create a service SAS".
 */
enum TableOperation {
    GET_SERVICE_PROPERTIES(ResourceType.SERVICE, Permission.of("r"), Permission.NONE, false),
    SET_SERVICE_PROPERTIES(ResourceType.SERVICE, Permission.of("w"), Permission.NONE, true),
    GET_SERVICE_STATS(ResourceType.SERVICE, Permission.of("r"), Permission.NONE, false),
    QUERY_TABLES(ResourceType.CONTAINER, Permission.of("l"), Permission.NONE, false),
    GET_TABLE(ResourceType.CONTAINER, Permission.of("l"), Permission.NONE, false),
    CREATE_TABLE(ResourceType.CONTAINER, Permission.of("c", "w"), Permission.NONE, true),
    DELETE_TABLE(ResourceType.CONTAINER, Permission.of("d"), Permission.NONE, true),
    GET_TABLE_ACL(ResourceType.CONTAINER, Permission.NONE, Permission.NONE, false),
    SET_TABLE_ACL(ResourceType.CONTAINER, Permission.NONE, Permission.NONE, true),
    QUERY_ENTITIES(ResourceType.OBJECT, Permission.of("r"), Permission.of("r"), false),
    GET_ENTITY(ResourceType.OBJECT, Permission.of("r"), Permission.of("r"), false),
    INSERT_ENTITY(ResourceType.OBJECT, Permission.of("a"), Permission.of("a"), true),
    /** With a condition; the same request without one is {@link #UPSERT_REPLACE}. */
    UPDATE_ENTITY(ResourceType.OBJECT, Permission.of("u"), Permission.of("u"), true),
    /** With a condition; the same request without one is {@link #UPSERT_MERGE}. */
    MERGE_ENTITY(ResourceType.OBJECT, Permission.of("u"), Permission.of("u"), true),
    UPSERT_REPLACE(ResourceType.OBJECT, Permission.of("au"), Permission.of("au"), true),
    UPSERT_MERGE(ResourceType.OBJECT, Permission.of("au"), Permission.of("au"), true),
    DELETE_ENTITY(ResourceType.OBJECT, Permission.of("d"), Permission.of("d"), true),
    /** What it may is asked for each of its operations. */
    BATCH(ResourceType.OBJECT, Permission.ANY, Permission.ANY, false);

    private final ResourceType resourceType;
    private final Permission ofAccount;
    private final Permission ofService;
    private final boolean write;

    TableOperation(ResourceType resourceType, Permission ofAccount, Permission ofService, boolean write) {
        this.resourceType = resourceType;
        this.ofAccount = ofAccount;
        this.ofService = ofService;
        this.write = write;
    }

    /** @param table empty for the account's service itself, null if only the signature names it */
    Requirement requirement(String table) {
        return new Requirement(resourceType, table, ofAccount, ofService);
    }

    /** Whether it changes anything, so that the secondary location refuses it. */
    boolean isWrite() {
        return write;
    }

    /** Of what stands in a batch too: headers by their names, null where absent. */
    @FunctionalInterface
    interface Headers {
        String get(String name);
    }

    /** @throws StorageException for a verb that the resource does not have, or an error about {@code comp} or {@code restype} */
    static TableOperation of(ServiceRequest request, TableResource resource) {
        String comp = request.query().first("comp");
        return switch (resource) {
            case TableResource.Service service -> ofService(request, comp);
            case TableResource.Entities entities when comp != null -> ofAcl(request, comp);
            case TableResource.Batch batch -> only(request.method(), "POST", BATCH);
            case TableResource.Tables tables -> switch (request.method()) {
                case "GET" -> QUERY_TABLES;
                case "POST" -> CREATE_TABLE;
                default -> throw notAllowed();
            };
            case TableResource.Table table -> switch (request.method()) {
                case "GET" -> GET_TABLE;
                case "DELETE" -> DELETE_TABLE;
                default -> throw notAllowed();
            };
            case TableResource.Entities entities -> ofEntities(request.method(), request::header);
            case TableResource.Entity entity -> ofEntity(request.method(), request::header);
        };
    }

    /** Of the entities of a table, also inside a batch. */
    static TableOperation ofEntities(String method, Headers headers) {
        return switch (tunnelled(method, headers)) {
            case "GET" -> QUERY_ENTITIES;
            case "POST" -> INSERT_ENTITY;
            default -> throw notAllowed();
        };
    }

    /** Of one entity, also inside a batch. */
    static TableOperation ofEntity(String method, Headers headers) {
        return switch (tunnelled(method, headers)) {
            case "GET" -> GET_ENTITY;
            case "PUT" -> headers.get("If-Match") == null ? UPSERT_REPLACE : UPDATE_ENTITY;
            case "MERGE", "PATCH" -> headers.get("If-Match") == null ? UPSERT_MERGE : MERGE_ENTITY;
            case "DELETE" -> DELETE_ENTITY;
            default -> throw notAllowed();
        };
    }

    /** The verb that {@code X-HTTP-Method} puts in the place of POST, for clients that may not send it. */
    private static String tunnelled(String method, Headers headers) {
        String wanted = headers.get("X-HTTP-Method");
        if (wanted == null) {
            return method;
        }
        if (!method.equals("POST")) {
            throw new StorageException(StorageErrorCode.X_METHOD_NOT_USING_POST);
        }
        return switch (wanted) {
            case "PUT", "MERGE", "PATCH", "DELETE" -> wanted;
            default -> throw new StorageException(StorageErrorCode.X_METHOD_INCORRECT_VALUE);
        };
    }

    private static TableOperation ofService(ServiceRequest request, String comp) {
        if (comp == null) {
            throw BadRequests.missingParameter("comp");
        }
        String restype = request.query().first("restype");
        if (restype == null) {
            throw BadRequests.missingParameter("restype");
        }
        if (!restype.equals("service")) {
            throw BadRequests.invalidParameter("restype", restype, "must be service");
        }
        return switch (comp) {
            case "properties" -> getOrPut(request.method(), GET_SERVICE_PROPERTIES, SET_SERVICE_PROPERTIES);
            case "stats" -> only(request.method(), "GET", GET_SERVICE_STATS);
            default -> throw BadRequests.invalidParameter("comp", comp, "no such component of the service");
        };
    }

    private static TableOperation ofAcl(ServiceRequest request, String comp) {
        if (!comp.equals("acl")) {
            throw BadRequests.invalidParameter("comp", comp, "no such component of a table");
        }
        String method = request.method();
        return getOrPut(method.equals("HEAD") ? "GET" : method, GET_TABLE_ACL, SET_TABLE_ACL);
    }

    private static TableOperation getOrPut(String method, TableOperation get, TableOperation put) {
        return method.equals("PUT") ? put : only(method, "GET", get);
    }

    private static TableOperation only(String method, String wanted, TableOperation operation) {
        if (!method.equals(wanted)) {
            throw notAllowed();
        }
        return operation;
    }

    private static StorageException notAllowed() {
        return new StorageException(StorageErrorCode.METHOD_NOT_ALLOWED);
    }
}
