package io.lazuli.admin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The range partitions of the cloud's tables; the node module provides it. Stages fail with {@link AdminException}. */
public interface PartitionView {

    /**
     * The ranges of some tables, account by account and table by table in their order; a table's ranges are never divided.
     *
     * @param marker where the page starts, empty for the first
     * @param maxTables at least 1
     */
    CompletionStage<PartitionPage> ranges(String marker, int maxTables);

    /** @param nextMarker where the next page starts */
    record PartitionPage(List<RangeStatus> ranges, Optional<String> nextMarker) {
        public PartitionPage {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * @param low partition key of the range's first entity as far as it is readable, empty for the table's start
     * @param high so of the first entity behind it, empty for the table's end
     * @param group of the store that has its rows
     * @param node that leads the group, empty while none does
     * @param entities and {@code bytes} approximate, as last reported
     */
    record RangeStatus(
            String account, String table, String partition, String low, String high, int group, Optional<String> node, String state,
            long entities, long bytes, double writesPerSecond, double readsPerSecond) {}
}
