package io.lazuli.storage.journal;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.store.StoreLimits;

/** What can be configured of the journal ({@code lazuli.journal} in {@code reference.conf}, where each key is explained). */
record JournalSettings(
        long storeWaitMillis, int replayPageRows, int replayPageBytes, long replayPageWaitMillis, int maxWriters, int maxSnapshotBytes) {

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or wrong */
    static JournalSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.journal");
        return new JournalSettings(
                reader.millisIn("store-wait", 0, 600_000),
                reader.intIn("replay-page-rows", 1, StoreLimits.MAX_PAGE_ROWS),
                (int) reader.bytesIn("replay-page-bytes", 1024, StoreLimits.MAX_PAGE_BYTES),
                reader.millisIn("replay-page-wait", 100, 600_000),
                reader.intIn("max-writers", 1, 10_000_000),
                (int) reader.bytesIn("max-snapshot", 1024, 1 << 30));
    }
}
