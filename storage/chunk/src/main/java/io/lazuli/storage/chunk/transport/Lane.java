package io.lazuli.storage.chunk.transport;

/** Each pair of nodes has a connection for each of these, so that none waits behind another's bytes. */
public enum Lane {
    WRITES,
    READS,
    /** Comparing, fetching what is missing, sweeping, status. */
    UPKEEP
}
