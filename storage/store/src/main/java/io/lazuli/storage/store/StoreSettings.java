package io.lazuli.storage.store;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;

/**
 * What can be configured of the store ({@code lazuli.store} in {@code reference.conf}, where each key is explained).
 *
 * @param maxGroups Raft groups of the cloud, 1 to 64; one per storage node up to this number
 * @param requestTimeoutMillis how long a call goes on trying before it fails as unavailable
 * @param attemptTimeoutMillis how long one try waits for a leader's answer
 * @param maxEntryBytes what one Raft entry gathers at most (a larger single batch travels alone)
 * @param maxPendingBytes commits of one group that wait in memory, per node; beyond, commits are refused at once
 * @param blockCacheBytes RocksDB's cache of read blocks, shared by all groups of the node
 * @param writeBufferBytes RocksDB's memtables, shared by all groups of the node
 */
public record StoreSettings(
        int maxGroups, long requestTimeoutMillis, long attemptTimeoutMillis, int maxEntryBytes, long maxPendingBytes,
        long blockCacheBytes, long writeBufferBytes, int backgroundThreads, int readThreads, int maxPendingReads,
        long announceIntervalMillis, long keepIntervalMillis, long repairAfterMillis) {

    private static final int MAX_GROUPS = 64;

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or wrong */
    public static StoreSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.store");
        return new StoreSettings(
                reader.intIn("max-groups", 1, MAX_GROUPS),
                reader.millisIn("request-timeout", 100, 120_000),
                reader.millisIn("attempt-timeout", 50, 60_000),
                (int) reader.bytesIn("max-entry-bytes", 4 << 10, 16 << 20),
                reader.bytesIn("max-pending-bytes", 16L << 20, 4L << 30),
                reader.bytesIn("block-cache", 1L << 20, 64L << 30),
                reader.bytesIn("write-buffers", 8L << 20, 16L << 30),
                reader.intIn("background-threads", 1, 64),
                reader.intIn("read-threads", 1, 64),
                reader.intIn("max-pending-reads", 16, 1_000_000),
                reader.millisIn("announce-interval", 50, 10_000),
                reader.millisIn("keep-interval", 50, 10_000),
                reader.millisIn("repair-after", 1_000, 7L * 24 * 3_600_000));
    }
}
