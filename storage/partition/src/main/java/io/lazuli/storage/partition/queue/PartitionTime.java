package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.Clock;

/**
 * The time that a partition's decisions are based on: the machine's clock, except that it never runs back, neither when
 * the clock is set back nor when the partition moves to a node whose clock is behind. Until the clock has caught up, it
 * goes on at half speed from where it was: messages still become visible and expire, and the gap closes.
 */
final class PartitionTime {

    private final Clock clock;
    private long clockMillis;
    private long latestMillis;
    private long baseMillis;
    private long baseClockMillis;

    /** @param highWaterMillis the latest time that a former owner decided by */
    PartitionTime(Clock clock, long highWaterMillis) {
        this.clock = clock;
        this.clockMillis = clock.epochMillis();
        this.baseMillis = highWaterMillis;
        this.baseClockMillis = clockMillis;
        this.latestMillis = highWaterMillis;
    }

    long nowMillis() {
        long read = clock.epochMillis();
        if (read < clockMillis) {
            baseMillis = latestMillis;
            baseClockMillis = read;
        }
        clockMillis = read;
        latestMillis = Math.max(latestMillis, Math.max(read, baseMillis + (read - baseClockMillis) / 2));
        return latestMillis;
    }
}
