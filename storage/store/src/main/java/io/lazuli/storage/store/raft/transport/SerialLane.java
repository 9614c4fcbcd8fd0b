package io.lazuli.storage.store.raft.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the tasks of one group in their order of arrival on a pool that all groups share, so that log entries are appended
 * in order without a thread for each pair of peers. Not bounded here: connections stop reading when too much waits.
 */
final class SerialLane implements Executor {

    /** Tasks run in one go before other lanes get their turn. */
    private static final int MAX_TASKS_PER_TURN = 16;

    private final Executor pool;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    SerialLane(Executor pool) {
        this.pool = pool;
    }

    /** {@code task} must not throw. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            pool.execute(this::turn);
        }
    }

    private void turn() {
        for (int done = 0; done < MAX_TASKS_PER_TURN; done++) {
            tasks.remove().run();
            if (waiting.decrementAndGet() == 0) {
                return;
            }
        }
        pool.execute(this::turn);
    }
}
