package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.SettingsReader;

/**
 * How nodes reach each other's chunks; keys under {@code lazuli.chunk.transport}, explained in {@code reference.conf}.
 *
 * @param writeTimeoutMillis for one replica to take one chunk
 * @param readTimeoutMillis for one replica to give a part of a chunk, where there are others
 * @param upkeepTimeoutMillis for questions between nodes' upkeep
 * @param sweepTimeoutMillis for a node to drop its garbage
 * @param maxInFlightBytes requests of one connection that a node works on at a time
 * @param maxServedBytes memory outside of the heap for what other nodes write to and read from this one
 */
public record TransportSettings(
        long connectTimeoutMillis, long writeTimeoutMillis, long readTimeoutMillis, long upkeepTimeoutMillis, long sweepTimeoutMillis,
        int maxConnections, long maxInFlightBytes, long maxServedBytes) {

    /** @param reader of {@code lazuli.chunk.transport} */
    public static TransportSettings of(SettingsReader reader) {
        return new TransportSettings(
                reader.millisIn("connect-timeout", 50, 30_000),
                reader.millisIn("write-timeout", 50, 120_000),
                reader.millisIn("read-timeout", 50, 120_000),
                reader.millisIn("upkeep-timeout", 50, 120_000),
                reader.millisIn("sweep-timeout", 1_000, 24L * 3_600_000),
                reader.intIn("max-connections", 4, 65_536),
                reader.bytesIn("max-in-flight-bytes", 2L << 20, 1L << 30),
                reader.bytesIn("max-served-bytes", 16L << 20, 16L << 30));
    }
}
