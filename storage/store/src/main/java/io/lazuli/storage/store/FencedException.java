package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;

/** Somebody else has claimed the partition since: the writer must stop. Nothing of the refused batch was applied. */
public final class FencedException extends RuntimeException {

    private final transient PartitionId partition;
    private final long newestEpoch;

    public FencedException(PartitionId partition, long epoch, long newestEpoch) {
        super("epoch " + epoch + " of partition " + partition + " is fenced by epoch " + newestEpoch, null, false, false);
        this.partition = partition;
        this.newestEpoch = newestEpoch;
    }

    public PartitionId partition() {
        return partition;
    }

    public long newestEpoch() {
        return newestEpoch;
    }
}
