package io.lazuli.storage.store.raft;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import java.nio.charset.StandardCharsets;

/**
 * How this node takes part in Raft groups; keys under {@code lazuli.store.raft}, explained in {@code reference.conf}.
 *
 * @param cloudName both ends of a connection must name the same cloud; 1 to 64 bytes of UTF-8
 * @param host this node's address as its peers reach it, and the address that the port is bound to
 * @param port 0 lets the system choose one, see {@link RaftHost#self}
 */
public record RaftSettings(
        String cloudName,
        String host,
        int port,
        int electionTimeoutMillis,
        int heartbeatsPerElectionTimeout,
        int connectTimeoutMillis,
        int callTimeoutMillis,
        int installSnapshotTimeoutMillis,
        int readBarrierTimeoutMillis,
        int maxFrameBytes,
        int maxConnections,
        int maxAppendBytes,
        int maxAppendsInFlight,
        long maxLogCacheBytes,
        long snapshotAfterLogBytes,
        long snapshotAfterMillis,
        long maxSnapshotBytesPerSecond,
        int ringBufferEntries,
        long logMemtableBytes,
        int logMemtables,
        long logLevelBaseBytes,
        long logWalBytes) {

    public static final int MAX_CLOUD_NAME_BYTES = 64;
    /** What a frame holds besides an entry: the fields of the request and of the other entries that travel with it. */
    private static final int FRAME_OVERHEAD_BYTES = 256 << 10;

    public RaftSettings {
        int nameBytes = cloudName.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes < 1 || nameBytes > MAX_CLOUD_NAME_BYTES) {
            throw new IllegalArgumentException("the cloud's name must have 1 to " + MAX_CLOUD_NAME_BYTES + " bytes: " + cloudName);
        }
        if (host.isBlank() || host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("not a host name or IPv4 address: " + host);
        }
    }

    /** Reads {@code lazuli.store.raft.*}, {@code lazuli.cloud.name}, {@code lazuli.node.host} and {@code lazuli.ports.raft}. */
    public static RaftSettings of(Config config) {
        SettingsReader node = new SettingsReader(config);
        return of(config, node.string("lazuli.cloud.name"), node.string("lazuli.node.host"), node.intIn("lazuli.ports.raft", 0, 65_535));
    }

    /** Reads {@code lazuli.store.raft.*} only. */
    public static RaftSettings of(Config config, String cloudName, String host, int port) {
        SettingsReader raft = new SettingsReader(config).under("lazuli.store.raft");
        return new RaftSettings(
                cloudName,
                host,
                port,
                (int) raft.millisIn("election-timeout", 100, 60_000),
                raft.intIn("heartbeats-per-election-timeout", 2, 20),
                (int) raft.millisIn("connect-timeout", 50, 30_000),
                (int) raft.millisIn("call-timeout", 100, 60_000),
                (int) raft.millisIn("install-snapshot-timeout", 1_000, 24 * 3_600_000L),
                (int) raft.millisIn("read-barrier-timeout", 100, 60_000),
                (int) raft.bytesIn("max-frame", 16 << 20, 64 << 20),
                raft.intIn("max-connections", 4, 65_536),
                (int) raft.bytesIn("max-append", 64 << 10, 8 << 20),
                raft.intIn("max-appends-in-flight", 2, 1_024),
                raft.bytesIn("max-log-cache", 16 << 20, 4L << 30),
                raft.bytesIn("snapshot-after-log", 64 << 10, 64L << 30),
                raft.millisIn("snapshot-after", 1_000, 7 * 24 * 3_600_000L),
                raft.bytesIn("max-snapshot-per-second", 1 << 20, 16L << 30),
                ringBufferEntries(raft),
                raft.bytesIn("log-storage.memtable", 1 << 20, 1L << 30),
                raft.intIn("log-storage.memtables", 2, 8),
                raft.bytesIn("log-storage.level-base", 8 << 20, 4L << 30),
                raft.bytesIn("log-storage.wal", 8 << 20, 4L << 30));
    }

    private static int ringBufferEntries(SettingsReader raft) {
        int entries = raft.intIn("ring-buffer-entries", 64, 65_536);
        if (Integer.bitCount(entries) != 1) {
            throw raft.wrong("ring-buffer-entries", "must be a power of two, not " + entries);
        }
        return entries;
    }

    /** The largest entry that {@link RaftGroup#submit} takes: one entry beside a full batch of others fits into a frame. */
    public int maxEntryBytes() {
        return maxFrameBytes - FRAME_OVERHEAD_BYTES - Math.min(maxAppendBytes, maxFrameBytes / 4);
    }
}
