package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.GoldenFile;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The stored format of table directories: a change that breaks this makes existing tables unreadable. */
class TableDirectoryRowsTest {

    private static final TableEntry ENTRY = new TableEntry(
            TableEntry.State.LIVE, "Orders", 7, List.of(new AccessPolicy("id", "2026-01-01", null, "raud")));
    private static final PartitionId LOWER = PartitionId.parse("1.t.account-7/8");
    private static final PartitionId UPPER = PartitionId.parse("1.t.account-7/19");
    private static final byte[] AT = {'m', (byte) 0xC3, (byte) 0xBC};
    private static final RangeIntent SPLIT = new RangeIntent.Split(LOWER, AT, UPPER);
    private static final RangeIntent MERGE = new RangeIntent.Merge(LOWER, AT, UPPER, new byte[] {'z'});
    private static final RangeIntent MOVE = new RangeIntent.Move(AT, UPPER, PartitionId.parse("2.t.account-7/20"));
    private static final RangeIntent CLEAR = new RangeIntent.Clear(UPPER);

    private static final TableEntry LIVE = new TableEntry(TableEntry.State.LIVE, new ContainerState(
            "pictures", 9, 638_000_000_000_000_000L, "\"0x8DA9D2F3C4B0000\"", ContainerState.PublicAccess.BLOB, Map.of("Owner", "käthe"),
            List.of(new AccessPolicy("id", "2026-01-01", null, "rl")), new LeaseState("a7c2", 15, 1_700_000_000_000L, true), true, 0, 0, null));
    private static final TableEntry KEPT = new TableEntry(TableEntry.State.DELETED, new ContainerState(
            "pictures", 7, 638_000_000_000_000_000L, "\"0x8DA9D2F3C4B0000\"", ContainerState.PublicAccess.NONE, Map.of(), List.of(),
            LeaseState.NONE, false, 1_700_000_000_000L, 14, "08DA9D2F3C4B00007"));

    @Test
    void rowsAreStoredAsEver() {
        RowOp.Put range = (RowOp.Put) TableDirectoryRows.putRange(7, new RangeRow(AT, UPPER));
        new GoldenFile("table-directory-rows.txt")
                .add("counter key", DirectoryRows.counterKey())
                .add("counter", DirectoryRows.counterValue(21))
                .add("properties key", DirectoryRows.propertiesKey())
                .add("table key", TableDirectoryRows.tableKey("orders"))
                .add("table", TableDirectoryRows.tableValue(ENTRY))
                .add("table creating", TableDirectoryRows.tableValue(ENTRY.in(TableEntry.State.CREATING)))
                .add("table deleting", TableDirectoryRows.tableValue(ENTRY.in(TableEntry.State.DELETING)))
                .add("work key", DirectoryRows.workKey("orders"))
                .add("work", DirectoryRows.workValue())
                .add("range key", range.key())
                .add("range", range.value())
                .add("intent key", TableDirectoryRows.intentKey(7))
                .add("split", TableDirectoryRows.intentValue(SPLIT))
                .add("merge", TableDirectoryRows.intentValue(MERGE))
                .add("move", TableDirectoryRows.intentValue(MOVE))
                .add("clear", TableDirectoryRows.intentValue(CLEAR))
                .check();
    }

    @Test
    void rowsAreReadAsTheyWereWritten() {
        assertEquals(ENTRY, TableDirectoryRows.tableOf(TableDirectoryRows.tableValue(ENTRY)));
        assertEquals(21, DirectoryRows.counterOf(Optional.of(DirectoryRows.counterValue(21))));
        assertEquals(1, DirectoryRows.counterOf(Optional.empty()));
        assertEquals("orders", DirectoryRows.nameOf(DirectoryRows.workKey("orders")));
        assertEquals(7, TableDirectoryRows.numberOf(TableDirectoryRows.intentKey(7)));
        RowOp.Put range = (RowOp.Put) TableDirectoryRows.putRange(7, new RangeRow(AT, UPPER));
        RangeRow read = TableDirectoryRows.rangeOf(new Row(range.key(), range.value()));
        assertArrayEquals(AT, read.low());
        assertEquals(UPPER, read.partition());
        for (RangeIntent intent : List.of(SPLIT, MERGE, MOVE, CLEAR)) {
            byte[] value = TableDirectoryRows.intentValue(intent);
            RangeIntent again = TableDirectoryRows.intentOf(value);
            assertEquals(intent.getClass(), again.getClass());
            assertArrayEquals(value, TableDirectoryRows.intentValue(again));
        }
    }

    @Test
    void containersAreStoredAsEver() {
        new GoldenFile("container-directory-rows.txt")
                .add("container key", TableDirectoryRows.tableKey(LIVE.key()))
                .add("container", TableDirectoryRows.tableValue(LIVE))
                .add("container closing", TableDirectoryRows.tableValue(KEPT.in(TableEntry.State.CLOSING)))
                .add("container reopening", TableDirectoryRows.tableValue(LIVE.in(TableEntry.State.REOPENING)))
                .add("deleted container key", TableDirectoryRows.tableKey(KEPT.key()))
                .add("deleted container", TableDirectoryRows.tableValue(KEPT))
                .check();
        for (TableEntry entry : List.of(LIVE, KEPT)) {
            assertEquals(entry, TableDirectoryRows.tableOf(TableDirectoryRows.tableValue(entry)));
        }
    }

    @Test
    void deletedContainersFollowTheOneOfTheirName() {
        List<byte[]> keys = List.of(TableDirectoryRows.tableKey("pictures"), TableDirectoryRows.tableKey(KEPT.key()),
                TableDirectoryRows.tableKey("pictures-2"), TableDirectoryRows.tableKey("pictures2"));
        for (int i = 1; i < keys.size(); i++) {
            assertTrue(Arrays.compareUnsigned(keys.get(i - 1), keys.get(i)) < 0, "key " + i);
        }
    }

    @Test
    void rangesOfOneTableStandTogetherInKeyOrder() {
        List<byte[]> keys = List.of(TableDirectoryRows.rangeKey(6, new byte[] {(byte) 0xFF}), TableDirectoryRows.rangeKey(7, new byte[0]),
                TableDirectoryRows.rangeKey(7, new byte[] {0}), TableDirectoryRows.rangeKey(7, new byte[] {(byte) 0xFF}),
                TableDirectoryRows.rangesEnd(7), TableDirectoryRows.rangeKey(8, new byte[] {0}));
        for (int i = 1; i < keys.size(); i++) {
            assertTrue(Arrays.compareUnsigned(keys.get(i - 1), keys.get(i)) < 0, "key " + i);
        }
    }

    @Test
    void rowsOfAnotherVersionAreRefused() {
        byte[] newer = TableDirectoryRows.tableValue(ENTRY);
        newer[0] = 3;
        assertThrows(IllegalStateException.class, () -> TableDirectoryRows.tableOf(newer));
        byte[] unknown = TableDirectoryRows.intentValue(CLEAR);
        unknown[4] = 9;
        assertThrows(IllegalStateException.class, () -> TableDirectoryRows.intentOf(unknown));
    }

    @Test
    void nameOfARangeTellsItsTableAndAccount() {
        assertEquals(new RangeName(DirectoryKind.TABLES, "account", 7, 19), RangeName.of(UPPER));
        assertEquals(UPPER, new RangeName(DirectoryKind.TABLES, "account", 7, 19).in(1));
        assertEquals(PartitionId.parse("0.d.account"), DirectoryKind.TABLES.directoryOf("account"));
        assertThrows(IllegalArgumentException.class, () -> RangeName.of(PartitionId.parse("1.q.account-7")));
    }
}
