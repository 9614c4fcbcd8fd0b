package io.lazuli.storage.protocol.queue;

import io.lazuli.security.ResourceType;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ServiceRequest;
import java.util.List;

/**
 * The operations of the queue service: how a request names them, and what an account signature must cover. Source: "Queue
 * Storage REST API" and "Account SAS permissions by operation".
 */
enum QueueOperation {
    PREFLIGHT(ResourceType.SERVICE, "", false),
    LIST_QUEUES(ResourceType.SERVICE, "l", false),
    GET_SERVICE_PROPERTIES(ResourceType.SERVICE, "r", false),
    SET_SERVICE_PROPERTIES(ResourceType.SERVICE, "w", true),
    GET_SERVICE_STATS(ResourceType.SERVICE, "r", false),
    CREATE_QUEUE(ResourceType.CONTAINER, "cw", true),
    DELETE_QUEUE(ResourceType.CONTAINER, "d", true),
    GET_METADATA(ResourceType.CONTAINER, "r", false),
    SET_METADATA(ResourceType.CONTAINER, "w", true),
    GET_ACL(ResourceType.CONTAINER, "", false),
    SET_ACL(ResourceType.CONTAINER, "", true),
    PUT_MESSAGE(ResourceType.OBJECT, "a", true),
    GET_MESSAGES(ResourceType.OBJECT, "p", true),
    PEEK_MESSAGES(ResourceType.OBJECT, "r", false),
    CLEAR_MESSAGES(ResourceType.OBJECT, "d", true),
    UPDATE_MESSAGE(ResourceType.OBJECT, "u", true),
    DELETE_MESSAGE(ResourceType.OBJECT, "p", true);

    private static final String MESSAGES = "messages";

    private final ResourceType resourceType;
    private final String anyPermission;
    private final boolean write;

    QueueOperation(ResourceType resourceType, String anyPermission, boolean write) {
        this.resourceType = resourceType;
        this.anyPermission = anyPermission;
        this.write = write;
    }

    ResourceType resourceType() {
        return resourceType;
    }

    /** Letters of an account signature, any of which allows the operation; empty if none does. */
    String anyPermission() {
        return anyPermission;
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
                requireServiceRestype(request);
                return byVerb(request, GET_SERVICE_PROPERTIES, SET_SERVICE_PROPERTIES);
            }
            case "stats" -> {
                requireServiceRestype(request);
                return byVerb(request, GET_SERVICE_STATS, null);
            }
            default -> throw BadRequests.invalidParameter("comp", comp, "no such component of the service");
        }
    }

    private static void requireServiceRestype(ServiceRequest request) {
        String restype = request.query().first("restype");
        if (restype == null) {
            throw BadRequests.missingParameter("restype");
        }
        if (!restype.equals("service")) {
            throw BadRequests.invalidParameter("restype", restype, "must be service");
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
            case "GET" -> QueueParameters.flag(request, "peekonly") ? PEEK_MESSAGES : GET_MESSAGES;
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
