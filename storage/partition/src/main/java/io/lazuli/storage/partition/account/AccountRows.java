package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import io.lazuli.storage.partition.ServiceValues;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of an account partition. Durable format: golden-file tests hold it; values begin with a version byte.
 *
 * <pre>
 * n            the number that the next new queue gets
 * p            the queue service's properties, absent while they are the initial ones
 * q name       one queue's {@link DirectoryEntry}
 * w name       present while the queue is CREATING or DELETING: what a new owner has to finish
 * </pre>
 */
public final class AccountRows {

    private static final byte VERSION = 1;
    private static final byte QUEUE = 'q';
    private static final byte WORK = 'w';

    private AccountRows() {}

    static byte[] counterKey() {
        return new byte[] {'n'};
    }

    static byte[] counterValue(long next) {
        return new RowWriter(VERSION).longs(next).bytes();
    }

    static long counterOf(Optional<byte[]> value) {
        return value.map(bytes -> new RowScanner(bytes, VERSION).longs()).orElse(1L);
    }

    public static byte[] propertiesKey() {
        return new byte[] {'p'};
    }

    public static byte[] queueKey(String queue) {
        return key(QUEUE, queue);
    }

    /** The key behind the last queue's. */
    public static byte[] queuesEnd() {
        return new byte[] {QUEUE + 1};
    }

    static byte[] workKey(String queue) {
        return key(WORK, queue);
    }

    static byte[] workValue() {
        return new byte[] {VERSION};
    }

    static byte[] workBegin() {
        return new byte[] {WORK};
    }

    static byte[] workEnd() {
        return new byte[] {WORK + 1};
    }

    /** The queue's name in the key of its entry or work row. */
    public static String nameOf(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    private static byte[] key(byte kind, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + utf8.length];
        key[0] = kind;
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        return key;
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
