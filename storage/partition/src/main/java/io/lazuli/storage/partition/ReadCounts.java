package io.lazuli.storage.partition;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.directory.RangeName;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage.ReadCount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts what this node reads of each range, because reads pass the ranges' actors by, until it is told to the tables' directories.
 * Bounded: reads of further ranges are not counted until then. Safe for use by any thread.
 */
final class ReadCounts {

    private static final int MAX_RANGES = 10_000;
    /** A page counts as one read, and one more for so many rows. */
    private static final int ROWS_OF_A_READ = 100;

    private final ConcurrentMap<PartitionId, LongAdder> counts = new ConcurrentHashMap<>();

    void read(PartitionId range) {
        add(range, 1);
    }

    void scanned(PartitionId range, int rows) {
        add(range, 1 + rows / ROWS_OF_A_READ);
    }

    private void add(PartitionId range, int reads) {
        LongAdder count = counts.get(range);
        if (count == null && counts.size() < MAX_RANGES) {
            count = counts.computeIfAbsent(range, first -> new LongAdder());
        }
        if (count != null) {
            count.add(reads);
        }
    }

    /** One message for each directory and so many ranges, of what was read since the last time. */
    void tell(Consumer<TableDirectoryMessage> directories) {
        Map<String, List<ReadCount>> byDirectory = new HashMap<>();
        for (PartitionId range : counts.keySet()) {
            long reads = counts.remove(range).sum();
            String directory = RangeName.of(range).directory().toString();
            List<ReadCount> told = byDirectory.computeIfAbsent(directory, first -> new ArrayList<>());
            told.add(new ReadCount(range.toString(), reads));
            if (told.size() == TableDirectoryMessage.MAX_READ_COUNTS) {
                directories.accept(new TableDirectoryMessage.Reads(directory, byDirectory.remove(directory)));
            }
        }
        byDirectory.forEach((directory, told) -> directories.accept(new TableDirectoryMessage.Reads(directory, told)));
    }
}
