package io.lazuli.storage.partition;

import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.CorsRule;
import io.lazuli.storage.partition.ServiceProperties.Logging;
import io.lazuli.storage.partition.ServiceProperties.Metrics;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.partition.blob.LifecycleRule.Ages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stored form of what every service of an account keeps: its properties, and the policies of a queue or a table. Durable format: golden-file tests hold it. */
public final class ServiceValues {

    private static final byte VERSION = 1;
    /** With what only the blob service has behind it; written only where there is something to keep of it. */
    private static final byte BLOB_VERSION = 2;
    /** With rules for blobs' ages behind that, where there are any. */
    private static final byte LIFECYCLE_VERSION = 3;
    private static final int NO_DAYS = -1;

    private ServiceValues() {}

    public static void write(RowWriter writer, List<AccessPolicy> policies) {
        writer.number(policies.size());
        for (AccessPolicy policy : policies) {
            writer.text(policy.id()).textOrNull(policy.start()).textOrNull(policy.expiry()).textOrNull(policy.permission());
        }
    }

    public static List<AccessPolicy> policies(RowScanner scanner) {
        return scanner.list(in -> new AccessPolicy(in.text(), in.textOrNull(), in.textOrNull(), in.textOrNull()));
    }

    /** A row's whole value, version included. */
    public static byte[] propertiesValue(ServiceProperties properties) {
        boolean ofBlobs = !properties.blobs().equals(BlobSettings.INITIAL);
        boolean ofAges = !properties.blobs().lifecycle().isEmpty();
        RowWriter writer = new RowWriter(ofAges ? LIFECYCLE_VERSION : ofBlobs ? BLOB_VERSION : VERSION);
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
        if (ofBlobs) {
            write(writer, properties.blobs());
        }
        if (ofAges) {
            writer.number(properties.blobs().lifecycle().size());
            properties.blobs().lifecycle().forEach(rule -> write(writer, rule));
        }
        return writer.bytes();
    }

    private static void write(RowWriter writer, BlobSettings blobs) {
        writer.textOrNull(blobs.defaultServiceVersion());
        write(writer, blobs.deleteRetention());
        StaticWebsite website = blobs.website();
        writer.flag(blobs.allowsPermanentDelete())
                .flag(website.enabled()).textOrNull(website.indexDocument()).textOrNull(website.errorDocument404Path())
                .textOrNull(website.defaultIndexDocumentPath())
                .flag(blobs.versioning()).number(blobs.containerRetentionDays());
    }

    private static void write(RowWriter writer, LifecycleRule rule) {
        writer.text(rule.name()).flag(rule.enabled()).texts(rule.prefixes());
        for (BlobKind kind : BlobKind.values()) {
            writer.flag(rule.kinds().contains(kind));
        }
        for (Ages ages : List.of(rule.baseBlob(), rule.snapshot(), rule.version())) {
            writer.number(days(ages.toCoolDays())).number(days(ages.toColdDays())).number(days(ages.toArchiveDays()))
                    .number(days(ages.deleteDays()));
        }
    }

    private static int days(Integer days) {
        return days == null ? NO_DAYS : days;
    }

    private static LifecycleRule lifecycleRule(RowScanner in) {
        String name = in.text();
        boolean enabled = in.flag();
        List<String> prefixes = in.texts();
        List<BlobKind> kinds = new ArrayList<>();
        for (BlobKind kind : BlobKind.values()) {
            if (in.flag()) {
                kinds.add(kind);
            }
        }
        return new LifecycleRule(name, enabled, prefixes, kinds, ages(in), ages(in), ages(in));
    }

    private static Ages ages(RowScanner in) {
        return new Ages(daysOrNull(in.number()), daysOrNull(in.number()), daysOrNull(in.number()), daysOrNull(in.number()));
    }

    private static Integer daysOrNull(int days) {
        return days == NO_DAYS ? null : days;
    }

    /** @param row empty while they are the initial ones */
    public static ServiceProperties propertiesOf(Optional<byte[]> row) {
        return row.map(ServiceValues::properties).orElseGet(ServiceProperties::initial);
    }

    public static ServiceProperties properties(byte[] value) {
        boolean ofAges = value[0] == LIFECYCLE_VERSION;
        boolean ofBlobs = ofAges || value[0] == BLOB_VERSION;
        RowScanner scanner = new RowScanner(value, ofAges ? LIFECYCLE_VERSION : ofBlobs ? BLOB_VERSION : VERSION);
        Logging logging = new Logging(scanner.text(), scanner.flag(), scanner.flag(), scanner.flag(), retention(scanner));
        Metrics hour = metrics(scanner);
        Metrics minute = metrics(scanner);
        List<CorsRule> rules = scanner.list(in -> new CorsRule(in.texts(), in.texts(), in.texts(), in.texts(), in.number()));
        BlobSettings blobs = ofBlobs ? blobSettings(scanner) : BlobSettings.INITIAL;
        return new ServiceProperties(
                logging, hour, minute, rules, ofAges ? blobs.withLifecycle(scanner.list(ServiceValues::lifecycleRule)) : blobs);
    }

    private static BlobSettings blobSettings(RowScanner in) {
        String defaultServiceVersion = in.textOrNull();
        Retention deleteRetention = retention(in);
        boolean allowsPermanentDelete = in.flag();
        StaticWebsite website = new StaticWebsite(in.flag(), in.textOrNull(), in.textOrNull(), in.textOrNull());
        return new BlobSettings(defaultServiceVersion, deleteRetention, allowsPermanentDelete, website, in.flag(), in.number());
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
