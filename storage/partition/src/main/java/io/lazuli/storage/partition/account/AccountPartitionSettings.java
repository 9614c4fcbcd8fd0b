package io.lazuli.storage.partition.account;

import io.lazuli.kernel.SettingsReader;

/**
 * How an account partition's actor works, {@code lazuli.partition.account.*}.
 *
 * @param maxPendingRequests requests accepted and not answered; beyond it the partition is busy
 * @param partitionTimeoutMillis how long a queue's partition may take to begin or end before it is told again
 * @param idleTimeoutMillis time without a request after which the actor is passivated
 */
public record AccountPartitionSettings(
        int maxPendingRequests, long partitionTimeoutMillis, long idleTimeoutMillis,
        long minRestartBackoffMillis, long maxRestartBackoffMillis) {

    /** Unfinished creations and deletions of a former owner that are taken up at a time. */
    static final int RESUME_PAGE = 200;

    public static AccountPartitionSettings of(SettingsReader settings) {
        return new AccountPartitionSettings(
                settings.intIn("max-pending-requests", 16, 100_000),
                settings.millisIn("partition-timeout", 100, 600_000),
                settings.millisIn("idle-timeout", 1_000, 86_400_000),
                settings.millisIn("min-restart-backoff", 10, 60_000),
                settings.millisIn("max-restart-backoff", 10, 600_000));
    }
}
