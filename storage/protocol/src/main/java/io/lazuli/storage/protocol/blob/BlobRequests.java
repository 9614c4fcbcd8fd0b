package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;

/** The operations on single blobs. */
final class BlobRequests {

    private final BlobService blobs;
    private final Clock clock;

    BlobRequests(BlobService blobs, Clock clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    PlannedRequest plan(BlobOperation operation, BlobCall call) {
        throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
    }
}
