package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.directory.RangePlan.RangeView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchedTableTest {

    private static final TableDirectorySettings.Ranges SETTINGS = new TableDirectorySettings.Ranges(1000, 100, 30_000, 600_000, 600_000);
    private static final PartitionId FIRST = PartitionId.parse("0.t.account-7/1");
    private static final PartitionId SECOND = PartitionId.parse("0.t.account-7/2");
    private static final PartitionId THIRD = PartitionId.parse("1.t.account-7/3");
    private static final byte[] AT = {'m'};

    private final WatchedTable table = new WatchedTable(7, List.of(new RangeRow(new byte[0], FIRST)), SETTINGS, 0);

    private RangeView only(long nowMillis) {
        return table.view(false, nowMillis).ranges().getFirst();
    }

    private void write(double writesPerSecond, long nowMillis) {
        table.reported(FIRST.toString(), 10, 500, writesPerSecond, nowMillis);
    }

    @Test
    void rangeIsOverloadedOnlyIfItIsBusyAllThroughTheWindow() {
        for (long now = 0; now < 30_000; now += 1_000) {
            write(150, now);
            assertFalse(only(now).overloaded(), "at " + now);
        }
        write(150, 30_000);
        assertTrue(only(30_000).overloaded());
        write(90, 31_000);
        assertFalse(only(31_000).overloaded());
        write(150, 32_000);
        assertFalse(only(32_000).overloaded());
    }

    @Test
    void readsAndWritesAreOneLoad() {
        write(60, 0);
        for (long now = 0; now <= 60_000; now += 1_000) {
            table.read(FIRST.toString(), 60, now);
            write(60, now);
            only(now);
        }
        assertEquals(120, only(60_000).operationsPerSecond(), 6);
        assertTrue(only(60_000).overloaded());
    }

    @Test
    void loadThatIsNotReportedAnyMoreEnds() {
        write(150, 0);
        table.read(FIRST.toString(), 1000, 0);
        assertTrue(only(30_000).operationsPerSecond() >= 150);
        assertTrue(only(130_000).operationsPerSecond() < 1);
    }

    @Test
    void rangeIsCalmAfterItWasIdleForLong() {
        write(0, 0);
        assertFalse(only(599_999).calm());
        assertTrue(only(600_000).calm());
        write(50, 600_001);
        assertFalse(only(600_001).calm());
        assertFalse(only(1_200_000).calm());
    }

    @Test
    void splitHalvesWhatIsKnownUntilTheHalvesReport() {
        write(90, 0);
        RangeIntent split = new RangeIntent.Split(FIRST, AT, SECOND);
        table.happened(split, 1);
        table.happened(split, 1);
        List<RangeView> ranges = table.view(false, 1).ranges();
        assertEquals(List.of(FIRST, SECOND), ranges.stream().map(RangeView::partition).toList());
        assertEquals(List.of(250L, 250L), ranges.stream().map(RangeView::bytes).toList());
        assertArrayEquals(AT, table.highOf(FIRST));
        assertEquals(0, table.highOf(SECOND).length);
    }

    @Test
    void mergeAndMoveChangeTheMapOnceHoweverOftenTheyAreTold() {
        table.happened(new RangeIntent.Split(FIRST, AT, SECOND), 0);
        RangeIntent move = new RangeIntent.Move(AT, SECOND, THIRD);
        table.happened(move, 0);
        table.happened(move, 0);
        RangeView moved = table.view(false, 1).ranges().getLast();
        assertEquals(THIRD, moved.partition());
        assertFalse(moved.settled());
        assertTrue(table.view(false, 600_000).ranges().getLast().settled());
        RangeIntent merge = new RangeIntent.Merge(FIRST, AT, THIRD, new byte[0]);
        table.happened(merge, 0);
        table.happened(merge, 0);
        assertEquals(List.of(FIRST), table.view(false, 1).ranges().stream().map(RangeView::partition).toList());
    }

    @Test
    void rangesThatHaveNotReportedForLongAreAskedAgain() {
        table.happened(new RangeIntent.Split(FIRST, AT, SECOND), 0);
        assertEquals(List.of(FIRST), table.unknown(1, 0));
        table.described(FIRST, new RangeReply.Described(1, 2, 0), 5);
        assertEquals(List.of(SECOND), table.unknown(8, 600_005));
        assertEquals(List.of(FIRST, SECOND), table.unknown(8, 600_006));
        assertEquals(0, table.usedAtMillis());
    }

    @Test
    void onlyReadsAndWritesAreUseOfATable() {
        write(0, 5);
        assertEquals(0, table.usedAtMillis(), "it may have opened because it was asked");
        write(1, 6);
        assertEquals(6, table.usedAtMillis());
        table.read(FIRST.toString(), 1, 7);
        assertEquals(7, table.usedAtMillis());
    }

    @Test
    void rangeIsSearchedForASplitKeyInVainLessAndLessOften() {
        table.unsplittable(FIRST, 0);
        assertFalse(only(59_999).splittable());
        assertTrue(only(60_000).splittable());
        table.unsplittable(FIRST, 60_000);
        assertFalse(only(179_999).splittable());
        assertTrue(only(180_000).splittable());
        for (int i = 0; i < 100; i++) {
            table.unsplittable(FIRST, 200_000);
        }
        assertTrue(only(200_000 + 3_600_000).splittable());
    }

    @Test
    void descriptionBeginsWithTheRangeThatHoldsTheKeyAndSaysWhatIsUnderWay() {
        RangeIntent.Split split = new RangeIntent.Split(FIRST, AT, SECOND);
        assertEquals("splitting", table.describe(new byte[0], Optional.of(split), 0).ranges().getFirst().state());
        table.happened(split, 0);
        TableDirectoryReply.Ranges from = table.describe(new byte[] {'x'}, Optional.empty(), 0);
        assertEquals(List.of(SECOND.toString()), from.ranges().stream().map(TableDirectoryReply.RangeFacts::partition).toList());
        assertEquals("live", from.ranges().getFirst().state());
    }

    @Test
    void reportsOfRangesThatAreNotInTheMapArePassedOver() {
        table.reported(THIRD.toString(), 1, 5000, 1, 0);
        table.read(THIRD.toString(), 5000, 0);
        assertEquals(0, only(0).bytes());
    }
}
