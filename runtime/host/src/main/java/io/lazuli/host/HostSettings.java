package io.lazuli.host;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import java.util.List;

/** {@code lazuli.host.*}; ranges and meanings are in this module's {@code reference.conf}. */
public record HostSettings(
        int maxInstances, long reportDelayMillis, RestartSettings restart, long interruptAfterMillis, long logMaxBytes,
        RoleHostSettings roleHost, QueueSettings queue) {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** When an instance that ended is started again. */
    public record RestartSettings(long minBackoffMillis, long maxBackoffMillis, long resetAfterMillis, int failedAfter) {}

    /** @param classPath empty: found by itself */
    public record RoleHostSettings(
            long startTimeoutMillis, long heartbeatIntervalMillis, long heartbeatTimeoutMillis, String classPath, List<String> jvmOptions) {
        public RoleHostSettings {
            jvmOptions = List.copyOf(jvmOptions);
        }
    }

    /** How roles reach the storage service. */
    public record QueueSettings(long retryForMillis, long minBackoffMillis, long maxBackoffMillis, long requestTimeoutMillis) {}

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or out of its range */
    public static HostSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.host");
        return new HostSettings(
                reader.intIn("max-instances", 1, 10_000),
                reader.millisIn("report-delay", 0, 10 * SECOND),
                restart(reader),
                reader.millisIn("interrupt-after", 0, 10 * MINUTE),
                reader.bytesIn("log.max-bytes", 64L << 10, 1L << 30),
                roleHost(reader),
                queue(reader));
    }

    private static RestartSettings restart(SettingsReader reader) {
        long minBackoffMillis = reader.millisIn("restart.min-backoff", 10, HOUR);
        return new RestartSettings(
                minBackoffMillis,
                reader.millisIn("restart.max-backoff", minBackoffMillis, HOUR),
                reader.millisIn("restart.reset-after", SECOND, HOUR),
                reader.intIn("restart.failed-after", 1, 100));
    }

    private static RoleHostSettings roleHost(SettingsReader reader) {
        long heartbeatIntervalMillis = reader.millisIn("role-host.heartbeat-interval", 100, MINUTE);
        return new RoleHostSettings(
                reader.millisIn("role-host.start-timeout", SECOND, 10 * MINUTE),
                heartbeatIntervalMillis,
                reader.millisIn("role-host.heartbeat-timeout", 2 * heartbeatIntervalMillis, 10 * MINUTE),
                reader.stringOrEmpty("role-host.class-path"),
                reader.strings("role-host.jvm-options"));
    }

    private static QueueSettings queue(SettingsReader reader) {
        long minBackoffMillis = reader.millisIn("queue.min-backoff", 1, MINUTE);
        return new QueueSettings(
                reader.millisIn("queue.retry-for", 0, 10 * MINUTE),
                minBackoffMillis,
                reader.millisIn("queue.max-backoff", minBackoffMillis, MINUTE),
                reader.millisIn("queue.request-timeout", SECOND, 10 * MINUTE));
    }
}
