package io.lazuli.storage.partition.table.directory;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.table.RangeReport;
import java.util.List;

/** What reaches a table directory from outside, from any node: requests, and what it learns of its ranges. */
public sealed interface TableDirectoryMessage extends TableDirectoryCommand, WireMessage permits
        TableDirectoryRequest, TableDirectoryMessage.Report, TableDirectoryMessage.Reads {

    /** At most so many ranges in one {@link Reads}. */
    int MAX_READ_COUNTS = 1_000;

    /** The partition's id as text: which entity is meant. */
    String entityId();

    /** Of a range in use, now and then. One that is lost does no harm. */
    record Report(String entityId, RangeReport report) implements TableDirectoryMessage {}

    /** Reads that one node has made since it last told, which the ranges themselves do not see. */
    record Reads(String entityId, List<ReadCount> counts) implements TableDirectoryMessage {}

    /** @param partition of the range, as text */
    record ReadCount(String partition, long reads) {}
}
