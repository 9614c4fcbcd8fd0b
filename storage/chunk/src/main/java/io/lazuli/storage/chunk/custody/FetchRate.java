package io.lazuli.storage.chunk.custody;

import java.util.concurrent.TimeUnit;

/** How long to wait so that no more than so many bytes a second are fetched, averaged over a second. Any thread. */
final class FetchRate {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    /** Below zero: that much was fetched too early. */
    private double balanceBytes;
    private long atNanos;

    FetchRate(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.balanceBytes = bytesPerSecond;
        this.atNanos = nowNanos;
    }

    synchronized void fetched(long bytes) {
        balanceBytes -= bytes;
    }

    /** @return nanoseconds to wait before more is fetched, 0 if none */
    synchronized long waitNanos(long nowNanos) {
        balanceBytes = Math.min(bytesPerSecond, balanceBytes + (nowNanos - atNanos) / NANOS * bytesPerSecond);
        atNanos = nowNanos;
        return balanceBytes >= 0 ? 0 : (long) (-balanceBytes / bytesPerSecond * NANOS);
    }
}
