package io.lazuli.storage.protocol.queue;

import io.lazuli.security.Permission;
import io.lazuli.security.ResourceType;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Requirement;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.service.Parameters;
import java.util.List;

/**
 * The operations of the queue service: how a request names them, and what a signature must cover. Source: "Queue
 * Storage REST API", "Account SAS permissions by operation" and "Permissions for a queue" of "Create a service SAS".
 */
enum QueueOperation {
    PREFLIGHT(ResourceType.SERVICE, Permission.NONE, Permission.NONE, false),
    LIST_QUEUES(ResourceType.SERVICE, Permission.of("l"), Permission.NONE, false),
    GET_SERVICE_PROPERTIES(ResourceType.SERVICE, Permission.of("r"), Permission.NONE, false),
    SET_SERVICE_PROPERTIES(ResourceType.SERVICE, Permission.of("w"), Permission.NONE, true),
    GET_SERVICE_STATS(ResourceType.SERVICE, Permission.of("r"), Permission.NONE, false),
    CREATE_QUEUE(ResourceType.CONTAINER, Permission.of("c", "w"), Permission.NONE, true),
    DELETE_QUEUE(ResourceType.CONTAINER, Permission.of("d"), Permission.NONE, true),
    GET_METADATA(ResourceType.CONTAINER, Permission.of("r"), Permission.of("r"), false),
    SET_METADATA(ResourceType.CONTAINER, Permission.of("w"), Permission.NONE, true),
    GET_ACL(ResourceType.CONTAINER, Permission.NONE, Permission.NONE, false),
    SET_ACL(ResourceType.CONTAINER, Permission.NONE, Permission.NONE, true),
    PUT_MESSAGE(ResourceType.OBJECT, Permission.of("a"), Permission.of("a"), true),
    GET_MESSAGES(ResourceType.OBJECT, Permission.of("p"), Permission.of("p"), true),
    PEEK_MESSAGES(ResourceType.OBJECT, Permission.of("r"), Permission.of("r"), false),
    CLEAR_MESSAGES(ResourceType.OBJECT, Permission.of("d"), Permission.NONE, true),
    UPDATE_MESSAGE(ResourceType.OBJECT, Permission.of("u"), Permission.of("u"), true),
    DELETE_MESSAGE(ResourceType.OBJECT, Permission.of("p"), Permission.of("p"), true);

    private static final String MESSAGES = "messages";

    private final ResourceType resourceType;
    private final Permission ofAccount;
    private final Permission ofService;
    private final boolean write;

    QueueOperation(ResourceType resourceType, Permission ofAccount, Permission ofService, boolean write) {
        this.resourceType = resourceType;
        this.ofAccount = ofAccount;
        this.ofService = ofService;
        this.write = write;
    }

    /** @param queue that it works on, empty for the account's service */
    Requirement requirement(String queue) {
        return new Requirement(resourceType, queue, ofAccount, ofService);
    }

    /** Whether it changes anything, so that the secondary location refuses it. */
    boolean isWrite() {
        return write;
    }

    /** @throws StorageException InvalidUri, UnsupportedHttpVerb, or an error about {@code comp} or {@code restype} */
    static QueueOperation of(ServiceRequest request) {
        if (request.method().equals("OPTIONS")) {
            return PREFLIGHT;
        }
        List<String> segments = request.segments();
        if (segments.size() > 1 && !segments.get(1).equals(MESSAGES)) {
            throw new StorageException(StorageErrorCode.INVALID_URI);
        }
        return switch (segments.size()) {
            case 0 -> ofAccount(request);
            case 1 -> ofQueue(request);
            case 2 -> ofMessages(request);
            case 3 -> ofMessage(request);
            default -> throw new StorageException(StorageErrorCode.INVALID_URI);
        };
    }

    private static QueueOperation ofAccount(ServiceRequest request) {
        String comp = request.query().first("comp");
        if (comp == null) {
            throw BadRequests.missingParameter("comp");
        }
        switch (comp) {
            case "list" -> {
                return byVerb(request, LIST_QUEUES, null);
            }
            case "properties" -> {
                Parameters.requireServiceRestype(request);
                return byVerb(request, GET_SERVICE_PROPERTIES, SET_SERVICE_PROPERTIES);
            }
            case "stats" -> {
                Parameters.requireServiceRestype(request);
                return byVerb(request, GET_SERVICE_STATS, null);
            }
            default -> throw BadRequests.invalidParameter("comp", comp, "no such component of the service");
        }
    }

    private static QueueOperation ofQueue(ServiceRequest request) {
        String comp = request.query().first("comp");
        String method = request.method();
        if (comp == null) {
            return switch (method) {
                case "PUT" -> CREATE_QUEUE;
                case "DELETE" -> DELETE_QUEUE;
                case "GET", "HEAD" -> throw BadRequests.missingParameter("comp");
                default -> throw new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
            };
        }
        String likeGet = method.equals("HEAD") ? "GET" : method;
        return switch (comp) {
            case "metadata" -> byVerb(likeGet, GET_METADATA, SET_METADATA);
            case "acl" -> byVerb(likeGet, GET_ACL, SET_ACL);
            default -> throw BadRequests.invalidParameter("comp", comp, "no such component of a queue");
        };
    }

    private static QueueOperation ofMessages(ServiceRequest request) {
        return switch (request.method()) {
            case "POST" -> PUT_MESSAGE;
            case "GET" -> Parameters.flag(request, "peekonly") ? PEEK_MESSAGES : GET_MESSAGES;
            case "DELETE" -> CLEAR_MESSAGES;
            default -> throw new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
        };
    }

    private static QueueOperation ofMessage(ServiceRequest request) {
        return switch (request.method()) {
            case "PUT" -> UPDATE_MESSAGE;
            case "DELETE" -> DELETE_MESSAGE;
            default -> throw new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
        };
    }

    private static QueueOperation byVerb(ServiceRequest request, QueueOperation get, QueueOperation put) {
        return byVerb(request.method(), get, put);
    }

    private static QueueOperation byVerb(String method, QueueOperation get, QueueOperation put) {
        if (method.equals("GET")) {
            return get;
        }
        if (method.equals("PUT") && put != null) {
            return put;
        }
        throw new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
    }
}
