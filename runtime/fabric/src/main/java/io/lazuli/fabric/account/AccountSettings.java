package io.lazuli.fabric.account;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import java.time.Duration;

/** {@code lazuli.fabric.accounts.*}; each key is explained in this module's {@code reference.conf}. */
public record AccountSettings(
        int maxAccounts, Duration reportInterval, Duration lease, Duration confirmTimeout, Duration deleteQuiet, Duration purgeRetry,
        Duration askTimeout, Duration requestTimeout) {

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or out of range */
    public static AccountSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.fabric");
        return new AccountSettings(
                reader.intIn("accounts.max-accounts", 1, 10_000),
                duration(reader, "accounts.report-interval", 50, 10_000),
                duration(reader, "accounts.lease", 1_000, 3_600_000),
                duration(reader, "accounts.confirm-timeout", 100, 10_000),
                duration(reader, "accounts.delete-quiet", 0, 600_000),
                duration(reader, "accounts.purge-retry", 10, 60_000),
                duration(reader, "ask-timeout", 100, 60_000),
                duration(reader, "request-timeout", 1_000, 300_000));
    }

    private static Duration duration(SettingsReader reader, String key, long minMillis, long maxMillis) {
        return Duration.ofMillis(reader.millisIn(key, minMillis, maxMillis));
    }
}
