package io.lazuli.storage.partition.table;

/** Everything that a {@link TableRange} receives. */
public sealed interface RangeCommand permits RangeRequest, RangeCommand.Stop, TableRange.Internal {

    /** Of the shard: finish what is under way and stop. */
    enum Stop implements RangeCommand {
        STOP
    }
}
