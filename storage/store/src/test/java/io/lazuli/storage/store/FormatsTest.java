package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Entries and rows are on disk for years: their bytes never change, and nothing else is taken for them. */
class FormatsTest {

    private static final PartitionPrefix Q1 = PartitionPrefix.of(new PartitionId(0, PartitionKind.QUEUE, "q1"));

    @Test
    void anEntryIsWrittenAndReadAsEver() throws Exception {
        byte[] claim = EntryFormat.claim(Q1);
        byte[] batch = EntryFormat.batch(Q1, 3, 7, List.of(
                new RowOp.Put(bytes("k1"), bytes("v1v")), new RowOp.Delete(bytes("k2")),
                new RowOp.DeleteRange(bytes("a"), bytes("b")), new RowOp.DeleteRange(bytes("z"), null)));
        Golden.assertSame("entry-v1", EntryFormat.entry(List.of(claim, batch), claim.length + batch.length));
        assertEquals(
                List.of(
                        "claim 71713100", "batch 71713100 3 7", "put 717131006b31 763176", "delete 717131006b32",
                        "range 7171310061 7171310062", "range 717131007a 71713101"),
                read(Golden.read("entry-v1")));
    }

    @Test
    void rowsAreWrittenAndReadAsEver() throws Exception {
        WriterRow writer = new WriterRow(5, 258);
        Golden.assertSame("writer-row-v1", writer.encode());
        assertEquals(writer, WriterRow.decode(Golden.read("writer-row-v1")));
        Golden.assertSame("applied-index-v1", RowStateMachine.encodeIndex(0x1234));
        assertEquals(0x1234, RowStateMachine.decodeIndex(Golden.read("applied-index-v1")));
        GroupRow group = new GroupRow(2, false, List.of(new RaftPeer("a:1"), new RaftPeer("b:22")));
        Golden.assertSame("group-row-v1", group.encodeValue());
        assertEquals(group, GroupRow.decode(new Row(group.put().key(), Golden.read("group-row-v1"))));
        assertEquals(group.opened(), GroupRow.decode(new Row(group.put().key(), group.opened().encodeValue())));
    }

    @Test
    void otherVersionsAreRefused() throws Exception {
        for (String name : List.of("entry-v1", "writer-row-v1", "applied-index-v1")) {
            byte[] bytes = Golden.read(name);
            bytes[0] = 2;
            assertThrows(MalformedEntryException.class, () -> {
                switch (name) {
                    case "entry-v1" -> read(bytes);
                    case "writer-row-v1" -> WriterRow.decode(bytes);
                    default -> RowStateMachine.decodeIndex(bytes);
                }
            });
        }
    }

    @Test
    void everyTruncationOfAnEntryIsRefused() throws Exception {
        byte[] entry = Golden.read("entry-v1");
        for (int length = 0; length < entry.length; length++) {
            byte[] truncated = Arrays.copyOf(entry, length);
            assertThrows(MalformedEntryException.class, () -> read(truncated), "length " + length);
        }
        assertThrows(MalformedEntryException.class, () -> read(Arrays.copyOf(entry, entry.length + 1)));
    }

    @Test
    void aDamagedEntryIsReadOrRefusedButNeverBreaksTheReader() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] entry = Golden.read("entry-v1");
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = entry.clone();
            for (int j = 0; j <= i % 3; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertDoesNotThrow(() -> {
                try {
                    read(damaged);
                } catch (MalformedEntryException expected) {
                    assertDoesNotThrow(expected::getMessage);
                }
            }, () -> "seed " + seed + ": " + HexFormat.of().formatHex(damaged));
        }
    }

    @Test
    void anItemThatWouldStopReplicasIsRefusedBeforeItIsReplicated() {
        byte[] batch = EntryFormat.batch(Q1, 1, 1, List.of(new RowOp.Delete(bytes("k"))));
        assertDoesNotThrow(() -> EntryFormat.check(batch));
        assertThrows(MalformedEntryException.class, () -> EntryFormat.check(Arrays.copyOf(batch, batch.length - 1)));
        assertThrows(MalformedEntryException.class, () -> EntryFormat.check(new byte[] {9}));
    }

    @Test
    void aPartitionsKeysLieBetweenItsPrefixAndItsEnd() {
        PartitionPrefix q1x = PartitionPrefix.of(new PartitionId(0, PartitionKind.QUEUE, "q1x"));
        byte[] highest = Q1.rowKey(new byte[] {(byte) 0xFF, (byte) 0xFF});
        assertEquals(-1, Integer.signum(Arrays.compareUnsigned(highest, Q1.end())));
        assertEquals(-1, Integer.signum(Arrays.compareUnsigned(Q1.end(), q1x.rowKey(new byte[0]))));
        assertArrayEquals(new byte[] {(byte) 0xFF, (byte) 0xFF}, Q1.relativeKey(highest));
    }

    @Test
    void rangesOfOneTableShareTheirRowsAndNotTheirWriter() throws Exception {
        PartitionPrefix range = PartitionPrefix.of(new PartitionId(1, PartitionKind.TABLE_RANGE, "a-7/3"));
        byte[] claim = EntryFormat.claim(range);
        byte[] batch = EntryFormat.batch(range, 3, 7, List.of(
                new RowOp.Put(bytes("k"), bytes("v")), new RowOp.DeleteRange(bytes("z"), null)));
        Golden.assertSame("entry-table-range-v1", EntryFormat.entry(List.of(claim, batch), claim.length + batch.length));
        assertEquals(
                List.of(
                        "claim 74612d372f3300", "batch 74612d372f3300 3 7", "put 74612d37006b 76", "range 74612d37007a 74612d3701"),
                read(Golden.read("entry-table-range-v1")));
        assertArrayEquals(bytes("k"), range.relativeKey(range.rowKey(bytes("k"))));
        PartitionPrefix sibling = PartitionPrefix.of(new PartitionId(1, PartitionKind.TABLE_RANGE, "a-7/12"));
        assertArrayEquals(range.rowKey(bytes("k")), sibling.rowKey(bytes("k")));
        assertNotEquals(range, sibling);
    }

    @Test
    void onlyATableRangesNameIsCutAtTheSlash() {
        PartitionPrefix queue = PartitionPrefix.of(new PartitionId(1, PartitionKind.QUEUE, "a/3"));
        assertArrayEquals(bytes("qa/3\0k"), queue.rowKey(bytes("k")));
        for (String name : List.of("a", "/3", "a/", "a/3/4", "a//3")) {
            assertThrows(IllegalArgumentException.class, () -> new PartitionId(1, PartitionKind.TABLE_RANGE, name), name);
        }
    }

    private static List<String> read(byte[] entry) {
        List<String> seen = new ArrayList<>();
        HexFormat hex = HexFormat.of();
        EntryFormat.read(ByteBuffer.wrap(entry), new EntryFormat.Visitor() {
            @Override
            public void claim(PartitionPrefix partition) {
                seen.add("claim " + hex.formatHex(partition.bytes()));
            }

            @Override
            public boolean batch(PartitionPrefix partition, long epoch, long sequence) {
                return seen.add("batch " + hex.formatHex(partition.bytes()) + " " + epoch + " " + sequence);
            }

            @Override
            public void put(byte[] rowKey, byte[] value) {
                seen.add("put " + hex.formatHex(rowKey) + " " + hex.formatHex(value));
            }

            @Override
            public void delete(byte[] rowKey) {
                seen.add("delete " + hex.formatHex(rowKey));
            }

            @Override
            public void deleteRange(byte[] from, byte[] to) {
                seen.add("range " + hex.formatHex(from) + " " + hex.formatHex(to));
            }
        });
        return seen;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
