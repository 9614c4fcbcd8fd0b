package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The entries and ranges in an account's directory of tables or containers, beside {@link DirectoryRows}: the counter's numbers are those of tables
 * and of ranges, work is an entry's that is {@linkplain TableEntry#isUnfinished unfinished}. Durable format: golden-file tests hold it; values begin
 * with a version byte.
 *
 * <pre>
 * t key           one {@link TableEntry}, by its key: a name, or name NUL version of a container deleted softly
 * r number low    the partition of the range of the table with that number (8 bytes) that begins at that key
 * i number        the {@link RangeIntent} of the table with that number, if there is one: a new owner has to finish it
 * </pre>
 */
final class TableDirectoryRows {

    private static final byte VERSION = 1;
    private static final byte VERSION_OF_CONTAINERS = 2;
    private static final byte TABLE = 't';
    private static final byte RANGE = 'r';
    private static final byte INTENT = 'i';
    private static final int NUMBERED_KEY_BYTES = 1 + Long.BYTES;
    private static final int SPLIT = 1;
    private static final int MERGE = 2;
    private static final int MOVE = 3;
    private static final int CLEAR = 4;

    private TableDirectoryRows() {}

    /** @param name an entry's key, or the beginning of one */
    static byte[] tableKey(String name) {
        return DirectoryRows.key(TABLE, name);
    }

    static byte[] tablesEnd() {
        return new byte[] {TABLE + 1};
    }

    static byte[] tableValue(TableEntry entry) {
        RowWriter writer = new RowWriter(entry.container() == null ? VERSION : VERSION_OF_CONTAINERS)
                .number(entry.state().code()).text(entry.name()).longs(entry.number());
        if (entry.container() == null) {
            ServiceValues.write(writer, entry.policies());
        } else {
            ContainerFormat.write(writer, entry.container());
        }
        return writer.bytes();
    }

    static TableEntry tableOf(byte[] value) {
        boolean ofContainer = value[0] == VERSION_OF_CONTAINERS;
        RowScanner scanner = new RowScanner(value, ofContainer ? VERSION_OF_CONTAINERS : VERSION);
        TableEntry.State state = TableEntry.State.ofCode(scanner.number());
        String name = scanner.text();
        long number = scanner.longs();
        return ofContainer
                ? new TableEntry(state, ContainerFormat.read(scanner, name, number))
                : new TableEntry(state, name, number, ServiceValues.policies(scanner));
    }

    static byte[] rangeKey(long table, byte[] low) {
        return ByteBuffer.allocate(NUMBERED_KEY_BYTES + low.length).put(RANGE).putLong(table).put(low).array();
    }

    /** The key behind those of all ranges of a table. */
    static byte[] rangesEnd(long table) {
        return rangeKey(table + 1, new byte[0]);
    }

    static byte[] allRangesEnd() {
        return new byte[] {RANGE + 1};
    }

    static RowOp putRange(long table, RangeRow range) {
        return new RowOp.Put(rangeKey(table, range.low()), new RowWriter(VERSION).text(range.partition().toString()).bytes());
    }

    static RangeRow rangeOf(Row row) {
        return new RangeRow(
                Arrays.copyOfRange(row.key(), NUMBERED_KEY_BYTES, row.key().length),
                PartitionId.parse(new RowScanner(row.value(), VERSION).text()));
    }

    static byte[] intentKey(long table) {
        return ByteBuffer.allocate(NUMBERED_KEY_BYTES).put(INTENT).putLong(table).array();
    }

    static byte[] intentsBegin() {
        return new byte[] {INTENT};
    }

    static byte[] intentsEnd() {
        return new byte[] {INTENT + 1};
    }

    /** The number of the table in the key of its intent, or of a range. */
    static long numberOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    static byte[] intentValue(RangeIntent intent) {
        RowWriter writer = new RowWriter(VERSION);
        return (switch (intent) {
            case RangeIntent.Split split ->
                    writer.number(SPLIT).text(split.lower().toString()).binary(split.at()).text(split.upper().toString());
            case RangeIntent.Merge merge -> writer.number(MERGE).text(merge.lower().toString()).binary(merge.at())
                    .text(merge.upper().toString()).binary(merge.high());
            case RangeIntent.Move move ->
                    writer.number(MOVE).binary(move.low()).text(move.source().toString()).text(move.target().toString());
            case RangeIntent.Clear clear -> writer.number(CLEAR).text(clear.partition().toString());
        }).bytes();
    }

    static RangeIntent intentOf(byte[] value) {
        RowScanner in = new RowScanner(value, VERSION);
        int kind = in.number();
        return switch (kind) {
            case SPLIT -> new RangeIntent.Split(PartitionId.parse(in.text()), in.binary(), PartitionId.parse(in.text()));
            case MERGE -> new RangeIntent.Merge(
                    PartitionId.parse(in.text()), in.binary(), PartitionId.parse(in.text()), in.binary());
            case MOVE -> new RangeIntent.Move(in.binary(), PartitionId.parse(in.text()), PartitionId.parse(in.text()));
            case CLEAR -> new RangeIntent.Clear(PartitionId.parse(in.text()));
            default -> throw new IllegalStateException("no intent has the code " + kind);
        };
    }
}
