package io.lazuli.storage.partition;

import io.lazuli.storage.partition.blob.LifecycleRule;
import java.util.List;

/**
 * An account's settings of one service ("Set Queue Service Properties", "Set Table Service Properties", "Set Blob Service Properties"), kept whole
 * and answered as they were set.
 *
 * @param blobs what only the blob service has; of the others {@link BlobSettings#INITIAL}
 */
public record ServiceProperties(
        Logging logging, Metrics hourMetrics, Metrics minuteMetrics, List<CorsRule> corsRules, BlobSettings blobs) {

    public static final int MAX_CORS_RULES = 5;

    public ServiceProperties {
        corsRules = List.copyOf(corsRules);
    }

    public ServiceProperties(Logging logging, Metrics hourMetrics, Metrics minuteMetrics, List<CorsRule> corsRules) {
        this(logging, hourMetrics, minuteMetrics, corsRules, BlobSettings.INITIAL);
    }

    public ServiceProperties with(BlobSettings changed) {
        return new ServiceProperties(logging, hourMetrics, minuteMetrics, corsRules, changed);
    }

    /** What a new account has: everything off. */
    public static ServiceProperties initial() {
        return new ServiceProperties(
                new Logging("1.0", false, false, false, new Retention(false, 0)),
                new Metrics("1.0", false, false, new Retention(false, 0)),
                new Metrics("1.0", false, false, new Retention(false, 0)),
                List.of());
    }

    public record Logging(String version, boolean delete, boolean read, boolean write, Retention retention) {}

    /** @param includeApis means nothing while {@code enabled} is false */
    public record Metrics(String version, boolean enabled, boolean includeApis, Retention retention) {}

    /** @param days 1 to 365, means nothing while {@code enabled} is false */
    public record Retention(boolean enabled, int days) {}

    public record CorsRule(
            List<String> allowedOrigins, List<String> allowedMethods, List<String> allowedHeaders,
            List<String> exposedHeaders, int maxAgeSeconds) {

        public CorsRule {
            allowedOrigins = List.copyOf(allowedOrigins);
            allowedMethods = List.copyOf(allowedMethods);
            allowedHeaders = List.copyOf(allowedHeaders);
            exposedHeaders = List.copyOf(exposedHeaders);
        }
    }

    /**
     * @param defaultServiceVersion null if none was said
     * @param deleteRetention for how long deleted and overwritten blobs can be had back
     * @param versioning whether former states of blobs are kept as versions; like {@code containerRetentionDays} a setting of the account that
     *     "Set Blob Service Properties" leaves as it is
     * @param containerRetentionDays for how long deleted containers can be had back, 0 if not at all
     * @param lifecycle likewise a setting of the account: what becomes of blobs with age
     */
    public record BlobSettings(
            String defaultServiceVersion, Retention deleteRetention, boolean allowsPermanentDelete, StaticWebsite website, boolean versioning,
            int containerRetentionDays, List<LifecycleRule> lifecycle) {

        public BlobSettings {
            lifecycle = List.copyOf(lifecycle);
        }

        public BlobSettings(String defaultServiceVersion, Retention deleteRetention, boolean allowsPermanentDelete, StaticWebsite website,
                boolean versioning, int containerRetentionDays) {
            this(defaultServiceVersion, deleteRetention, allowsPermanentDelete, website, versioning, containerRetentionDays, List.of());
        }

        public static final BlobSettings INITIAL =
                new BlobSettings(null, new Retention(false, 0), false, StaticWebsite.NONE, false, 0);

        /** 0 if deleted blobs cannot be had back. */
        public int deleteRetentionDays() {
            return deleteRetention.enabled() ? deleteRetention.days() : 0;
        }

        public BlobSettings withVersioning(boolean changed) {
            return new BlobSettings(defaultServiceVersion, deleteRetention, allowsPermanentDelete, website, changed, containerRetentionDays, lifecycle);
        }

        public BlobSettings withContainerRetentionDays(int changed) {
            return new BlobSettings(defaultServiceVersion, deleteRetention, allowsPermanentDelete, website, versioning, changed, lifecycle);
        }

        /** What becomes of blobs with age; at most {@link LifecycleRule#MAX_RULES}. */
        public BlobSettings withLifecycle(List<LifecycleRule> changed) {
            return new BlobSettings(
                    defaultServiceVersion, deleteRetention, allowsPermanentDelete, website, versioning, containerRetentionDays, changed);
        }
    }

    /**
     * The blobs of {@code $web} as a web site.
     *
     * @param indexDocument the name of the blob that stands for each directory, null if none
     * @param errorDocument404Path the blob that is sent with 404, null if none
     * @param defaultIndexDocumentPath the blob that stands for the root, null if none
     */
    public record StaticWebsite(boolean enabled, String indexDocument, String errorDocument404Path, String defaultIndexDocumentPath) {

        public static final StaticWebsite NONE = new StaticWebsite(false, null, null, null);
    }
}
