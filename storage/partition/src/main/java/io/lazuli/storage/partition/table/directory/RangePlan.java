package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Decides what is to be done about the ranges of an account's tables, from how they fare: at most one thing per table, and at most
 * one move in all. Pure: asked again with the same it answers the same, and what it wants once is done it does not want undone:
 *
 * <ul>
 *   <li>a range larger than {@code splitBytes}, or busier than {@code splitOperationsPerSecond} for a while, splits;
 *   <li>neighbours that are small together and have been idle for a while merge; where they are in different groups, one first
 *       moves to the other. Small is a quarter of what splits, and a merged range must become busy again for a while before it
 *       splits, so neither undoes the other;
 *   <li>a range moves from the group that bears most to the one that bears least, if that evens them out by more than
 *       {@link #UNEVENNESS}: then each move makes the sum of the squares of what the groups bear smaller, so the moves come to an
 *       end; and a range that has moved stays for a while, because what it bears changes.
 * </ul>
 *
 * <p>What a range bears is counted in full ranges: its part of {@code splitBytes} plus its part of {@code splitOperationsPerSecond}.
 */
final class RangePlan {

    /** In full ranges. Unevenness below it is not worth copying a range. */
    static final double UNEVENNESS = 0.25;
    /** In full ranges. What bears less is not worth moving for balance. */
    static final double MIN_WEIGHT_TO_MOVE = 0.1;
    /** Of {@code splitBytes}. A smaller range does not split however busy it is. */
    static final double MIN_PART_TO_SPLIT = 1.0 / 256;
    static final int MAX_RANGES_OF_A_TABLE = 100_000;

    /**
     * One range as it is now.
     *
     * @param known whether it has said how large it is
     * @param operationsPerSecond reads and writes
     * @param overloaded whether it has been too busy all through the load window
     * @param calm whether it has been idle for so long that it may merge
     * @param splittable false if it was found to have nothing to split lately
     * @param settled false if it was moved lately
     */
    record RangeView(
            byte[] low, PartitionId partition, boolean known, long bytes, double operationsPerSecond, boolean overloaded, boolean calm,
            boolean splittable, boolean settled) {}

    /** @param ranges in key order; {@code busy} if something is being done about them */
    record TableView(long number, List<RangeView> ranges, boolean busy) {}

    sealed interface Decision {
        long table();
    }

    record Split(long table, PartitionId range) implements Decision {}

    /** @param lower and {@code upper} neighbours in one group */
    record Merge(long table, PartitionId lower, PartitionId upper) implements Decision {}

    record Move(long table, PartitionId range, int group) implements Decision {}

    private final SortedSet<Integer> groups;
    private final TableDirectorySettings.Ranges settings;
    private boolean mayMove;

    private RangePlan(SortedSet<Integer> groups, TableDirectorySettings.Ranges settings, boolean mayMove) {
        this.groups = groups;
        this.settings = settings;
        this.mayMove = mayMove;
    }

    /** @param mayMove false while a range of the account is being moved */
    static List<Decision> decide(
            List<TableView> tables, SortedSet<Integer> groups, boolean mayMove, TableDirectorySettings.Ranges settings) {
        return new RangePlan(groups, settings, mayMove).decide(tables);
    }

    private List<Decision> decide(List<TableView> tables) {
        List<Decision> decisions = new ArrayList<>();
        Set<Long> busy = new HashSet<>();
        for (TableView table : tables) {
            Optional<? extends Decision> decision = table.busy() ? Optional.empty() : split(table);
            if (decision.isEmpty() && !table.busy()) {
                decision = merge(table);
            }
            decision.ifPresent(decisions::add);
            if (table.busy() || decision.isPresent()) {
                busy.add(table.number());
            }
        }
        if (mayMove) {
            balance(tables, busy).ifPresent(decisions::add);
        }
        return decisions;
    }

    /** The heaviest of those that should split. */
    private Optional<Decision> split(TableView table) {
        if (table.ranges().size() >= MAX_RANGES_OF_A_TABLE) {
            return Optional.empty();
        }
        RangeView heaviest = null;
        for (RangeView range : table.ranges()) {
            boolean tooLarge = range.bytes() > settings.splitBytes();
            boolean tooBusy = range.overloaded() && range.bytes() >= MIN_PART_TO_SPLIT * settings.splitBytes();
            if (range.splittable() && (tooLarge || tooBusy) && (heaviest == null || weight(range) > weight(heaviest))) {
                heaviest = range;
            }
        }
        return Optional.ofNullable(heaviest).map(range -> new Split(table.number(), range.partition()));
    }

    /** The first neighbours that are small and idle; or a move that brings such together. */
    private Optional<Decision> merge(TableView table) {
        Move together = null;
        for (int i = 1; i < table.ranges().size(); i++) {
            RangeView lower = table.ranges().get(i - 1);
            RangeView upper = table.ranges().get(i);
            boolean idle = lower.calm() && upper.calm() && lower.known() && upper.known();
            if (!idle || lower.bytes() + upper.bytes() >= settings.mergeBytes()) {
                continue;
            }
            if (lower.partition().group() == upper.partition().group()) {
                return Optional.of(new Merge(table.number(), lower.partition(), upper.partition()));
            }
            if (together == null && mayMove) {
                together = upper.bytes() <= lower.bytes()
                        ? new Move(table.number(), upper.partition(), lower.partition().group())
                        : new Move(table.number(), lower.partition(), upper.partition().group());
            }
        }
        mayMove &= together == null;
        return Optional.ofNullable(together);
    }

    private Optional<Decision> balance(List<TableView> tables, Set<Long> busy) {
        TreeMap<Integer, Double> borne = new TreeMap<>();
        groups.forEach(group -> borne.put(group, 0.0));
        for (TableView table : tables) {
            for (RangeView range : table.ranges()) {
                borne.computeIfPresent(range.partition().group(), (group, weight) -> weight + weight(range));
            }
        }
        if (borne.size() < 2) {
            return Optional.empty();
        }
        int most = borne.firstKey();
        int least = borne.firstKey();
        for (int group : borne.keySet()) {
            most = borne.get(group) > borne.get(most) ? group : most;
            least = borne.get(group) < borne.get(least) ? group : least;
        }
        double difference = borne.get(most) - borne.get(least);
        Move best = null;
        double bestRest = Double.MAX_VALUE;
        for (TableView table : tables) {
            for (RangeView range : table.ranges()) {
                double weight = weight(range);
                boolean fits = range.partition().group() == most && range.settled() && weight >= MIN_WEIGHT_TO_MOVE
                        && difference - weight > UNEVENNESS && !busy.contains(table.number());
                double rest = Math.abs(difference - 2 * weight);
                if (fits && rest < bestRest) {
                    best = new Move(table.number(), range.partition(), least);
                    bestRest = rest;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private double weight(RangeView range) {
        return (double) range.bytes() / settings.splitBytes() + range.operationsPerSecond() / settings.splitOperationsPerSecond();
    }
}
