package io.lazuli.fabric;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import java.time.Duration;

/**
 * {@code lazuli.fabric.*}; each key is explained in this module's {@code reference.conf}.
 */
public record FabricSettings(
        int maxDeployments, int maxInstancesPerRole, int maxSettingsBytesPerRole, int shards, Duration requestTimeout,
        Duration askTimeout, Duration settleTimeout, Duration quietTime, Duration planDelay, Duration resyncInterval,
        Duration registrationLock, Duration registrationGrace) {

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or out of range */
    public static FabricSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.fabric");
        return new FabricSettings(
                reader.intIn("max-deployments", 1, 10_000),
                reader.intIn("max-instances-per-role", 1, 10_000),
                (int) reader.bytesIn("max-settings-per-role", 0, 64 << 10),
                reader.intIn("shards", 1, 1_000),
                duration(reader, "request-timeout", 1_000, 300_000),
                duration(reader, "ask-timeout", 100, 60_000),
                duration(reader, "settle-timeout", 100, 300_000),
                duration(reader, "quiet-time", 0, 60_000),
                duration(reader, "plan-delay", 1, 10_000),
                duration(reader, "resync-interval", 100, 600_000),
                duration(reader, "registration-lock", 1_000, 600_000),
                duration(reader, "registration-grace", 60_000, 86_400_000));
    }

    private static Duration duration(SettingsReader reader, String key, long minMillis, long maxMillis) {
        return Duration.ofMillis(reader.millisIn(key, minMillis, maxMillis));
    }
}
