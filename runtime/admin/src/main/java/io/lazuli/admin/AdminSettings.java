package io.lazuli.admin;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code lazuli.admin.*}; each key is explained in this module's {@code reference.conf}.
 *
 * @param development whether {@code lazuli.mode} is {@code development}
 */
public record AdminSettings(
        boolean development, Optional<String> token, Path uploadDirectory, long maxPackageBytes, int maxBodyBytes, int maxUploads,
        int maxRequests, long requestTimeoutMillis, long uploadTimeoutMillis, long idleTimeoutMillis, long stopTimeoutMillis) {

    private static final int MIN_TOKEN_CHARS = 16;

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or out of range */
    public static AdminSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.admin");
        Optional<String> token = Optional.of(reader.stringOrEmpty("token")).filter(text -> !text.isEmpty());
        if (token.isPresent() && token.get().length() < MIN_TOKEN_CHARS) {
            throw reader.wrong("token", "must have at least " + MIN_TOKEN_CHARS + " characters");
        }
        String directory = reader.stringOrEmpty("upload-directory");
        return new AdminSettings(
                new SettingsReader(config).oneOf("lazuli.mode", "development", "production").equals("development"),
                token,
                Path.of(directory.isEmpty() ? System.getProperty("java.io.tmpdir") : directory),
                reader.bytesIn("max-package-bytes", 1 << 10, 1L << 30),
                (int) reader.bytesIn("max-body-bytes", 1 << 10, 16 << 20),
                reader.intIn("max-uploads", 1, 64),
                reader.intIn("max-requests", 1, 10_000),
                reader.millisIn("request-timeout", 100, 600_000),
                reader.millisIn("upload-timeout", 1_000, 3_600_000),
                reader.millisIn("idle-timeout", 1_000, 3_600_000),
                reader.millisIn("stop-timeout", 0, 60_000));
    }
}
