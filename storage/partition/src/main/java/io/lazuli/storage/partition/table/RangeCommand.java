package io.lazuli.storage.partition.table;

/** What a {@link TableRange} is told. */
public interface RangeCommand {

    /** Sharding hands the range to another node. */
    enum Stop implements RangeCommand {
        STOP
    }
}
