package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties.CorsRule;
import io.lazuli.storage.partition.ServiceProperties.Logging;
import io.lazuli.storage.partition.ServiceProperties.Metrics;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        writer.number(entry.policies().size());
        for (AccessPolicy policy : entry.policies()) {
            writer.text(policy.id()).textOrNull(policy.start()).textOrNull(policy.expiry()).textOrNull(policy.permission());
        }
        return writer.bytes();
    }

    public static DirectoryEntry entryOf(byte[] value) {
        RowScanner scanner = new RowScanner(value, VERSION);
        DirectoryEntry.State state = DirectoryEntry.State.ofCode(scanner.number());
        PartitionId partition = PartitionId.parse(scanner.text());
        Map<String, String> metadata = scanner.map(RowScanner::text, RowScanner::text);
        List<AccessPolicy> policies = scanner.list(in ->
                new AccessPolicy(in.text(), in.textOrNull(), in.textOrNull(), in.textOrNull()));
        return new DirectoryEntry(state, partition, metadata, policies);
    }

    static byte[] propertiesValue(ServiceProperties properties) {
        RowWriter writer = new RowWriter(VERSION);
        Logging logging = properties.logging();
        writer.text(logging.version()).flag(logging.delete()).flag(logging.read()).flag(logging.write());
        write(writer, logging.retention());
        for (Metrics metrics : List.of(properties.hourMetrics(), properties.minuteMetrics())) {
            writer.text(metrics.version()).flag(metrics.enabled()).flag(metrics.includeApis());
            write(writer, metrics.retention());
        }
        writer.number(properties.corsRules().size());
        for (CorsRule rule : properties.corsRules()) {
            writer.texts(rule.allowedOrigins()).texts(rule.allowedMethods()).texts(rule.allowedHeaders())
                    .texts(rule.exposedHeaders()).number(rule.maxAgeSeconds());
        }
        return writer.bytes();
    }

    public static ServiceProperties propertiesOf(byte[] value) {
        RowScanner scanner = new RowScanner(value, VERSION);
        Logging logging = new Logging(scanner.text(), scanner.flag(), scanner.flag(), scanner.flag(), retention(scanner));
        Metrics hour = metrics(scanner);
        Metrics minute = metrics(scanner);
        List<CorsRule> rules = scanner.list(in -> new CorsRule(in.texts(), in.texts(), in.texts(), in.texts(), in.number()));
        return new ServiceProperties(logging, hour, minute, rules);
    }

    private static void write(RowWriter writer, Retention retention) {
        writer.flag(retention.enabled()).number(retention.days());
    }

    private static Retention retention(RowScanner scanner) {
        return new Retention(scanner.flag(), scanner.number());
    }

    private static Metrics metrics(RowScanner scanner) {
        return new Metrics(scanner.text(), scanner.flag(), scanner.flag(), retention(scanner));
    }
}
