package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.directory.RangePlan.Decision;
import io.lazuli.storage.partition.table.directory.RangePlan.Merge;
import io.lazuli.storage.partition.table.directory.RangePlan.Move;
import io.lazuli.storage.partition.table.directory.RangePlan.RangeView;
import io.lazuli.storage.partition.table.directory.RangePlan.Split;
import io.lazuli.storage.partition.table.directory.RangePlan.TableView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RangePlanTest {

    private static final TableDirectorySettings.Ranges SETTINGS = new TableDirectorySettings.Ranges(1000, 100, 30_000, 600_000, 600_000);
    private static final int TABLE = 7;

    /** A range of table 7 as a test describes it. */
    private static final class R {

        private final int group;
        private final int number;
        private boolean known = true;
        private long bytes;
        private double load;
        private boolean overloaded;
        private boolean calm;
        private boolean splittable = true;
        private boolean settled = true;

        private R(int group, int number, long bytes) {
            this.group = group;
            this.number = number;
            this.bytes = bytes;
        }

        private R load(double operationsPerSecond) {
            load = operationsPerSecond;
            overloaded = operationsPerSecond > SETTINGS.splitOperationsPerSecond();
            return this;
        }

        private R calm() {
            calm = true;
            return this;
        }

        private R unknown() {
            known = false;
            return this;
        }

        private R unsplittable() {
            splittable = false;
            return this;
        }

        private R movedLately() {
            settled = false;
            return this;
        }

        private PartitionId id(long table) {
            return new RangeName(DirectoryKind.TABLES, "account", table, number).in(group);
        }

        private RangeView view(long table) {
            return new RangeView(new byte[] {(byte) number}, id(table), known, bytes, load, overloaded, calm, splittable, settled);
        }
    }

    private static R range(int group, int number, long bytes) {
        return new R(group, number, bytes);
    }

    private static TableView table(long number, boolean busy, R... ranges) {
        return new TableView(number, Arrays.stream(ranges).map(range -> range.view(number)).toList(), busy);
    }

    private static List<Decision> decide(int groups, TableView... tables) {
        return decide(groups, true, tables);
    }

    private static List<Decision> decide(int groups, boolean mayMove, TableView... tables) {
        TreeSet<Integer> all = new TreeSet<>();
        for (int i = 0; i < groups; i++) {
            all.add(i);
        }
        return RangePlan.decide(List.of(tables), all, mayMove, SETTINGS);
    }

    private static PartitionId id(int group, int number) {
        return new RangeName(DirectoryKind.TABLES, "account", TABLE, number).in(group);
    }

    @Test
    void rangeThatIsTooLargeSplits() {
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 1000))));
        assertEquals(List.of(new Split(TABLE, id(0, 1))), decide(1, table(TABLE, false, range(0, 1, 1001))));
    }

    @Test
    void rangeThatIsTooBusySplitsUnlessItIsTiny() {
        assertEquals(List.of(new Split(TABLE, id(0, 1))), decide(1, table(TABLE, false, range(0, 1, 100).load(101))));
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 100).load(100))));
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 3).load(101))));
    }

    @Test
    void heaviestOfThoseThatShouldSplitIsFirst() {
        assertEquals(List.of(new Split(TABLE, id(0, 2))),
                decide(1, table(TABLE, false, range(0, 1, 1200), range(0, 2, 2000), range(0, 3, 10).load(120))));
    }

    @Test
    void rangeWithNothingToSplitDoesNotKeepOthersFromSplitting() {
        assertEquals(List.of(new Split(TABLE, id(0, 2))),
                decide(1, table(TABLE, false, range(0, 1, 5000).unsplittable(), range(0, 2, 1100))));
    }

    @Test
    void nothingIsDecidedAboutATableThatIsBusy() {
        assertEquals(List.of(), decide(1, table(TABLE, true, range(0, 1, 5000))));
        assertEquals(List.of(), decide(2, table(TABLE, true, range(0, 1, 900), range(0, 2, 900))));
        assertEquals(List.of(new Split(8, new RangeName(DirectoryKind.TABLES, "account", 8, 1).in(0))),
                decide(1, table(TABLE, true, range(0, 1, 5000)), table(8, false, range(0, 1, 5000))));
    }

    @Test
    void smallIdleNeighboursMerge() {
        assertEquals(List.of(new Merge(TABLE, id(0, 2), id(0, 3))), decide(1, table(TABLE, false,
                range(0, 1, 200).calm(), range(0, 2, 100).calm(), range(0, 3, 149).calm())));
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 100).calm(), range(0, 2, 150).calm())));
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 10), range(0, 2, 10).calm())));
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 10).calm(), range(0, 2, 0).calm().unknown())));
    }

    @Test
    void smallIdleNeighboursOfDifferentGroupsComeTogetherFirst() {
        assertEquals(List.of(new Move(TABLE, id(1, 2), 0)),
                decide(2, table(TABLE, false, range(0, 1, 100).calm(), range(1, 2, 50).calm())));
        assertEquals(List.of(new Move(TABLE, id(0, 1), 1)),
                decide(2, table(TABLE, false, range(0, 1, 50).calm(), range(1, 2, 100).calm())));
        assertEquals(List.of(), decide(2, false, table(TABLE, false, range(0, 1, 100).calm(), range(1, 2, 50).calm())));
    }

    @Test
    void onlyOneRangeOfAllTablesMovesAtATime() {
        TableView one = table(TABLE, false, range(0, 1, 10).calm(), range(1, 2, 5).calm());
        TableView other = table(8, false, range(0, 1, 10).calm(), range(1, 2, 5).calm());
        assertEquals(1, decide(2, one, other).size());
    }

    @Test
    void halvesOfASplitRangeSpreadOverTheGroups() {
        assertInstanceOf(Move.class, decide(2, table(TABLE, false, range(0, 1, 501), range(0, 2, 501))).getFirst());
        assertEquals(List.of(), decide(2, table(TABLE, false, range(0, 1, 501), range(1, 2, 501))));
        assertEquals(List.of(), decide(1, table(TABLE, false, range(0, 1, 501), range(0, 2, 501))));
    }

    @Test
    void unevennessBelowOneRangeMovesNothing() {
        assertEquals(List.of(), decide(2, table(TABLE, false, range(0, 1, 900))));
        assertEquals(List.of(), decide(2, table(TABLE, false, range(0, 1, 900), range(0, 2, 900), range(1, 3, 900))));
        assertEquals(List.of(), decide(2, table(TABLE, false, range(0, 1, 50), range(0, 2, 50), range(0, 3, 50))));
    }

    @Test
    void rangeThatWasMovedLatelyStays() {
        assertEquals(List.of(new Move(TABLE, id(0, 2), 1)), decide(2, table(TABLE, false,
                range(0, 1, 900).movedLately(), range(0, 2, 800))));
        assertEquals(List.of(), decide(2, table(TABLE, false, range(0, 1, 900).movedLately(), range(0, 2, 900).movedLately())));
    }

    @Test
    void loadCountsLikeBytes() {
        assertEquals(List.of(new Move(TABLE, id(0, 1), 1)), decide(2, table(TABLE, false,
                range(0, 1, 10).load(80), range(0, 2, 10).load(90), range(1, 3, 10).load(10))));
    }

    @Test
    void groupThatIsNotKnownIsNoPlaceToMoveTo() {
        assertEquals(List.of(), decide(1, table(TABLE, false, range(5, 1, 900), range(5, 2, 900), range(5, 3, 900))));
    }

    /** Random tables, whose load does not change, come to rest: every range small enough, groups even, and nothing decided any more. */
    @Test
    void decisionsComeToAnEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int groups = 1 + random.nextInt(4);
            Map<Long, List<R>> tables = new HashMap<>();
            int[] next = {1};
            for (long number = 1; number <= 1 + random.nextInt(4); number++) {
                List<R> ranges = new ArrayList<>();
                for (int i = 0; i <= random.nextInt(6); i++) {
                    R range = range(random.nextInt(groups), next[0]++, random.nextInt(6000)).load(random.nextInt(300));
                    range.calm = range.load < 1;
                    ranges.add(range);
                    if (random.nextInt(3) == 0) {
                        range.load(0).calm();
                        range.bytes = random.nextInt(60);
                    }
                }
                tables.put(number, ranges);
            }
            int steps = 0;
            for (List<Decision> decisions = decide(tables, groups); !decisions.isEmpty(); decisions = decide(tables, groups)) {
                decisions.forEach(decision -> carryOut(decision, tables, next));
                assertTrue(++steps < 1000, "no end, seed " + seed + " round " + round);
            }
            for (List<R> ranges : tables.values()) {
                ranges.forEach(range -> assertTrue(range.bytes <= 1000 && (!range.overloaded || range.bytes < 4), "seed " + seed));
            }
        }
    }

    private static List<Decision> decide(Map<Long, List<R>> tables, int groups) {
        return decide(groups, tables.entrySet().stream()
                .map(entry -> table(entry.getKey(), false, entry.getValue().toArray(R[]::new))).toArray(TableView[]::new));
    }

    private static void carryOut(Decision decision, Map<Long, List<R>> tables, int[] next) {
        List<R> ranges = tables.get(decision.table());
        switch (decision) {
            case Split split -> {
                int at = indexOf(ranges, decision.table(), split.range());
                R lower = ranges.get(at);
                R upper = range(lower.group, next[0]++, lower.bytes / 2).load(lower.load / 2);
                lower.bytes -= upper.bytes;
                lower.load(lower.load / 2);
                ranges.add(at + 1, upper);
            }
            case Merge merge -> {
                R upper = ranges.remove(indexOf(ranges, decision.table(), merge.upper()));
                ranges.get(indexOf(ranges, decision.table(), merge.lower())).bytes += upper.bytes;
            }
            case Move move -> {
                int at = indexOf(ranges, decision.table(), move.range());
                R source = ranges.get(at);
                R target = range(move.group(), next[0]++, source.bytes).load(source.load);
                target.calm = source.calm;
                ranges.set(at, target);
            }
        }
    }

    private static int indexOf(List<R> ranges, long table, PartitionId id) {
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).id(table).equals(id)) {
                return i;
            }
        }
        throw new AssertionError("unknown range " + id);
    }
}
