package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.ServiceRequests;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The operations on an account's blob service itself. Source: "Operations on the account (Blob service)". */
final class AccountRequests {

    /** What clients expect of an account like ours: three copies, kept apart. */
    private static final String SKU = "Standard_ZRS";

    private static final String KIND = "StorageV2";

    private final ServiceRequests serviceRequests;
    private final BlobListRequests listRequests;
    private final BatchRequests batchRequests;

    AccountRequests(ServiceRequests serviceRequests, BlobListRequests listRequests, BatchRequests batchRequests) {
        this.serviceRequests = serviceRequests;
        this.listRequests = listRequests;
        this.batchRequests = batchRequests;
    }

    PlannedRequest plan(BlobOperation operation, ServiceRequest request, Access access) {
        return switch (operation) {
            case GET_SERVICE_PROPERTIES -> serviceRequests.getProperties(request);
            case SET_SERVICE_PROPERTIES -> serviceRequests.setProperties(request);
            case GET_SERVICE_STATS -> serviceRequests.stats(request);
            case LIST_CONTAINERS -> listRequests.listContainers(request);
            case FIND_BLOBS_BY_TAGS -> listRequests.findByTags(request, null);
            case GET_USER_DELEGATION_KEY -> throw new StorageException(StorageErrorCode.AUTHENTICATION_FAILED,
                    Map.of("AuthenticationErrorDetail", "Only authentication scheme Bearer is supported"));
            case BATCH -> batchRequests.run(request, null, access);
            case GET_ACCOUNT_INFORMATION -> new PlannedRequest(0, body -> CompletableFuture.completedStage(Reply.empty(200)
                    .header("x-ms-sku-name", SKU)
                    .header("x-ms-account-kind", KIND)
                    .header("x-ms-is-hns-enabled", "false")));
            default -> throw new IllegalArgumentException(operation + " is no operation on an account");
        };
    }
}
