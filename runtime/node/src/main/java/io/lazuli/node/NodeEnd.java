package io.lazuli.node;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish to end the process, from a signal handler's thread to the main thread. Once requested it holds for every node
 * that the process still starts, so that an end during a restart is not missed.
 */
final class NodeEnd {

    /** Longer than all phases of an orderly leave together; then the process ends as it is, which is as safe as a crash. */
    private static final long AWAIT_MILLIS = 100_000;

    private final CountDownLatch completed = new CountDownLatch(1);
    private boolean requested;
    private Node node;

    synchronized boolean requested() {
        return requested;
    }

    synchronized void watch(Node started) {
        node = started;
        if (requested) {
            node.leave();
        }
    }

    void completed() {
        completed.countDown();
    }

    /** Tells the running node to leave and waits until the main thread has finished; a shutdown hook's body. */
    void requestAndAwait() {
        synchronized (this) {
            requested = true;
            if (node != null) {
                node.leave();
            }
        }
        try {
            if (!completed.await(AWAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                System.err.println("lazuli node: ended without leaving the cloud in order");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
