package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.AccessPolicy;
import java.util.List;
import java.util.Map;

/**
 * A container as its account's directory knows it.
 *
 * @param number under which its ranges are kept, never given again
 * @param deletedMillis 0 unless it is deleted softly; {@code version} then tells it from others of the same name
 */
public record ContainerState(
        String name, long number, long modifiedTicks, String etag, PublicAccess publicAccess, Map<String, String> metadata,
        List<AccessPolicy> policies, LeaseState lease, long deletedMillis, int retentionDays, String version) implements WireMessage {

    public enum PublicAccess implements WireMessage { NONE, BLOB, CONTAINER }
}
