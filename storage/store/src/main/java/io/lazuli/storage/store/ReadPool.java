package io.lazuli.storage.store;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The threads of a node that read rows: a read may wait for the disk, which no actor and no Raft thread may. */
final class ReadPool implements AutoCloseable {

    private static final long CLOSE_WAIT_MILLIS = 5_000;

    private final ThreadPoolExecutor threads;

    /** @param maxPending reads that may wait; beyond, they fail at once */
    ReadPool(int threadCount, int maxPending) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(threadCount, threadCount, 0, TimeUnit.MILLISECONDS, new ArrayBlockingQueue<>(maxPending), task -> {
            Thread thread = new Thread(task, "lazuli-store-read-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    <T> CompletionStage<T> read(Supplier<T> reading) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                T value;
                try {
                    value = reading.get();
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                    return;
                }
                result.complete(value);
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new StoreUnavailableException("too many reads wait, or the store is closing", true));
        }
        return result;
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            threads.shutdownNow();
        }
    }
}
