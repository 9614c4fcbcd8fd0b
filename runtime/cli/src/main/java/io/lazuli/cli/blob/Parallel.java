package io.lazuli.cli.blob;

import io.lazuli.cli.CliException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Work that is done several pieces at a time; whoever adds more waits for the eldest. For one thread. Its work must add none itself. */
final class Parallel implements AutoCloseable {

    private final ExecutorService workers;
    private final int max;
    private final Deque<Future<?>> underWay = new ArrayDeque<>();

    Parallel(ExecutorService workers, int max) {
        this.workers = workers;
        this.max = max;
    }

    /** Throws what earlier work failed with. */
    void add(Callable<?> work) throws IOException {
        if (underWay.size() == max) {
            await(underWay.remove());
        }
        underWay.add(workers.submit(work));
    }

    /** Until all is done. */
    void await() throws IOException {
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
    }

    /** Calls off what is not done. */
    @Override
    public void close() {
        underWay.forEach(work -> work.cancel(true));
    }

    static <T> T await(Future<T> work) throws IOException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted");
        }
    }
}
