package io.lazuli.storage.store;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One claim of one partition on the writer's node: numbers the batches, and repeats those whose fate is unknown until the
 * leader, whoever that is by then, has applied them once and in order, or until their time is over.
 *
 * <pre>
 *              answer APPLIED
 *   IN_FLIGHT ----------------> done
 *    ^     |  try failed, or OUT_OF_ORDER
 *    |     v
 *   WAITING   (all of them leave again together, in order, after a back-off)
 *
 *   FENCED, or a batch's time is over: the session ends, and everything in it fails.
 * </pre>
 *
 * <p>A copy of a batch that arrives twice is applied once, because the state machine knows the last sequence of each writer. Whoever commits
 * hears of its batches in their order, however their answers come.
 * Bounded by the pending bytes of the {@link RoutedRowStore} that owns it. Safe for use by any threads.
 */
final class WriterSession {

    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 200;

    /** What a session needs of the world. */
    interface Surroundings {

        CompletionStage<ItemResult> submit(int group, byte[] item);

        void after(long millis, Runnable task);

        long nanos();
    }

    private enum State { WAITING, IN_FLIGHT, DONE }

    private static final class Batch {
        final byte[] item;
        final long deadlineNanos;
        final CompletableFuture<ReadPoint> result = new CompletableFuture<>();
        State state = State.WAITING;
        boolean maybeApplied;

        Batch(byte[] item, long deadlineNanos) {
            this.item = item;
            this.deadlineNanos = deadlineNanos;
        }
    }

    /** @param failure null if the batch is applied, as of {@code at} or before */
    private record Answer(Batch batch, ReadPoint at, RuntimeException failure) {}

    private final PartitionId partition;
    private final PartitionPrefix prefix;
    private final long epoch;
    private final long timeoutNanos;
    private final Surroundings surroundings;
    private final ArrayDeque<Batch> unacknowledged = new ArrayDeque<>();
    /** On their way to whoever committed. */
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private long lastSequence;
    private boolean resendScheduled;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;
    private RuntimeException end;
    private volatile long lastUsedNanos;

    WriterSession(PartitionId partition, long epoch, long timeoutMillis, Surroundings surroundings) {
        this.partition = partition;
        this.prefix = PartitionPrefix.of(partition);
        this.epoch = epoch;
        this.timeoutNanos = timeoutMillis * 1_000_000;
        this.surroundings = surroundings;
        this.lastUsedNanos = surroundings.nanos();
    }

    long epoch() {
        return epoch;
    }

    CompletionStage<ReadPoint> commit(List<RowOp> ops) {
        synchronized (this) {
            if (end != null) {
                return CompletableFuture.failedFuture(endFor(false));
            }
            byte[] item = EntryFormat.batch(prefix, epoch, lastSequence + 1, ops);
            lastSequence++;
            lastUsedNanos = surroundings.nanos();
            Batch batch = new Batch(item, lastUsedNanos + timeoutNanos);
            unacknowledged.add(batch);
            if (!resendScheduled) {
                sendOne(batch);
            }
            return batch.result;
        }
    }

    /** Whether nothing is under way and nothing was for {@code millis}. */
    synchronized boolean idleFor(long millis) {
        return unacknowledged.isEmpty() && surroundings.nanos() - lastUsedNanos > millis * 1_000_000;
    }

    /** Ends the session if its oldest batch has had its time. */
    void endIfOverdue() {
        synchronized (this) {
            Batch oldest = unacknowledged.peek();
            if (oldest == null || surroundings.nanos() - oldest.deadlineNanos < 0) {
                return;
            }
        }
        end(new StoreUnavailableException("group " + partition.group() + " did not commit in time", true), null);
    }

    /** Fails everything under way and all that follows; a batch that was never answered may yet be applied. */
    void close() {
        end(new StoreUnavailableException("the store is closing", true), null);
    }

    /** @param refused the batch whose refusal proves that it and its successors change nothing, or null */
    private void end(RuntimeException reason, Batch refused) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = reason;
            boolean unsure = true;
            for (Batch batch : unacknowledged) {
                unsure &= batch != refused || batch.maybeApplied;
                batch.maybeApplied |= unsure && batch.state == State.IN_FLIGHT;
                batch.state = State.DONE;
                answers.add(new Answer(batch, null, endFor(batch.maybeApplied)));
            }
            unacknowledged.clear();
        }
        handOut();
    }

    private void sendOne(Batch batch) {
        batch.state = State.IN_FLIGHT;
        surroundings.submit(partition.group(), batch.item).whenComplete((result, failure) -> answered(batch, result, failure));
    }

    private void answered(Batch batch, ItemResult result, Throwable failure) {
        if (failure != null) {
            boolean notApplied = Failures.cause(failure) instanceof StoreUnavailableException unavailable
                    && unavailable.definitelyNotApplied();
            again(batch, !notApplied);
            return;
        }
        switch (result.kind()) {
            case APPLIED -> applied(batch, result.index());
            case OUT_OF_ORDER -> again(batch, false);
            case FENCED -> end(new FencedException(partition, epoch, result.number()), batch);
            case CLAIMED -> throw new IllegalStateException("a batch was answered as a claim");
        }
    }

    /** Proves that all batches before it are applied, too: their answers were lost or are still on their way. */
    private void applied(Batch batch, long index) {
        synchronized (this) {
            if (batch.state == State.DONE) {
                return;
            }
            backoffMillis = FIRST_BACKOFF_MILLIS;
            Batch oldest;
            do {
                oldest = unacknowledged.remove();
                oldest.state = State.DONE;
                answers.add(new Answer(oldest, ReadPoint.at(index), null));
            } while (oldest != batch);
        }
        handOut();
    }

    /** Hands the answers out in the order of the commits: one thread at a time, which takes along what the others have brought meanwhile. */
    private void handOut() {
        if (wakeUps.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Answer next = answers.poll(); next != null; next = answers.poll()) {
                if (next.failure() == null) {
                    next.batch().result.complete(next.at());
                } else {
                    next.batch().result.completeExceptionally(next.failure());
                }
            }
            seen = wakeUps.addAndGet(-seen);
        } while (seen != 0);
    }

    private synchronized void again(Batch batch, boolean maybeApplied) {
        batch.maybeApplied |= maybeApplied;
        if (batch.state != State.IN_FLIGHT) {
            return;
        }
        batch.state = State.WAITING;
        if (!resendScheduled) {
            resendScheduled = true;
            surroundings.after(backoffMillis, this::resend);
            backoffMillis = Math.min(2 * backoffMillis, MAX_BACKOFF_MILLIS);
        }
    }

    private void resend() {
        endIfOverdue();
        synchronized (this) {
            if (end != null) {
                return;
            }
            resendScheduled = false;
            for (Batch batch : List.copyOf(unacknowledged)) {
                if (resendScheduled) {
                    return;
                }
                if (batch.state == State.WAITING) {
                    sendOne(batch);
                }
            }
        }
    }

    private RuntimeException endFor(boolean maybeApplied) {
        if (end instanceof FencedException && !maybeApplied) {
            return end;
        }
        return new StoreUnavailableException(end.getMessage(), !maybeApplied);
    }
}
