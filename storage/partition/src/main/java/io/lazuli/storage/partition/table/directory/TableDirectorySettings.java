package io.lazuli.storage.partition.table.directory;

import io.lazuli.kernel.SettingsReader;

/**
 * How a table directory's actor works, {@code lazuli.partition.table-directory.*}.
 *
 * @param maxPendingRequests requests accepted and not answered; beyond it the directory is busy
 * @param requestTimeoutMillis how long a request may take before it is answered with OperationTimedOut; who sent it waits no longer
 * @param rangeTimeoutMillis how long a range may take for what it is told before it is told again; a move goes on meanwhile
 * @param idleTimeoutMillis time without a request or a report after which the actor is passivated
 * @param checkIntervalMillis time between looks at the ranges
 * @param readsIntervalMillis time after which a front end tells what it has read
 */
public record TableDirectorySettings(
        int maxPendingRequests, long requestTimeoutMillis, long rangeTimeoutMillis, long idleTimeoutMillis,
        long checkIntervalMillis, long readsIntervalMillis, Ranges ranges, long minRestartBackoffMillis, long maxRestartBackoffMillis) {

    /**
     * When ranges split, merge and move.
     *
     * @param splitBytes a range that is larger splits; neighbours that together are smaller than a quarter of it may merge
     * @param splitOperationsPerSecond a range that does more, reads and writes together, for {@code loadWindowMillis} splits
     * @param mergeAfterMillis how long neighbours must be idle before they merge
     * @param moveAgainAfterMillis how long a range that was moved stays where it is
     */
    public record Ranges(
            long splitBytes, double splitOperationsPerSecond, long loadWindowMillis, long mergeAfterMillis, long moveAgainAfterMillis) {

        private static final int MERGE_PART = 4;

        long mergeBytes() {
            return splitBytes / MERGE_PART;
        }
    }

    /** Unfinished creations, deletions and intents of a former owner that are taken up at a time. */
    static final int RESUME_PAGE = 200;
    /** Operations under way with and without a request; beyond it the directory is busy. */
    static final int MAX_UNFINISHED = 10_000;
    /** Until a closed container whose ranges could not be read is searched again. */
    static final long SEARCH_AGAIN_AFTER_MILLIS = 500;
    /** Tables whose ranges are watched at a time; less than {@link #RESUME_PAGE} of them have an action under way. */
    static final int MAX_WATCHED_TABLES = 2_000;
    static final int MAX_ACTIONS = 64;
    /** Ranges of one table that are told to end at a time. */
    static final int MAX_DESTROYED_AT_ONCE = 16;
    /** Ranges of which nothing is known that are asked at a time. */
    static final int MAX_DESCRIBED_AT_ONCE = 8;

    public static TableDirectorySettings of(SettingsReader settings, long requestTimeoutMillis) {
        return new TableDirectorySettings(
                settings.intIn("max-pending-requests", 16, 100_000),
                requestTimeoutMillis,
                settings.millisIn("range-timeout", 100, 600_000),
                settings.millisIn("idle-timeout", 1_000, 86_400_000),
                settings.millisIn("check-interval", 10, 600_000),
                settings.millisIn("reads-interval", 10, 600_000),
                new Ranges(
                        settings.bytesIn("split-bytes", 64 << 10, 1L << 40),
                        settings.intIn("split-operations-per-second", 1, 10_000_000),
                        settings.millisIn("load-window", 100, 3_600_000),
                        settings.millisIn("merge-after", 100, 86_400_000),
                        settings.millisIn("move-again-after", 100, 86_400_000)),
                settings.millisIn("min-restart-backoff", 10, 60_000),
                settings.millisIn("max-restart-backoff", 10, 600_000));
    }
}
