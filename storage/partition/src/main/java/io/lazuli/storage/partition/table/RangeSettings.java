package io.lazuli.storage.partition.table;

import io.lazuli.kernel.SettingsReader;

/**
 * How a table range's actor works, {@code lazuli.partition.table.*}.
 *
 * @param maxPendingRequests requests accepted and not answered; beyond it the range is busy
 * @param maxPendingBytes of these requests and the rows that were read for them; beyond it the range is busy
 * @param maxTurnRequests requests that travel in one commit
 * @param maxTurnBytes bytes of one commit, beyond which a last request may reach
 * @param cacheBytes entities changed last that are kept in memory, so that their next change reads no row
 * @param reportIntervalMillis time between two reports of size and load
 * @param idleTimeoutMillis time without a request after which the actor is passivated
 * @param pageRows entities of one page while a range is searched for a split key or copied
 * @param maxDirtyKeys entities changed while the range is copied and not copied anew; beyond it the move is given up
 * @param holdTimeoutMillis how long requests are held back at the end of a move; then it is given up
 */
public record RangeSettings(
        int maxPendingRequests, long maxPendingBytes, int maxTurnRequests, int maxTurnBytes, long cacheBytes,
        long reportIntervalMillis, long idleTimeoutMillis, int pageRows, int maxDirtyKeys, long holdTimeoutMillis,
        long tickIntervalMillis, long minRestartBackoffMillis, long maxRestartBackoffMillis) {

    /** Commits and confirmations under way; more of them would only make each smaller. */
    static final int MAX_TURNS_IN_FLIGHT = 2;
    /** Calls for rows that requests wait for. */
    static final int MAX_READS_IN_FLIGHT = 2;

    private static final int MAX_TURN_BYTES = 1 << 20;

    public static RangeSettings of(SettingsReader settings) {
        return new RangeSettings(
                settings.intIn("max-pending-requests", 16, 1_000_000),
                settings.bytesIn("max-pending-bytes", 16L << 20, 4L << 30),
                settings.intIn("max-turn-requests", 1, 4_096),
                (int) settings.bytesIn("max-turn-bytes", 64 << 10, MAX_TURN_BYTES),
                settings.bytesIn("cache-bytes", 0, 1L << 30),
                settings.millisIn("report-interval", 100, 600_000),
                settings.millisIn("idle-timeout", 1_000, 86_400_000),
                settings.intIn("page-rows", 1, 10_000),
                settings.intIn("max-dirty-keys", 1, 1_000_000),
                settings.millisIn("hold-timeout", 10, 60_000),
                settings.millisIn("tick-interval", 10, 60_000),
                settings.millisIn("min-restart-backoff", 10, 60_000),
                settings.millisIn("max-restart-backoff", 10, 600_000));
    }
}
