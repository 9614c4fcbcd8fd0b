package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import io.lazuli.storage.partition.ServiceValues;
import java.util.Map;
import java.util.TreeMap;

/**
 * The entries of an account partition, beside {@link DirectoryRows}: {@code q name} is one queue's {@link DirectoryEntry}. The counter's
 * numbers are those of queues. Durable format: golden-file tests hold it; values begin with a version byte.
 */
public final class AccountRows {

    private static final byte VERSION = 1;
    private static final byte QUEUE = 'q';

    private AccountRows() {}

    public static byte[] queueKey(String queue) {
        return DirectoryRows.key(QUEUE, queue);
    }

    /** The key behind the last queue's. */
    public static byte[] queuesEnd() {
        return new byte[] {QUEUE + 1};
    }

    static byte[] entryValue(DirectoryEntry entry) {
        RowWriter writer = new RowWriter(VERSION).number(entry.state().code()).text(entry.partition().toString());
        Map<String, String> sorted = new TreeMap<>(entry.metadata());
        writer.number(sorted.size());
        sorted.forEach((name, value) -> writer.text(name).text(value));
        ServiceValues.write(writer, entry.policies());
        return writer.bytes();
    }

    public static DirectoryEntry entryOf(byte[] value) {
        RowScanner scanner = new RowScanner(value, VERSION);
        DirectoryEntry.State state = DirectoryEntry.State.ofCode(scanner.number());
        PartitionId partition = PartitionId.parse(scanner.text());
        Map<String, String> metadata = scanner.map(RowScanner::text, RowScanner::text);
        return new DirectoryEntry(state, partition, metadata, ServiceValues.policies(scanner));
    }
}
