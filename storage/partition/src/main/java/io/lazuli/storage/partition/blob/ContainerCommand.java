package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.AccessPolicy;
import java.util.List;
import java.util.Map;

/** A change of one container, decided by its account's directory. Conditions: only the two dates and the lease are looked at. */
public sealed interface ContainerCommand extends WireMessage {

    /** ContainerAlreadyExists, ContainerBeingDeleted. */
    record Create(Map<String, String> metadata, ContainerState.PublicAccess publicAccess) implements ContainerCommand {}

    /** With a retention, it can be restored for so many days. ContainerHoldsImmutableBlobs. */
    record Delete(BlobConditions conditions, int retentionDays) implements ContainerCommand {}

    record SetMetadata(Map<String, String> metadata, BlobConditions conditions) implements ContainerCommand {}

    record SetAccess(ContainerState.PublicAccess publicAccess, List<AccessPolicy> policies, BlobConditions conditions)
            implements ContainerCommand {}

    /**
     * One of its blobs is about to get an immutability policy or a legal hold. ContainerNotFound also if the container of that name is another one.
     *
     * @param number of the container that is meant
     */
    record MarkImmutability(long number) implements ContainerCommand {}

    /** As {@link BlobCommand.Lease}. The new state's lease tells the outcome. */
    record Lease(BlobCommand.LeaseAction action, String proposedId, Integer durationSeconds, Integer breakSeconds, BlobConditions conditions)
            implements ContainerCommand {}
}
