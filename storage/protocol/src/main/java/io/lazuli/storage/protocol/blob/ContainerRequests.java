package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.AccessPolicyBodies;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import java.util.List;
import java.util.Locale;

/**
 * The operations on containers. Source: "Create Container", "Get Container Properties", "Set Container Metadata", "Set Container ACL", "Lease
 * Container", "Delete Container", "Restore Container" and their like.
 */
final class ContainerRequests {

    /** The only encryption scope that there is. */
    static final String ACCOUNT_SCOPE = "$account-encryption-key";

    private static final String LEASE_ID = "x-ms-lease-id";
    private static final String PUBLIC_ACCESS = "x-ms-blob-public-access";
    private static final String DEFAULT_SCOPE = "x-ms-default-encryption-scope";
    private static final String DELETED_NAME = "x-ms-deleted-container-name";
    private static final String DELETED_VERSION = "x-ms-deleted-container-version";
    private static final String POLICY_LETTERS = "racwdxyltmeopif";
    private static final int MILLIS_PER_SECOND = 1_000;

    private final BlobService blobs;
    private final BlobListRequests listRequests;
    private final BatchRequests batchRequests;
    private final Clock clock;

    ContainerRequests(BlobService blobs, BlobListRequests listRequests, BatchRequests batchRequests, Clock clock) {
        this.blobs = blobs;
        this.listRequests = listRequests;
        this.batchRequests = batchRequests;
        this.clock = clock;
    }

    PlannedRequest plan(BlobOperation operation, ServiceRequest request, String container, Access access) {
        return switch (operation) {
            case CREATE_CONTAINER -> create(request, container);
            case GET_CONTAINER_PROPERTIES -> getProperties(request, container);
            case SET_CONTAINER_METADATA -> setMetadata(request, container);
            case GET_CONTAINER_ACL -> getAccess(request, container);
            case SET_CONTAINER_ACL -> setAccess(request, container);
            case LEASE_CONTAINER -> lease(request, container);
            case DELETE_CONTAINER -> delete(request, container);
            case RESTORE_CONTAINER -> restore(request, container);
            case LIST_BLOBS -> listRequests.listBlobs(request, container);
            case FIND_IN_CONTAINER -> listRequests.findByTags(request, container);
            case BATCH_IN_CONTAINER -> batchRequests.run(request, container, access);
            default -> throw new IllegalArgumentException(operation + " is no operation on a container");
        };
    }

    private PlannedRequest create(ServiceRequest request, String container) {
        refuseSystemContainer(container);
        String scope = request.header(DEFAULT_SCOPE);
        if (scope != null && !scope.equals(ACCOUNT_SCOPE)) {
            throw new StorageException(StorageErrorCode.ENCRYPTION_SCOPE_NOT_FOUND);
        }
        ContainerCommand command = new ContainerCommand.Create(MetadataHeaders.read(request), publicAccess(request));
        return change(request, container, command, 201);
    }

    /** Which the service itself writes, and nobody creates. */
    private static void refuseSystemContainer(String container) {
        if (container.startsWith("$") && !container.equals(BlobNames.ROOT) && !container.equals(WebsiteRequests.CONTAINER)) {
            throw new StorageException(StorageErrorCode.INVALID_RESOURCE_NAME);
        }
    }

    private PlannedRequest change(ServiceRequest request, String container, ContainerCommand command, int status) {
        return new PlannedRequest(0, body -> blobs.changeContainer(request.account(), container, command)
                .thenApply(state -> versioned(state, Reply.empty(status))));
    }

    private static Reply versioned(ContainerState state, Reply reply) {
        return reply.header("ETag", state.etag())
                .header("Last-Modified", BlobTimes.http(state.modifiedTicks()));
    }

    private PlannedRequest getProperties(ServiceRequest request, String container) {
        String leaseId = Heads.guid(request, LEASE_ID);
        return new PlannedRequest(0, body -> blobs.container(request.account(), container).thenApply(state -> {
            checkLease(state, leaseId);
            Reply reply = MetadataHeaders.write(state.metadata(), versioned(state, Reply.empty(200)));
            LeaseHeaders.describe(state.lease(), clock.epochMillis(), reply);
            writePublicAccess(state, reply);
            return reply.header("x-ms-has-immutability-policy", "false")
                    .header("x-ms-has-legal-hold", "false")
                    .header("x-ms-immutable-storage-with-versioning-enabled", "false")
                    .header(DEFAULT_SCOPE, ACCOUNT_SCOPE)
                    .header("x-ms-deny-encryption-scope-override", "false");
        }));
    }

    private static void writePublicAccess(ContainerState state, Reply reply) {
        String text = text(state.publicAccess());
        if (text != null) {
            reply.header(PUBLIC_ACCESS, text);
        }
    }

    /** As headers and lists have it; null for none. */
    static String text(PublicAccess access) {
        return switch (access) {
            case NONE -> null;
            case BLOB -> "blob";
            case CONTAINER -> "container";
        };
    }

    /** A read may name a lease, and is refused unless it is the one that holds. */
    private void checkLease(ContainerState state, String leaseId) {
        if (leaseId == null) {
            return;
        }
        switch (state.lease().phase(clock.epochMillis())) {
            case AVAILABLE, EXPIRED, BROKEN -> throw new StorageException(StorageErrorCode.LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION);
            case LEASED, BREAKING -> {
                if (!leaseId.equals(state.lease().id())) {
                    throw new StorageException(StorageErrorCode.LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION);
                }
            }
        }
    }

    private PlannedRequest setMetadata(ServiceRequest request, String container) {
        BlobConditions conditions = conditions(request);
        if (conditions.ifUnmodifiedSinceMillis() != null) {
            throw new StorageException(StorageErrorCode.CONDITION_HEADERS_NOT_SUPPORTED);
        }
        return change(request, container, new ContainerCommand.SetMetadata(MetadataHeaders.read(request), conditions), 200);
    }

    private PlannedRequest getAccess(ServiceRequest request, String container) {
        String leaseId = Heads.guid(request, LEASE_ID);
        return new PlannedRequest(0, body -> blobs.container(request.account(), container).thenApply(state -> {
            checkLease(state, leaseId);
            Reply reply = versioned(state, Reply.xml(200, AccessPolicyBodies.write(state.policies())));
            writePublicAccess(state, reply);
            return reply;
        }));
    }

    private PlannedRequest setAccess(ServiceRequest request, String container) {
        PublicAccess publicAccess = publicAccess(request);
        BlobConditions conditions = conditions(request);
        return new PlannedRequest(AccessPolicyBodies.MAX_BODY_BYTES, body -> {
            List<AccessPolicy> policies = AccessPolicyBodies.read(body, POLICY_LETTERS);
            return blobs.changeContainer(request.account(), container, new ContainerCommand.SetAccess(publicAccess, policies, conditions))
                    .thenApply(state -> versioned(state, Reply.empty(200)));
        });
    }

    private static PublicAccess publicAccess(ServiceRequest request) {
        String text = request.header(PUBLIC_ACCESS);
        if (text == null || text.isEmpty()) {
            return PublicAccess.NONE;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "blob" -> PublicAccess.BLOB;
            case "container", "true" -> PublicAccess.CONTAINER;
            default -> throw BadRequests.invalidHeader(PUBLIC_ACCESS, text);
        };
    }

    /** Containers' entity tags mean nothing to conditions. */
    private BlobConditions conditions(ServiceRequest request) {
        BlobConditions conditions = Conditions.of(request, clock.epochMillis());
        if (conditions.ifMatch() != null || conditions.ifNoneMatch() != null) {
            throw new StorageException(StorageErrorCode.CONDITION_HEADERS_NOT_SUPPORTED);
        }
        return conditions;
    }

    private PlannedRequest lease(ServiceRequest request, String container) {
        LeaseHeaders asked = LeaseHeaders.read(request);
        ContainerCommand command = new ContainerCommand.Lease(
                asked.action(), asked.proposedId(), asked.durationSeconds(), asked.breakSeconds(), conditions(request));
        return new PlannedRequest(0, body -> blobs.changeContainer(request.account(), container, command).thenApply(state ->
                asked.write(state.lease(), secondsUntilBroken(state.lease()), versioned(state, Reply.empty(asked.status())))));
    }

    private int secondsUntilBroken(LeaseState lease) {
        long nowMillis = clock.epochMillis();
        return lease.phase(nowMillis) == LeaseState.Phase.BREAKING ? (int) Math.ceilDiv(lease.endsMillis() - nowMillis, MILLIS_PER_SECOND) : 0;
    }

    private PlannedRequest delete(ServiceRequest request, String container) {
        BlobConditions conditions = conditions(request);
        return new PlannedRequest(0, body -> blobs.getServiceProperties(request.account())
                .thenCompose(properties -> blobs.changeContainer(request.account(), container,
                        new ContainerCommand.Delete(conditions, properties.blobs().containerRetentionDays())))
                .thenApply(done -> Reply.empty(202)));
    }

    private PlannedRequest restore(ServiceRequest request, String container) {
        String deletedName = Heads.required(request, DELETED_NAME);
        String version = Heads.required(request, DELETED_VERSION);
        BlobNames.checkContainer(deletedName);
        return new PlannedRequest(0, body -> blobs.restoreContainer(request.account(), deletedName, version, container)
                .thenApply(state -> Reply.empty(201)));
    }
}
