package io.lazuli.storage.conformance.fault;

/** The longest time in which no operation of one kind succeeded for any client. */
final class ServiceGap {

    private long lastNanos = System.nanoTime();
    private long longestNanos;
    private long successes;

    synchronized void success() {
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - lastNanos);
        lastNanos = now;
        successes++;
        notifyAll();
    }

    /** Returns when {@code count} more operations have succeeded. @throws AssertionError after {@code timeoutMillis} */
    synchronized void awaitSuccesses(long count, long timeoutMillis) throws InterruptedException {
        long goal = successes + count;
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (successes < goal) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                throw new AssertionError("only " + (count - (goal - successes)) + " of " + count + " operations succeeded in "
                        + timeoutMillis + " ms");
            }
            wait(leftMillis);
        }
    }

    synchronized double longestSeconds() {
        return longestNanos / 1e9;
    }

    synchronized void restart() {
        lastNanos = System.nanoTime();
        longestNanos = 0;
    }
}
