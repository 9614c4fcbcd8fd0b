package io.lazuli.storage.chunk;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.chunk.local.LocalSettings;
import io.lazuli.storage.chunk.replication.ReplicationSettings;
import io.lazuli.storage.chunk.transport.TransportSettings;
import io.lazuli.storage.model.ChunkRun;

/**
 * What can be configured of the chunk store ({@code lazuli.chunk} in {@code reference.conf}, where each key is explained).
 *
 * @param maxBufferedBytes of direct memory for transfers, at least that of 4 chunks
 */
public record ChunkSettings(
        long maxBufferedBytes, int maxWaitingForBuffers, long bufferTimeoutMillis, LocalSettings local,
        TransportSettings transport, ReplicationSettings replication) {

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or wrong */
    public static ChunkSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config).under("lazuli.chunk");
        return new ChunkSettings(
                reader.bytesIn("max-buffered-bytes", 4L * ChunkRun.CHUNK_BYTES, 1L << 40),
                reader.intIn("max-waiting-for-buffers", 1, 1_000_000),
                reader.millisIn("buffer-timeout", 10, 600_000),
                LocalSettings.of(reader.under("local")),
                TransportSettings.of(reader.under("transport")),
                ReplicationSettings.of(reader.under("replication")));
    }
}
