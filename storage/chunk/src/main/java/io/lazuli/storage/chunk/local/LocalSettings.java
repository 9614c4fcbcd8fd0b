package io.lazuli.storage.chunk.local;

import io.lazuli.kernel.SettingsReader;

/**
 * What can be configured of the chunks on a node's own disk ({@code lazuli.chunk.local} in {@code reference.conf}, where each key is
 * explained).
 */
public record LocalSettings(
        long extentBytes, int writeLanes, long maxPendingBytes, int maxPendingAppends, int readThreads, int maxPendingReads,
        long indexCacheBytes, long indexWriteBufferBytes, long reserveBytes, long careIntervalMillis,
        int compactGarbagePercent, long compactBytesPerSecond, long scrubBytesPerSecond, long scrubIntervalMillis) {

    /** @param reader of {@code lazuli.chunk.local} */
    public static LocalSettings of(SettingsReader reader) {
        return new LocalSettings(
                reader.bytesIn("extent-size", 8L << 20, 64L << 30),
                reader.intIn("write-lanes", 1, 16),
                reader.bytesIn("max-pending-bytes", 16L << 20, 16L << 30),
                reader.intIn("max-pending-appends", 16, 1_000_000),
                reader.intIn("read-threads", 1, 256),
                reader.intIn("max-pending-reads", 16, 1_000_000),
                reader.bytesIn("index-cache", 1L << 20, 16L << 30),
                reader.bytesIn("index-write-buffer", 1L << 20, 1L << 30),
                reader.bytesIn("reserve", 0, 1L << 50),
                reader.millisIn("care-interval", 100, 3_600_000),
                reader.intIn("compact-garbage-percent", 5, 95),
                reader.bytesIn("compact-per-second", 1L << 10, 1L << 40),
                reader.bytesIn("scrub-per-second", 1L << 10, 1L << 40),
                reader.millisIn("scrub-interval", 1_000, 365L * 24 * 3_600_000));
    }
}
