package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;

/** The operations on containers. */
final class ContainerRequests {

    private final BlobService blobs;

    ContainerRequests(BlobService blobs) {
        this.blobs = blobs;
    }

    PlannedRequest plan(BlobOperation operation, ServiceRequest request, String container, Access access) {
        throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
    }
}
