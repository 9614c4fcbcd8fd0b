package io.lazuli.storage.partition.queue;

/** Everything that a {@link QueuePartition} receives. */
public sealed interface QueueCommand permits QueueRequest, QueueCommand.Stop, QueuePartition.Internal {

    /** Of the shard: finish what is under way and stop. */
    enum Stop implements QueueCommand {
        STOP
    }
}
