package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Authorizer;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ErrorReplies;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol;
import io.lazuli.storage.protocol.service.ServiceRequests;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The Azure Blob REST protocol: finds the operation, authenticates and authorizes the request, validates names, headers and
 * options, and hands it to {@link BlobService}. One per event loop; keeps nothing but verified signatures.
 */
final class BlobProtocol implements StorageProtocol {

    private final BlobService blobs;
    private final Clock clock;
    private final Authorizer authorizer;
    private final ServiceRequests serviceRequests;
    private final AccountRequests accountRequests;
    private final ContainerRequests containerRequests;
    private final BlobRequests blobRequests;
    private final WebsiteRequests websiteRequests;

    /** @param remote shared by all event loops */
    BlobProtocol(BlobService blobs, AccountKeys accounts, RemoteSources remote, Clock clock) {
        this.blobs = blobs;
        this.clock = clock;
        this.authorizer = new Authorizer(StorageService.BLOB, accounts, clock);
        this.serviceRequests = new ServiceRequests(StorageService.BLOB, blobs::getServiceProperties, blobs::changeServiceProperties, clock);
        this.blobRequests = new BlobRequests(blobs, authorizer, remote, clock);
        BlobListRequests listRequests = new BlobListRequests(blobs, clock);
        BatchRequests batchRequests = new BatchRequests(this::planService, this::policies, clock);
        this.accountRequests = new AccountRequests(serviceRequests, listRequests, batchRequests);
        this.containerRequests = new ContainerRequests(blobs, listRequests, batchRequests, clock);
        this.websiteRequests = new WebsiteRequests(blobs, this::planWebsite);
    }

    @Override
    public StorageService service() {
        return StorageService.BLOB;
    }

    @Override
    public String serverName() {
        return "Lazuli-Blob/1.0";
    }

    @Override
    public boolean isShortOfMemory() {
        return blobs.isShortOfMemory();
    }

    @Override
    public PlannedRequest plan(ServiceRequest request) {
        if (request.method().equals("OPTIONS")) {
            return serviceRequests.preflight(request, authorizer.isAccount(request.account()));
        }
        return request.website() ? websiteRequests.plan(request, authorizer.isAccount(request.account())) : planService(request);
    }

    /** Of a request that is alone or within a batch. */
    private PlannedRequest planService(ServiceRequest request) {
        BlobResource resource = BlobResource.parse(request.rawBelowAccount(), request.query().first("restype"));
        BlobOperation operation = BlobOperation.of(request, resource);
        Access access = authorizer.authorize(request, operation.requirement(resource, request));
        if (operation.isWrite()) {
            request.requirePrimary();
        }
        requireCurrent(operation, request);
        PlannedRequest planned = plan(operation, request, resource, access);
        boolean isBatch = operation == BlobOperation.BATCH || operation == BlobOperation.BATCH_IN_CONTAINER;
        return isBatch ? planned : planned.allowedBy(
                access, named -> policies(request.account(), named),
                named -> blobs.container(request.account(), named).thenApply(ContainerState::publicAccess));
    }

    /** @throws StorageException if it would change a snapshot or version in ways in which none changes */
    private static void requireCurrent(BlobOperation operation, ServiceRequest request) {
        if (operation.isOfCurrent()) {
            for (String parameter : List.of("snapshot", "versionid")) {
                String value = request.query().first(parameter);
                if (value != null) {
                    throw BadRequests.invalidParameter(parameter, value, "the operation is not for snapshots or versions");
                }
            }
        }
    }

    private CompletionStage<List<AccessPolicy>> policies(String account, String container) {
        return blobs.container(account, container).thenApply(ContainerState::policies);
    }

    /** Everybody may read what is part of a web site. */
    private PlannedRequest planWebsite(ServiceRequest request, String blob) {
        BlobResource.Blob resource = new BlobResource.Blob(
                WebsiteRequests.CONTAINER, BlobNames.checkBlob(WebsiteRequests.CONTAINER, blob));
        BlobOperation operation = request.method().equals("HEAD") ? BlobOperation.GET_BLOB_PROPERTIES : BlobOperation.GET_BLOB;
        return blobRequests.plan(operation, new BlobCall(
                request, request.version(), request.account(), request.accountEndpoint(), resource, Access.ofEverybody(),
                clock.epochMillis()));
    }

    private PlannedRequest plan(BlobOperation operation, ServiceRequest request, BlobResource resource, Access access) {
        return switch (resource) {
            case BlobResource.Service service -> accountRequests.plan(operation, request, access);
            case BlobResource.Container container -> operation == BlobOperation.GET_ACCOUNT_INFORMATION
                    ? accountRequests.plan(operation, request, access)
                    : containerRequests.plan(operation, request, container.container(), access);
            case BlobResource.Blob blob -> operation == BlobOperation.GET_ACCOUNT_INFORMATION
                    ? accountRequests.plan(operation, request, access)
                    : blobRequests.plan(operation, new BlobCall(
                            request, request.version(), request.account(), request.accountEndpoint(), blob, access, clock.epochMillis()));
        };
    }

    /** What has not changed is answered without a body; of what is shorter than the range that was asked for, the size is told. */
    @Override
    public Reply errorReply(ServiceRequest request, StorageException failure, String requestId, long nowMillis) {
        if (failure.error() == StorageErrorCode.NOT_MODIFIED) {
            return Reply.empty(failure.error().status());
        }
        Reply reply = ErrorReplies.xml(failure, requestId, nowMillis);
        String sizeBytes = failure.details().get(ReadRequests.SIZE_DETAIL);
        return sizeBytes == null ? reply : reply.header("Content-Range", "bytes */" + sizeBytes);
    }

    @Override
    public CompletionStage<Reply> withCors(ServiceRequest request, Reply reply) {
        return serviceRequests.withCors(request, reply);
    }
}
