package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.SettingsReader;

/**
 * How a queue partition's actor works, {@code lazuli.partition.queue.*}.
 *
 * @param maxPendingRequests requests accepted and not answered; beyond it the partition is busy
 * @param maxTurnRequests requests that travel in one commit
 * @param maxTurnBytes bytes of one commit, beyond which a last request may reach
 * @param idleTimeoutMillis time without a request after which the actor is passivated
 * @param tickIntervalMillis time between two pages of the search for expired messages
 */
public record QueuePartitionSettings(
        QueueLimits limits, int maxPendingRequests, int maxTurnRequests, int maxTurnBytes, long idleTimeoutMillis,
        long tickIntervalMillis, long minRestartBackoffMillis, long maxRestartBackoffMillis) {

    /** Commits and confirmations under way; more of them would only make each smaller. */
    static final int MAX_TURNS_IN_FLIGHT = 2;

    private static final int MAX_TURN_BYTES = 1 << 20;

    public static QueuePartitionSettings of(SettingsReader settings) {
        return new QueuePartitionSettings(
                QueueLimits.of(settings),
                settings.intIn("max-pending-requests", 16, 1_000_000),
                settings.intIn("max-turn-requests", 1, 4_096),
                (int) settings.bytesIn("max-turn-bytes", 64 << 10, MAX_TURN_BYTES),
                settings.millisIn("idle-timeout", 1_000, 86_400_000),
                settings.millisIn("tick-interval", 10, 60_000),
                settings.millisIn("min-restart-backoff", 10, 60_000),
                settings.millisIn("max-restart-backoff", 10, 600_000));
    }
}
