package io.lazuli.storage.protocol.blob;

import static io.lazuli.security.ResourceType.CONTAINER;
import static io.lazuli.security.ResourceType.OBJECT;
import static io.lazuli.security.ResourceType.SERVICE;

import io.lazuli.security.Permission;
import io.lazuli.security.ResourceType;
import io.lazuli.security.SignableRequest;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Requirement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * The operations of the blob service: how a request names them, and what a signature must cover. Source: "Blob service REST
 * API", "Create an account SAS", "Create a service SAS" with their tables of permissions by operation.
 */
public enum BlobOperation {
    // Of the account's service
    GET_SERVICE_PROPERTIES(SERVICE, false, "r"),
    SET_SERVICE_PROPERTIES(SERVICE, true, "w"),
    GET_SERVICE_STATS(SERVICE, false, "r"),
    LIST_CONTAINERS(SERVICE, false, "l"),
    FIND_BLOBS_BY_TAGS(SERVICE, false, "f"),
    GET_USER_DELEGATION_KEY(SERVICE, false),
    /** What it may is asked for each of its operations. */
    BATCH(SERVICE, false, ""),
    /** Also of containers and blobs. Every genuine signature allows it. */
    GET_ACCOUNT_INFORMATION(SERVICE, false, ""),

    // Of containers
    CREATE_CONTAINER(CONTAINER, true, "c", "w"),
    GET_CONTAINER_PROPERTIES(CONTAINER, false, "r"),
    SET_CONTAINER_METADATA(CONTAINER, true, "w"),
    GET_CONTAINER_ACL(CONTAINER, false),
    SET_CONTAINER_ACL(CONTAINER, true),
    LEASE_CONTAINER(CONTAINER, true, "w", "d"),
    DELETE_CONTAINER(CONTAINER, true, "d"),
    RESTORE_CONTAINER(CONTAINER, true, "w"),
    LIST_BLOBS(CONTAINER, false, "l"),
    FIND_IN_CONTAINER(CONTAINER, false, "f"),
    BATCH_IN_CONTAINER(CONTAINER, false, ""),

    // Of whole blobs
    PUT_BLOB(OBJECT, true, "w", "c"),
    PUT_BLOB_FROM_URL(OBJECT, true, "w", "c"),
    COPY_BLOB(OBJECT, true, "w", "c"),
    COPY_BLOB_FROM_URL(OBJECT, true, "w", "c"),
    ABORT_COPY(OBJECT, true, "w"),
    INCREMENTAL_COPY(OBJECT, true, "w", "c"),
    GET_BLOB(OBJECT, false, "r"),
    QUERY_BLOB(OBJECT, false, "r"),
    SNAPSHOT_BLOB(OBJECT, true, "w", "c"),
    DELETE_BLOB(OBJECT, true, "d"),
    DELETE_VERSION(OBJECT, true, "x"),
    DELETE_PERMANENTLY(OBJECT, true, "y"),
    UNDELETE_BLOB(OBJECT, true, "w", "d"),
    LEASE_BLOB(OBJECT, true, "w", "d"),

    // Of their parts
    PUT_BLOCK(OBJECT, true, "w"),
    PUT_BLOCK_FROM_URL(OBJECT, true, "w"),
    PUT_BLOCK_LIST(OBJECT, true, "w"),
    GET_BLOCK_LIST(OBJECT, false, "r"),
    APPEND_BLOCK(OBJECT, true, "a", "w"),
    APPEND_BLOCK_FROM_URL(OBJECT, true, "a", "w"),
    SEAL_BLOB(OBJECT, true, "a", "w"),
    PUT_PAGE(OBJECT, true, "w"),
    PUT_PAGE_FROM_URL(OBJECT, true, "w"),
    GET_PAGE_RANGES(OBJECT, false, "r"),

    // Of what they say of themselves
    GET_BLOB_PROPERTIES(OBJECT, false, "r"),
    SET_BLOB_PROPERTIES(OBJECT, true, "w"),
    GET_BLOB_METADATA(OBJECT, false, "r"),
    SET_BLOB_METADATA(OBJECT, true, "w"),
    GET_BLOB_TAGS(OBJECT, false, "t"),
    SET_BLOB_TAGS(OBJECT, true, "t"),
    SET_BLOB_TIER(OBJECT, true, "w"),
    SET_IMMUTABILITY_POLICY(OBJECT, true, "i"),
    DELETE_IMMUTABILITY_POLICY(OBJECT, true, "i"),
    SET_LEGAL_HOLD(OBJECT, true, "i"),
    SET_EXPIRY(OBJECT, true, "w");

    private static final char TAGS = 't';
    private static final Set<String> NOT_FOR_EVERYBODY = Set.of("deleted", "deletedwithversions", "tags", "uncommittedblobs");
    private static final Permission OVERWRITE = Permission.of("w");

    private final ResourceType resourceType;
    private final boolean write;
    private final Permission permission;
    private final Permission withTags;

    /** @param alternatives sets of letters, one of which a signature must have; none if no signature allows it */
    BlobOperation(ResourceType resourceType, boolean write, String... alternatives) {
        this.resourceType = resourceType;
        this.write = write;
        this.permission = alternatives.length == 0 ? Permission.NONE : Permission.of(alternatives);
        this.withTags = Permission.of(Arrays.stream(alternatives).map(letters -> letters + TAGS).toArray(String[]::new));
    }

    /** Of the account's service itself only account signatures speak. */
    public Requirement requirement(BlobResource resource) {
        return requirement(resource, permission, publicAccess());
    }

    /** The same of a request that sets tags beside its operation, or makes them its condition, which takes their letter too. */
    public Requirement requirement(BlobResource resource, SignableRequest request) {
        boolean tags = request.header("x-ms-tags") != null || request.header("x-ms-if-tags") != null;
        return tags && resourceType == OBJECT
                ? requirementWithTags(resource) : requirement(resource, permission, isForAccountOnly(request) ? PublicAccess.NONE : publicAccess());
    }

    /** The same of one that reads or writes tags, too, which are nobody's whom they have not been opened to. */
    Requirement requirementWithTags(BlobResource resource) {
        return requirement(resource, withTags, PublicAccess.NONE);
    }

    /** What is deleted, not committed yet, or said in tags is not for everybody. */
    private boolean isForAccountOnly(SignableRequest request) {
        return switch (this) {
            case GET_BLOCK_LIST -> {
                String type = request.query().first("blocklisttype");
                yield type != null && !type.equalsIgnoreCase("committed");
            }
            case LIST_BLOBS -> {
                String include = request.query().first("include");
                yield include != null && Arrays.stream(include.split(",")).anyMatch(part -> NOT_FOR_EVERYBODY.contains(part.trim().toLowerCase(Locale.ROOT)));
            }
            default -> false;
        };
    }

    private Requirement requirement(BlobResource resource, Permission letters, PublicAccess ofPublic) {
        return new Requirement(
                resourceType, resource.container(), resource.blob(), letters, isOfServiceSignatures() ? letters : Permission.NONE, ofPublic);
    }

    /** Containers themselves are the account's to read and change; their signatures are for blobs. */
    private boolean isOfServiceSignatures() {
        return switch (this) {
            case LIST_BLOBS, FIND_IN_CONTAINER, BATCH_IN_CONTAINER, GET_ACCOUNT_INFORMATION -> true;
            default -> resourceType == OBJECT;
        };
    }

    /** What a container must let everybody do for the operation to need no credentials. */
    private PublicAccess publicAccess() {
        return switch (this) {
            case GET_BLOB, GET_BLOB_PROPERTIES, GET_BLOB_METADATA, GET_BLOCK_LIST, GET_PAGE_RANGES -> PublicAccess.BLOB;
            case LIST_BLOBS, GET_CONTAINER_PROPERTIES -> PublicAccess.CONTAINER;
            default -> PublicAccess.NONE;
        };
    }

    /** What it takes besides to overwrite a blob that is there. */
    static Requirement overwriting(BlobResource resource) {
        return new Requirement(OBJECT, resource.container(), resource.blob(), OVERWRITE, OVERWRITE, PublicAccess.NONE);
    }

    /** Whether it changes anything, so that the secondary location refuses it. */
    public boolean isWrite() {
        return write;
    }

    /** Whether it changes blobs as they are now, and never their snapshots or versions. */
    boolean isOfCurrent() {
        return switch (this) {
            case DELETE_BLOB, DELETE_VERSION, DELETE_PERMANENTLY, SET_BLOB_TAGS, SET_BLOB_TIER, SET_IMMUTABILITY_POLICY,
                    DELETE_IMMUTABILITY_POLICY, SET_LEGAL_HOLD -> false;
            default -> write && resourceType == OBJECT;
        };
    }

    /** @throws StorageException for a verb that the resource does not have, or an error about {@code comp} or {@code restype} */
    public static BlobOperation of(SignableRequest request, BlobResource resource) {
        String comp = request.query().first("comp");
        if ("account".equals(request.query().first("restype"))) {
            return "properties".equals(comp) ? read(request, GET_ACCOUNT_INFORMATION) : unknown("comp", comp);
        }
        return switch (resource) {
            case BlobResource.Service service -> ofService(request, comp);
            case BlobResource.Container container -> ofContainer(request, comp);
            case BlobResource.Blob blob -> ofBlob(request, comp);
        };
    }

    private static BlobOperation ofService(SignableRequest request, String comp) {
        String restype = request.query().first("restype");
        if (comp == null) {
            throw BadRequests.missingParameter("comp");
        }
        switch (comp) {
            case "list":
                return only(request, "GET", LIST_CONTAINERS);
            case "blobs":
                return only(request, "GET", FIND_BLOBS_BY_TAGS);
            case "batch":
                return only(request, "POST", BATCH);
            default:
        }
        if (restype == null) {
            throw BadRequests.missingParameter("restype");
        }
        if (!restype.equals("service")) {
            return unknown("restype", restype);
        }
        return switch (comp) {
            case "properties" -> request.method().equals("PUT") ? SET_SERVICE_PROPERTIES : only(request, "GET", GET_SERVICE_PROPERTIES);
            case "stats" -> only(request, "GET", GET_SERVICE_STATS);
            case "userdelegationkey" -> only(request, "POST", GET_USER_DELEGATION_KEY);
            default -> unknown("comp", comp);
        };
    }

    private static BlobOperation ofContainer(SignableRequest request, String comp) {
        boolean put = request.method().equals("PUT");
        if (comp == null) {
            return switch (request.method()) {
                case "PUT" -> CREATE_CONTAINER;
                case "GET", "HEAD" -> GET_CONTAINER_PROPERTIES;
                case "DELETE" -> DELETE_CONTAINER;
                default -> throw unsupportedVerb();
            };
        }
        return switch (comp) {
            case "metadata" -> put ? SET_CONTAINER_METADATA : read(request, GET_CONTAINER_PROPERTIES);
            case "acl" -> put ? SET_CONTAINER_ACL : read(request, GET_CONTAINER_ACL);
            case "lease" -> only(request, "PUT", LEASE_CONTAINER);
            case "undelete" -> only(request, "PUT", RESTORE_CONTAINER);
            case "list" -> only(request, "GET", LIST_BLOBS);
            case "blobs" -> only(request, "GET", FIND_IN_CONTAINER);
            case "batch" -> only(request, "POST", BATCH_IN_CONTAINER);
            default -> unknown("comp", comp);
        };
    }

    private static BlobOperation ofBlob(SignableRequest request, String comp) {
        boolean put = request.method().equals("PUT");
        boolean fromSource = request.header("x-ms-copy-source") != null;
        if (comp == null) {
            return switch (request.method()) {
                case "PUT" -> ofWholeBlob(request, fromSource);
                case "GET" -> GET_BLOB;
                case "HEAD" -> GET_BLOB_PROPERTIES;
                case "DELETE" -> ofDelete(request);
                default -> throw unsupportedVerb();
            };
        }
        return switch (comp) {
            case "block" -> only(request, "PUT", fromSource ? PUT_BLOCK_FROM_URL : PUT_BLOCK);
            case "blocklist" -> put ? PUT_BLOCK_LIST : only(request, "GET", GET_BLOCK_LIST);
            case "appendblock" -> only(request, "PUT", fromSource ? APPEND_BLOCK_FROM_URL : APPEND_BLOCK);
            case "seal" -> only(request, "PUT", SEAL_BLOB);
            case "page" -> only(request, "PUT", fromSource ? PUT_PAGE_FROM_URL : PUT_PAGE);
            case "pagelist" -> only(request, "GET", GET_PAGE_RANGES);
            case "properties" -> only(request, "PUT", SET_BLOB_PROPERTIES);
            case "metadata" -> put ? SET_BLOB_METADATA : read(request, GET_BLOB_METADATA);
            case "tags" -> put ? SET_BLOB_TAGS : only(request, "GET", GET_BLOB_TAGS);
            case "tier" -> only(request, "PUT", SET_BLOB_TIER);
            case "snapshot" -> only(request, "PUT", SNAPSHOT_BLOB);
            case "undelete" -> only(request, "PUT", UNDELETE_BLOB);
            case "lease" -> only(request, "PUT", LEASE_BLOB);
            case "copy" -> only(request, "PUT", ABORT_COPY);
            case "incrementalcopy" -> only(request, "PUT", INCREMENTAL_COPY);
            case "immutabilityPolicies" -> request.method().equals("DELETE")
                    ? DELETE_IMMUTABILITY_POLICY : only(request, "PUT", SET_IMMUTABILITY_POLICY);
            case "legalhold" -> only(request, "PUT", SET_LEGAL_HOLD);
            case "expiry" -> only(request, "PUT", SET_EXPIRY);
            case "query" -> only(request, "POST", QUERY_BLOB);
            default -> unknown("comp", comp);
        };
    }

    private static BlobOperation ofWholeBlob(SignableRequest request, boolean fromSource) {
        if (!fromSource) {
            return PUT_BLOB;
        }
        if (request.header("x-ms-blob-type") != null) {
            return PUT_BLOB_FROM_URL;
        }
        return "true".equalsIgnoreCase(request.header("x-ms-requires-sync")) ? COPY_BLOB_FROM_URL : COPY_BLOB;
    }

    private static BlobOperation ofDelete(SignableRequest request) {
        if ("permanent".equalsIgnoreCase(request.query().first("deletetype"))) {
            return DELETE_PERMANENTLY;
        }
        return request.query().first("versionid") == null ? DELETE_BLOB : DELETE_VERSION;
    }

    private static BlobOperation only(SignableRequest request, String method, BlobOperation operation) {
        if (!request.method().equals(method)) {
            throw unsupportedVerb();
        }
        return operation;
    }

    private static BlobOperation read(SignableRequest request, BlobOperation operation) {
        return only(request, request.method().equals("HEAD") ? "HEAD" : "GET", operation);
    }

    private static BlobOperation unknown(String parameter, String value) {
        throw BadRequests.invalidParameter(parameter, value == null ? "" : value, "names nothing that the resource has");
    }

    private static StorageException unsupportedVerb() {
        return new StorageException(StorageErrorCode.UNSUPPORTED_HTTP_VERB);
    }
}
