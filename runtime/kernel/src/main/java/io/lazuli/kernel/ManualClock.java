package io.lazuli.kernel;

import java.util.concurrent.atomic.AtomicLong;

/** A clock for tests: it stands still until told to move. Safe for use by several threads. */
public final class ManualClock implements Clock {

    private final AtomicLong epochMillis;
    private final AtomicLong nanos = new AtomicLong();

    public ManualClock(long epochMillis) {
        this.epochMillis = new AtomicLong(epochMillis);
    }

    @Override
    public long epochMillis() {
        return epochMillis.get();
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Lets both clocks go on by {@code millis}, at least 0. */
    public void advanceMillis(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("millis " + millis);
        }
        nanos.addAndGet(millis * 1_000_000);
        epochMillis.addAndGet(millis);
    }

    /** Sets the wall clock alone, also back, as an operator or NTP would. */
    public void jumpTo(long epochMillis) {
        this.epochMillis.set(epochMillis);
    }
}
