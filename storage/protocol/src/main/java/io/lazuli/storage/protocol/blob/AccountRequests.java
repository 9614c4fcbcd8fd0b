package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.ServiceRequests;

/** The operations on an account's blob service itself. */
final class AccountRequests {

    private final BlobService blobs;
    private final ServiceRequests serviceRequests;

    AccountRequests(BlobService blobs, ServiceRequests serviceRequests) {
        this.blobs = blobs;
        this.serviceRequests = serviceRequests;
    }

    PlannedRequest plan(BlobOperation operation, ServiceRequest request, Access access) {
        return switch (operation) {
            case GET_SERVICE_PROPERTIES -> serviceRequests.getProperties(request);
            case SET_SERVICE_PROPERTIES -> serviceRequests.setProperties(request);
            case GET_SERVICE_STATS -> serviceRequests.stats(request);
            default -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
        };
    }
}
