package io.lazuli.storage.partition;

import java.util.List;

/** An account's settings of one service ("Set Queue Service Properties", "Set Table Service Properties"), kept whole and answered as they were set. */
public record ServiceProperties(Logging logging, Metrics hourMetrics, Metrics minuteMetrics, List<CorsRule> corsRules) {

    public static final int MAX_CORS_RULES = 5;

    public ServiceProperties {
        corsRules = List.copyOf(corsRules);
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
}
