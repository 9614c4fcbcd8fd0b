package io.lazuli.storage.protocol.blob;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;

/**
 * Where copies may be read from outside of this cloud, {@code lazuli.blob}.
 *
 * @param timeoutMillis until a source has answered, and without progress while it is read
 */
public record CopySourceSettings(CopySourceHosts hosts, long timeoutMillis) {

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or out of its range */
    public static CopySourceSettings of(Config config) {
        return new CopySourceSettings(
                CopySourceHosts.of(config), new SettingsReader(config).under("lazuli.blob").millisIn("copy-source-timeout", 100, 3_600_000));
    }

    /** From anywhere, as in development mode. */
    public CopySourceSettings fromAnywhere() {
        return new CopySourceSettings(CopySourceHosts.ANY, timeoutMillis);
    }
}
