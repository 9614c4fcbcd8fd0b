package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.SettingsReader;

/**
 * How the background job looks after blobs, {@code lazuli.partition.blob-upkeep.*}.
 *
 * @param intervalMillis time between the end of a pass and the next one's beginning
 * @param rowsPerSecond that a pass reads at most, about
 * @param pageRows that it reads at a time
 * @param copyCheckMillis time between the end of a look at all pending copies and the next one's beginning, at least
 * @param staleCopyMillis a background copy of which nothing was heard for so long is taken up
 */
public record UpkeepSettings(long intervalMillis, int rowsPerSecond, int pageRows, long copyCheckMillis, long staleCopyMillis) {

    /** After a complete look at all copies a pause so many times as long, so that looks take at most a tenth of the time. */
    private static final int PAUSES_PER_LOOK = 9;
    /** However long a look has taken: its process may have stood still. */
    private static final long MAX_PAUSE_MILLIS = 600_000;

    public static UpkeepSettings of(SettingsReader settings) {
        return new UpkeepSettings(
                settings.millisIn("interval", 10, 30L * 86_400_000),
                settings.intIn("rows-per-second", 1, 100_000_000),
                settings.intIn("page-rows", 1, 10_000),
                settings.millisIn("copy-check-interval", 10, 86_400_000),
                settings.millisIn("stale-copy-after", 10, 86_400_000));
    }

    /** @param complete whether all could be read; else the look may have taken long because of that, and what it missed is looked at soon */
    long pauseMillisAfter(boolean complete, long lookMillis) {
        return complete ? Math.max(copyCheckMillis, Math.min(PAUSES_PER_LOOK * lookMillis, MAX_PAUSE_MILLIS)) : copyCheckMillis;
    }
}
