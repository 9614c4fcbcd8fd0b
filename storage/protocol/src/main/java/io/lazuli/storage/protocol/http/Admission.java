package io.lazuli.storage.protocol.http;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what may be under way together, over all event loops of a front end. */
final class Admission {

    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    Admission(int max) {
        this.max = max;
    }

    /** Whether there is room; if so, it is taken until {@link #leave}. */
    boolean enter() {
        if (count.incrementAndGet() <= max) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    void leave() {
        count.decrementAndGet();
    }

    int inside() {
        return count.get();
    }
}
