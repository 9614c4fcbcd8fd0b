package io.lazuli.kernel;

/**
 * The time as logic sees it: passed in, so that tests decide it. {@link #epochMillis} is the wall clock (what people and
 * protocols mean, may jump); {@link #nanos} only ever grows and is for measuring how long something takes, in this
 * process only.
 */
public interface Clock {

    /** Milliseconds since 1970-01-01T00:00Z. */
    long epochMillis();

    /** Nanoseconds since an arbitrary moment, monotonic. */
    long nanos();

    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** The machine's clocks. */
    enum SystemClock implements Clock {
        INSTANCE;

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}
