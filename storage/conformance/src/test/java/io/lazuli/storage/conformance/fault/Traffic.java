package io.lazuli.storage.conformance.fault;

import java.util.ArrayList;
import java.util.List;

/** Clients of one service that use it while nodes die, each on a thread of its own, and remember what they were told. */
abstract class Traffic {

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
