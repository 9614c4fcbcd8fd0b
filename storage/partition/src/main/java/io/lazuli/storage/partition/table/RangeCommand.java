package io.lazuli.storage.partition.table;

/** Everything that a {@link RangePartition} receives. */
public sealed interface RangeCommand permits RangeRequest, RangeCommand.Stop, RangePartition.Internal {

    /** Of the shard: finish what is under way and stop. */
    enum Stop implements RangeCommand {
        STOP
    }
}
