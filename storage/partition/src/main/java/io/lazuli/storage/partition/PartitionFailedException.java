package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;

/** A partition's actor cannot go on with what it has in memory: its supervisor starts it anew from the rows. */
public final class PartitionFailedException extends RuntimeException {

    public PartitionFailedException(PartitionId partition, Throwable cause) {
        super("partition " + partition + " starts anew: " + cause.getMessage(), cause, false, false);
    }
}
