package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.chunk.custody.ClockLimits;

/**
 * How a node's blob service works, {@code lazuli.partition.blob-service.*}.
 *
 * @param maxInlineHints blobs of which is remembered where their inline bytes are
 * @param rulesMaxAgeMillis for how long an account's settings are believed without being read again
 * @param digestThreads that compute checksums of what is uploaded
 * @param garbageGraceMillis for how long bytes are kept that nobody names
 * @param maxCopies background copies that this node makes at a time
 * @param copyReportMillis time between reports of a copy's progress
 * @param copyRetryPauseMillis before a copy that failed is tried again; doubles from try to try
 */
public record BlobServiceSettings(
        int maxInlineHints, long rulesMaxAgeMillis, int digestThreads, long garbageGraceMillis, int maxCopies, long copyReportMillis,
        long copyRetryPauseMillis) {

    /** That of who writes bytes and that of who sweeps them: each may differ from a storage node's, one this way, one that. */
    private static final int CLOCKS = 2;

    /** @param limits of the nodes that keep the bytes: what they take in for so long must not be garbage before it can be named */
    public static BlobServiceSettings of(SettingsReader settings, ClockLimits limits) {
        BlobServiceSettings read = new BlobServiceSettings(
                settings.intIn("max-inline-hints", 1, 10_000_000),
                settings.millisIn("rules-max-age", 1, 60_000),
                settings.intIn("digest-threads", 1, 64),
                settings.millisIn("garbage-grace", 1_000, 365L * 86_400_000),
                settings.intIn("max-copies", 1, 1_000),
                settings.millisIn("copy-report-interval", 10, 60_000),
                settings.millisIn("copy-retry-pause", 1, 60_000));
        if (read.maxUnnamedMillis() < limits.maxUploadMillis()) {
            throw settings.wrong("garbage-grace", "must be at least twice lazuli.chunk.replication.max-upload-time, which is "
                    + limits.maxUploadMillis() + " ms");
        }
        if (read.maxUnnamedMillis() < CLOCKS * limits.maxDifferenceMillis()) {
            throw settings.wrong("garbage-grace", "must be at least four times lazuli.chunk.replication.max-clock-difference, which is "
                    + limits.maxDifferenceMillis() + " ms");
        }
        return read;
    }

    /** Bytes that were taken in longer ago are not named any more: they may be collected before anybody sees who names them. */
    long maxUnnamedMillis() {
        return garbageGraceMillis / 2;
    }
}
