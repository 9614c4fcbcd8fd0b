package io.lazuli.storage.protocol.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast what a request streams must move: so long for each MiB that was begun, on average, however little comes at a time. Bytes are told by any
 * thread, all else is the event loop's.
 */
final class StreamPace {

    /** Fewer bytes from one time that is asked to the next are no progress. */
    static final int MIN_PROGRESS_BYTES = 4 * 1024;

    private static final long MIB = 1 << 20;

    private final AtomicLong movedBytes = new AtomicLong();
    private long progressBytes;
    private long begunNanos;
    private long nanosPerMib;

    /** From here it is measured. */
    void begin(long nowNanos, long millisPerMib) {
        movedBytes.set(0);
        progressBytes = 0;
        begunNanos = nowNanos;
        nanosPerMib = TimeUnit.MILLISECONDS.toNanos(millisPerMib);
    }

    void moved(long bytes) {
        movedBytes.addAndGet(bytes);
    }

    /** Until when the next MiB must have come whole. */
    long lastNanos() {
        return lastNanos(movedBytes.get());
    }

    private long lastNanos(long moved) {
        return begunNanos + (moved / MIB + 1) * nanosPerMib;
    }

    /** Whether it has got on since this was last asked, and is not too slow as a whole. */
    boolean getsOn(long nowNanos) {
        long moved = movedBytes.get();
        if (moved - progressBytes < MIN_PROGRESS_BYTES || nowNanos - lastNanos(moved) >= 0) {
            return false;
        }
        progressBytes = moved;
        return true;
    }
}
