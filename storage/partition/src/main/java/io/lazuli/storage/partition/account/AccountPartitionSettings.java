package io.lazuli.storage.partition.account;

import io.lazuli.kernel.SettingsReader;

/**
 * How an account partition's actor works, {@code lazuli.partition.account.*}.
 *
 * @param maxPendingRequests requests accepted and not answered; beyond it the partition is busy
 * @param requestTimeoutMillis how long a request may take before it is answered with OperationTimedOut; who sent it waits no longer
 * @param partitionTimeoutMillis how long a queue's partition may take to begin or end before it is told again
 * @param idleTimeoutMillis time without a request after which the actor is passivated
 */
public record AccountPartitionSettings(
        int maxPendingRequests, long requestTimeoutMillis, long partitionTimeoutMillis, long idleTimeoutMillis,
        long minRestartBackoffMillis, long maxRestartBackoffMillis) {

    /** Unfinished creations and deletions of a former owner that are taken up at a time. */
    static final int RESUME_PAGE = 200;
    /** Operations under way with and without a request; beyond it the account is busy. */
    static final int MAX_UNFINISHED = 10_000;

    public static AccountPartitionSettings of(SettingsReader settings, long requestTimeoutMillis) {
        return new AccountPartitionSettings(
                settings.intIn("max-pending-requests", 16, 100_000),
                requestTimeoutMillis,
                settings.millisIn("partition-timeout", 100, 600_000),
                settings.millisIn("idle-timeout", 1_000, 86_400_000),
                settings.millisIn("min-restart-backoff", 10, 60_000),
                settings.millisIn("max-restart-backoff", 10, 600_000));
    }
}
