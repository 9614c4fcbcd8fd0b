package io.lazuli.storage.chunk.local;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps work in the background to so many bytes per second, by pauses; a pause ends at once when the node closes. */
final class Pace {

    private final long bytesPerSecond;
    private final CountDownLatch closing;

    Pace(long bytesPerSecond, CountDownLatch closing) {
        this.bytesPerSecond = bytesPerSecond;
        this.closing = closing;
    }

    /** Pauses for as long as so much work may take. @return whether to go on */
    boolean worked(long bytes) {
        try {
            return !closing.await(bytes * TimeUnit.SECONDS.toMicros(1) / bytesPerSecond, TimeUnit.MICROSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
