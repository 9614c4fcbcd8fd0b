package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.chunk.custody.ClockLimits;

/**
 * How chunks are written to and kept on several nodes; keys under {@code lazuli.chunk.replication}, explained in {@code reference.conf}.
 *
 * @param appendTimeoutMillis for a majority to have a chunk on disk
 * @param maxLaggingBytes chunks that a majority has and that wait for the rest; beyond, uploads wait for the slowest replica
 * @param lagPatienceMillis how long they do
 * @param compareIntervalMillis between two comparisons of what replicas hold
 * @param settleMillis chunks of runs younger than this are still being written and not fetched
 * @param clockLimits how far the clocks of other nodes may be from a storage node's
 */
public record ReplicationSettings(
        long appendTimeoutMillis, long maxLaggingBytes, long lagPatienceMillis, long lookIntervalMillis, long compareIntervalMillis,
        long settleMillis, long fetchBytesPerSecond, int fetchesInFlight, ClockLimits clockLimits) {

    /** @param reader of {@code lazuli.chunk.replication} */
    public static ReplicationSettings of(SettingsReader reader) {
        return new ReplicationSettings(
                reader.millisIn("append-timeout", 100, 300_000),
                reader.bytesIn("max-lagging-bytes", 0, 16L << 30),
                reader.millisIn("lag-patience", 0, 60_000),
                reader.millisIn("look-interval", 20, 60_000),
                reader.millisIn("compare-interval", 20, 24L * 3_600_000),
                reader.millisIn("settle", 0, 600_000),
                reader.bytesIn("fetch-per-second", 1L << 20, 16L << 30),
                reader.intIn("fetches-in-flight", 1, 8),
                new ClockLimits(
                        reader.millisIn("max-clock-difference", 60_000, 6L * 3_600_000),
                        reader.millisIn("max-upload-time", 60_000, 365L * 86_400_000)));
    }
}
