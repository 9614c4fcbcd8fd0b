package io.lazuli.storage.conformance.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Clients of one service that use it while nodes die, each on a thread of its own, and remember what they were told. */
abstract class Traffic {

    private static final long CREATION_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(240);
    private static final long CREATION_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int steadyOperations;
    private final long serviceTimeoutMillis;
    private final List<ServiceGap> gaps = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * @param steadyOperations so many of each kind must succeed before the service counts as steady
     * @param serviceTimeoutMillis within this time
     */
    Traffic(int steadyOperations, long serviceTimeoutMillis) {
        this.steadyOperations = steadyOperations;
        this.serviceTimeoutMillis = serviceTimeoutMillis;
    }

    /**
     * Makes what the clients work with. The cloud is new and still spreads its leaderships, and a client's patience with one try measures the
     * outages that come later: so this is tried until it is done, and must be content with what an earlier try has made.
     *
     * @param attempt given 0, 1, 2 …
     */
    static void create(IntConsumer attempt) {
        long beganNanos = System.nanoTime();
        for (int number = 0; ; number++) {
            try {
                attempt.accept(number);
                return;
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted() || System.nanoTime() - beganNanos > CREATION_PATIENCE_NANOS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(CREATION_PAUSE_NANOS);
        }
    }

    abstract void start();

    /** Looks, once all nodes are well again, whether what was acknowledged is there, and prints what was done. Empty if so. */
    abstract List<String> problems() throws Exception;

    /** Of one kind of operation. */
    final ServiceGap newGap() {
        ServiceGap gap = new ServiceGap();
        gaps.add(gap);
        return gap;
    }

    /** @param work ends soon when it is {@link #stopped} */
    final void startClient(String name, Runnable work) {
        threads.add(Thread.ofPlatform().name(name).start(work));
    }

    final boolean stopped() {
        return stopped;
    }

    final boolean anyClientRuns() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /** Returns when every kind of operation has succeeded some more times. @throws AssertionError if that takes too long */
    final void awaitService() throws InterruptedException {
        for (ServiceGap gap : gaps) {
            gap.awaitSuccesses(steadyOperations, serviceTimeoutMillis);
        }
    }

    final void forgetGaps() {
        gaps.forEach(ServiceGap::restart);
    }

    /** The longest time since {@link #forgetGaps} in which no operation of some kind succeeded. */
    final double longestGapSeconds() {
        return gaps.stream().mapToDouble(ServiceGap::longestSeconds).max().orElseThrow();
    }

    /** The clients end after what they are doing. */
    final void askToStop() {
        stopped = true;
    }

    final void awaitStop() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
