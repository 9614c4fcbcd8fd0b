package io.lazuli.storage.protocol.http;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;

/**
 * The limits of one HTTP front end; read from {@code lazuli.http}, explained in this module's {@code reference.conf}.
 *
 * @param eventLoops at least 1
 */
public record HttpEdgeSettings(
        int eventLoops, int maxInFlight, long retryAfterMillis, int maxConnections, int maxUriBytes, int maxHeaderBytes,
        long maxBufferedBytes, long idleTimeoutMillis, long headTimeoutMillis, long bodyTimeoutMillis, long requestTimeoutMillis, long writeMillisPerMib,
        long readMillisPerMib, long slowMillis, long stopTimeoutMillis) {

    private static final int MAX_EVENT_LOOPS = 256;
    private static final long SECOND_MILLIS = 1_000;
    private static final long HOUR_MILLIS = 3_600_000;

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or out of its range */
    public static HttpEdgeSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.http");
        int eventLoops = reader.intIn("event-loops", 0, MAX_EVENT_LOOPS);
        HttpEdgeSettings settings = new HttpEdgeSettings(
                eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops,
                reader.intIn("max-in-flight", 1, 1_000_000),
                reader.millisIn("retry-after", SECOND_MILLIS, HOUR_MILLIS),
                reader.intIn("max-connections", 1, 1_000_000),
                (int) reader.bytesIn("max-uri", 1024, 1 << 20),
                (int) reader.bytesIn("max-headers", 1024, 1 << 20),
                reader.bytesIn("max-buffered-bytes", 1 << 20, 1L << 40),
                reader.millisIn("idle-timeout", SECOND_MILLIS, HOUR_MILLIS),
                reader.millisIn("head-timeout", 100, HOUR_MILLIS),
                reader.millisIn("body-timeout", 100, HOUR_MILLIS),
                reader.millisIn("request-timeout", 100, HOUR_MILLIS),
                reader.millisIn("write-time-per-mib", 100, HOUR_MILLIS),
                reader.millisIn("read-time-per-mib", 100, HOUR_MILLIS),
                reader.millisIn("slow-after", 10, HOUR_MILLIS),
                reader.millisIn("stop-timeout", 0, HOUR_MILLIS));
        if (settings.idleTimeoutMillis <= settings.requestTimeoutMillis) {
            throw reader.wrong("idle-timeout", "must be longer than request-timeout");
        }
        return settings;
    }
}
