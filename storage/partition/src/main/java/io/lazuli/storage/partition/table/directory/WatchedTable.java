package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.directory.RangePlan.RangeView;
import io.lazuli.storage.partition.table.directory.RangePlan.TableView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ranges of one table and how they fare, as the directory's actor remembers it: the map is the rows', the rest was reported and is
 * lost with the actor. Owned by the actor.
 */
final class WatchedTable {

    /** A range that has not reported for so long writes nothing. */
    private static final long REPORT_HOLDS_MILLIS = 30_000;
    /** How long a range with nothing to split, or whose move did not work out, is left alone. */
    private static final long LEFT_ALONE_MILLIS = 60_000;
    /** The search for a key to split at reads the whole range: each time in vain the next one waits twice as long, up to this. */
    private static final long MAX_LEFT_ALONE_MILLIS = 3_600_000;
    /** Of {@code splitOperationsPerSecond}; a range that does less is idle. */
    private static final double IDLE_PART = 0.01;

    private static final class Range {

        private final byte[] low;
        private PartitionId partition;
        private boolean known;
        private long entities;
        private long bytes;
        private double writesPerSecond;
        private long reportedAtMillis;
        private LoadMeter reads = new LoadMeter();
        /** Since when it has been too busy, or -1. */
        private long overloadedSinceMillis = -1;
        private long idleSinceMillis;
        private long unsplittableForMillis;
        private long unsplittableUntilMillis;
        private long settledAtMillis;

        private Range(byte[] low, PartitionId partition, long nowMillis) {
            this.low = low;
            this.partition = partition;
            this.idleSinceMillis = nowMillis;
            this.unsplittableUntilMillis = nowMillis;
            this.settledAtMillis = nowMillis;
        }

        private double writes(long nowMillis) {
            return nowMillis - reportedAtMillis > REPORT_HOLDS_MILLIS ? 0 : writesPerSecond;
        }

        private double operations(long nowMillis) {
            return writes(nowMillis) + reads.perSecond(nowMillis);
        }
    }

    private final long number;
    private final TableDirectorySettings.Ranges settings;
    private final TreeMap<byte[], Range> byLow = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<String, Range> byPartition = new HashMap<>();
    private long usedAtMillis;

    WatchedTable(long number, List<RangeRow> ranges, TableDirectorySettings.Ranges settings, long nowMillis) {
        this.number = number;
        this.settings = settings;
        this.usedAtMillis = nowMillis;
        ranges.forEach(range -> add(new Range(range.low(), range.partition(), nowMillis)));
    }

    long usedAtMillis() {
        return usedAtMillis;
    }

    void used(long nowMillis) {
        usedAtMillis = nowMillis;
    }

    int size() {
        return byLow.size();
    }

    /**
     * A range that is not in the map (any more) is passed over. One that opens reports, too, and it may have opened because it was asked:
     * only writes are use, or an idle table would be watched, and its ranges be woken, for ever.
     */
    void reported(String partition, long entities, long bytes, double writesPerSecond, long nowMillis) {
        usedAtMillis = writesPerSecond > 0 ? nowMillis : usedAtMillis;
        Range range = byPartition.get(partition);
        if (range != null) {
            range.known = true;
            range.entities = entities;
            range.bytes = bytes;
            range.writesPerSecond = writesPerSecond;
            range.reportedAtMillis = nowMillis;
        }
    }

    void described(PartitionId partition, RangeReply.Described described, long nowMillis) {
        reported(partition.toString(), described.entities(), described.bytes(), described.writesPerSecond(), nowMillis);
    }

    void read(String partition, long reads, long nowMillis) {
        usedAtMillis = nowMillis;
        Range range = byPartition.get(partition);
        if (range != null) {
            range.reads.add(reads, nowMillis);
        }
    }

    /** Some range has nothing to split. */
    void unsplittable(PartitionId partition, long nowMillis) {
        Optional.ofNullable(byPartition.get(partition.toString())).ifPresent(range -> {
            range.unsplittableForMillis = Math.clamp(2 * range.unsplittableForMillis, LEFT_ALONE_MILLIS, MAX_LEFT_ALONE_MILLIS);
            range.unsplittableUntilMillis = nowMillis + range.unsplittableForMillis;
        });
    }

    /** A move of this range did not work out. */
    void unmovable(PartitionId partition, long nowMillis) {
        Optional.ofNullable(byPartition.get(partition.toString()))
                .ifPresent(range -> range.settledAtMillis = nowMillis + LEFT_ALONE_MILLIS);
    }

    /** What an intent leads to is so now, if it was not already when the map was read. */
    void happened(RangeIntent intent, long nowMillis) {
        switch (intent) {
            case RangeIntent.Split split -> {
                Range lower = byPartition.get(split.lower().toString());
                if (holds(split.upper())) {
                    return;
                }
                Range upper = new Range(split.at(), split.upper(), nowMillis);
                upper.known = lower.known;
                upper.entities = lower.entities / 2;
                upper.bytes = lower.bytes / 2;
                upper.writesPerSecond = lower.writes(nowMillis) / 2;
                upper.reportedAtMillis = nowMillis;
                lower.entities -= upper.entities;
                lower.bytes -= upper.bytes;
                lower.writesPerSecond = upper.writesPerSecond;
                lower.reads = new LoadMeter();
                lower.overloadedSinceMillis = -1;
                lower.unsplittableForMillis = 0;
                lower.idleSinceMillis = nowMillis;
                add(upper);
            }
            case RangeIntent.Merge merge -> {
                Range lower = byPartition.get(merge.lower().toString());
                Range upper = byPartition.remove(merge.upper().toString());
                if (upper == null) {
                    return;
                }
                byLow.remove(merge.at());
                lower.entities += upper.entities;
                lower.bytes += upper.bytes;
            }
            case RangeIntent.Move move -> {
                Range range = byPartition.remove(move.source().toString());
                if (range == null) {
                    return;
                }
                range.partition = move.target();
                range.settledAtMillis = nowMillis + settings.moveAgainAfterMillis();
                byPartition.put(move.target().toString(), range);
            }
            case RangeIntent.Clear clear -> { }
        }
    }

    private void add(Range range) {
        byLow.put(range.low, range);
        byPartition.put(range.partition.toString(), range);
    }

    boolean holds(PartitionId partition) {
        return byPartition.containsKey(partition.toString());
    }

    byte[] lowOf(PartitionId partition) {
        return byPartition.get(partition.toString()).low;
    }

    /** Where a range ends, empty for the table's end. */
    byte[] highOf(PartitionId partition) {
        byte[] next = byLow.higherKey(lowOf(partition));
        return next == null ? new byte[0] : next;
    }

    /** Ranges that have not said how large they are, or not for so long that a last report may have been lost. */
    List<PartitionId> unknown(int max, long nowMillis) {
        return byLow.values().stream()
                .filter(range -> !range.known || nowMillis - range.reportedAtMillis > settings.mergeAfterMillis())
                .limit(max).map(range -> range.partition).toList();
    }

    /** Also takes down since when ranges are busy or idle: to be asked regularly. */
    TableView view(boolean busy, long nowMillis) {
        List<RangeView> views = new ArrayList<>(byLow.size());
        for (Range range : byLow.values()) {
            double operations = range.operations(nowMillis);
            if (operations > IDLE_PART * settings.splitOperationsPerSecond()) {
                range.idleSinceMillis = nowMillis;
            }
            if (operations <= settings.splitOperationsPerSecond()) {
                range.overloadedSinceMillis = -1;
            } else if (range.overloadedSinceMillis < 0) {
                range.overloadedSinceMillis = nowMillis;
            }
            views.add(new RangeView(range.low, range.partition, range.known, range.bytes, operations,
                    range.overloadedSinceMillis >= 0 && nowMillis - range.overloadedSinceMillis >= settings.loadWindowMillis(),
                    nowMillis - range.idleSinceMillis >= settings.mergeAfterMillis(),
                    nowMillis >= range.unsplittableUntilMillis,
                    nowMillis >= range.settledAtMillis));
        }
        return new TableView(number, views, busy);
    }

    /** One page of the ranges from the one that holds {@code from} on. {@code intent} is what is being done. */
    TableDirectoryReply.Ranges describe(byte[] from, Optional<RangeIntent> intent, long nowMillis) {
        List<TableDirectoryReply.RangeFacts> facts = new ArrayList<>();
        byte[] first = byLow.floorKey(from);
        for (Range range : (first == null ? byLow : byLow.tailMap(first, true)).values()) {
            if (facts.size() == TableDirectoryRequest.MAX_RANGES_DESCRIBED) {
                return new TableDirectoryReply.Ranges(facts, range.low);
            }
            facts.add(new TableDirectoryReply.RangeFacts(range.low, range.partition.toString(), state(range.partition, intent),
                    range.entities, range.bytes, range.writes(nowMillis), range.reads.perSecond(nowMillis)));
        }
        return new TableDirectoryReply.Ranges(facts, null);
    }

    private static String state(PartitionId range, Optional<RangeIntent> intent) {
        return intent.map(under -> switch (under) {
            case RangeIntent.Split split when split.lower().equals(range) -> "splitting";
            case RangeIntent.Merge merge when merge.lower().equals(range) || merge.upper().equals(range) -> "merging";
            case RangeIntent.Move move when move.source().equals(range) -> "moving";
            default -> "live";
        }).orElse("live");
    }
}
