package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.ConditionCheck;
import io.lazuli.storage.protocol.http.BadRequests;

/** Which state of a blob a request means, and whether it may be read under the request's conditions. */
final class Targets {

    private Targets() {}

    /** @throws StorageException InvalidQueryParameterValue */
    static BlobTarget of(BlobCall call) {
        return of(call.name(), call.parameter("snapshot"), call.parameter("versionid"));
    }

    static BlobTarget of(String name, String snapshot, String version) {
        long snapshotTicks = BlobTimes.ticks("snapshot", snapshot);
        long versionTicks = BlobTimes.ticks("versionid", version);
        if (snapshotTicks != 0 && versionTicks != 0) {
            throw BadRequests.invalidParameter("versionid", version, "a snapshot and a version exclude each other");
        }
        return new BlobTarget(name, snapshotTicks, versionTicks);
    }

    /** @throws StorageException if a condition of the read does not hold */
    static void check(BlobConditions conditions, BlobState state, long nowMillis) {
        StorageErrorCode error = ConditionCheck.read(conditions, state, nowMillis);
        if (error != null) {
            throw new StorageException(error);
        }
    }
}
