package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.SettingsReader;

/**
 * The bounds of one active queue partition's memory, {@code lazuli.partition.queue.*}.
 *
 * @param windowMessages never-received messages kept at the head, with their texts
 * @param windowBytes bytes of the same; at least what {@value #MAX_RECEIVE} messages of the largest size need twice
 * @param leaseWindow leases kept of those that become visible first
 * @param leaseCache messages received or deleted last, whose next delete or update reads no row
 * @param recentBytes message rows kept because a batch or a read is under way; beyond it the partition is busy
 * @param sweepPageRows rows that the search for expired messages reads at a time
 * @param sweepIntervalMillis the time between two passes of that search, at least
 */
public record QueueLimits(
        int windowMessages, long windowBytes, int leaseWindow, int leaseCache, long recentBytes, int sweepPageRows,
        long sweepIntervalMillis) {

    /** Messages that one request can ask for. */
    public static final int MAX_RECEIVE = 32;

    /** Leases changed by batches or during reads that are under way; beyond it the partition is busy. */
    static final int MAX_UNSETTLED_LEASES = 100_000;

    /** Texts read at a time for messages that have become visible again. */
    static final int TEXTS_PER_READ = 64;

    public static QueueLimits of(SettingsReader settings) {
        return new QueueLimits(
                settings.intIn("window-messages", 128, 10_000),
                settings.bytesIn("window-bytes", 5 << 20, 1L << 30),
                settings.intIn("lease-window", 256, 10_000),
                settings.intIn("lease-cache", 0, 1_000_000),
                settings.bytesIn("recent-bytes", 1 << 20, 1L << 30),
                settings.intIn("sweep-page-rows", 1, 2_000),
                settings.millisIn("sweep-interval", 1_000, 86_400_000));
    }
}
