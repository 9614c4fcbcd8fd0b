package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.AccessPolicy;
import java.util.List;
import java.util.Map;

/**
 * A container as its account's directory knows it.
 *
 * @param number under which its ranges are kept, never given again
 * @param immutabilityMark whether a blob in it may ever have got an immutability policy or a legal hold: set before the first one is, and never
 *     taken back, so that others can be deleted without a look at their blobs
 * @param deletedMillis 0 unless it is deleted softly; {@code version} then tells it from others of the same name
 */
public record ContainerState(
        String name, long number, long modifiedTicks, String etag, PublicAccess publicAccess, Map<String, String> metadata,
        List<AccessPolicy> policies, LeaseState lease, boolean immutabilityMark, long deletedMillis, int retentionDays, String version) implements WireMessage {

    public ContainerState withLease(LeaseState changed) {
        return new ContainerState(name, number, modifiedTicks, etag, publicAccess, metadata, policies, changed, immutabilityMark, deletedMillis,
                retentionDays, version);
    }

    ContainerState withImmutabilityMark() {
        return new ContainerState(
                name, number, modifiedTicks, etag, publicAccess, metadata, policies, lease, true, deletedMillis, retentionDays, version);
    }

    public enum PublicAccess implements WireMessage { NONE, BLOB, CONTAINER }
}
