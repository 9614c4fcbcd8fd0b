package io.lazuli.storage.chunk.transport;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for all time-outs of a node's chunks; what it runs is short. Forgets cancelled ones at once. */
public final class CallTimer implements AutoCloseable {

    private final ScheduledThreadPoolExecutor executor;

    public CallTimer() {
        executor = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("lazuli-chunk-timer").factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        executor.setRejectedExecutionHandler((late, pool) -> { });
    }

    public ScheduledFuture<?> after(long delayMillis, Runnable task) {
        return executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    public ScheduledFuture<?> every(long intervalMillis, Runnable task) {
        return executor.scheduleWithFixedDelay(task, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
