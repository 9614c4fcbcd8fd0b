package io.lazuli.storage.store;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The {@link RowStore} of one node: sends each call to the group's leader, in-process where this node leads, and tries again
 * where that is safe. Reads, claims and confirmations are repeated until their time is over; commits go through the
 * {@link WriterSession} of their claim, which may repeat them because copies are recognised by the state machine.
 *
 * <p>Bounded: {@code maxPendingBytes} of unacknowledged commits, {@value #MAX_SESSIONS} claims (an idle one beyond is
 * forgotten, and its writer told to claim anew). Nothing survives a crash, nor needs to: writers claim when they start.
 */
final class RoutedRowStore implements RowStore, AutoCloseable {

    private static final int MAX_SESSIONS = 100_000;
    private static final long SESSION_IDLE_MILLIS = 60_000;
    private static final long SWEEP_INTERVAL_MILLIS = 500;
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 200;
    /** What a batch costs beside its keys and values. */
    private static final long BATCH_OVERHEAD_BYTES = 256;

    /** Finds who can serve a group now. */
    interface Routes {

        /** The leader as far as known, here or elsewhere. */
        Optional<GroupAccess> leader(int group);

        /** This node's own replica. */
        Optional<Replica> local(int group);
    }

    private final Routes routes;
    private final long requestTimeoutMillis;
    private final long maxPendingBytes;
    private final AtomicLong pendingBytes = new AtomicLong();
    private final Map<PartitionId, WriterSession> sessions = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private final WriterSession.Surroundings surroundings = new Surroundings();
    private volatile boolean closed;

    RoutedRowStore(Routes routes, StoreSettings settings) {
        this.routes = routes;
        this.requestTimeoutMillis = settings.requestTimeoutMillis();
        this.maxPendingBytes = settings.maxPendingBytes();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lazuli-store-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::sweep, SWEEP_INTERVAL_MILLIS, SWEEP_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Claim> claim(PartitionId partition) {
        byte[] item = EntryFormat.claim(PartitionPrefix.of(partition));
        return tryUntilServed(partition.group(), leader -> leader.submit(item)).thenApply(result -> {
            WriterSession session = new WriterSession(partition, result.number(), requestTimeoutMillis, surroundings);
            sessions.merge(partition, session, (known, fresh) -> known.epoch() > fresh.epoch() ? known : fresh);
            return new Claim(result.number(), ReadPoint.at(result.index()));
        });
    }

    @Override
    public CompletionStage<ReadPoint> commit(RowBatch batch) {
        WriterSession session = sessions.get(batch.partition());
        if (session == null || session.epoch() < batch.epoch()) {
            return CompletableFuture.failedFuture(new StoreUnavailableException(
                    "epoch " + batch.epoch() + " of partition " + batch.partition() + " was not claimed here, or long ago", true));
        }
        if (session.epoch() > batch.epoch()) {
            return CompletableFuture.failedFuture(new FencedException(batch.partition(), batch.epoch(), session.epoch()));
        }
        long bytes = size(batch);
        if (closed || pendingBytes.addAndGet(bytes) > maxPendingBytes) {
            pendingBytes.addAndGet(-bytes);
            return CompletableFuture.failedFuture(new StoreUnavailableException("too much waits to be committed", true));
        }
        CompletionStage<ReadPoint> committed;
        try {
            committed = session.commit(batch.ops());
        } catch (IllegalArgumentException e) {
            committed = CompletableFuture.failedFuture(e);
        }
        return committed.whenComplete((at, failure) -> pendingBytes.addAndGet(-bytes));
    }

    @Override
    public CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch) {
        return tryUntilServed(partition.group(), leader -> leader.confirm(partition, epoch));
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at) {
        return tryUntilServed(() -> reader(partition, at), partition.group(), reader -> reader.get(partition, key, at));
    }

    @Override
    public CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at) {
        return tryUntilServed(() -> reader(partition, at), partition.group(), reader -> reader.read(partition, wanted, at));
    }

    @Override
    public CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at) {
        return tryUntilServed(() -> reader(partition, at), partition.group(), reader -> reader.scan(partition, range, at));
    }

    @Override
    public CompletionStage<List<PartitionId>> partitions(int group, PartitionKind kind, String afterName, int max) {
        if (kind.isRange() || max < 1 || max > StoreLimits.MAX_PAGE_PARTITIONS) {
            throw new IllegalArgumentException(max + " partitions of kind " + kind + " cannot be listed");
        }
        return tryUntilServed(group, leader -> leader.partitions(kind, afterName, max))
                .thenApply(names -> names.stream().map(name -> new PartitionId(group, kind, name)).toList());
    }

    /** Fails what is under way. */
    @Override
    public void close() {
        closed = true;
        timer.shutdown();
        sessions.values().forEach(WriterSession::close);
    }

    /** This node's own replica if it has what is asked for, else the leader. */
    private Optional<GroupAccess> reader(PartitionId partition, ReadPoint at) {
        Optional<GroupAccess> fresh = at.isLatest()
                ? Optional.empty()
                : routes.local(partition.group()).filter(replica -> replica.hasApplied(at.index())).map(replica -> replica);
        return fresh.or(() -> routes.leader(partition.group()));
    }

    private <T> CompletionStage<T> tryUntilServed(int group, Function<GroupAccess, CompletionStage<T>> call) {
        return tryUntilServed(() -> routes.leader(group), group, call);
    }

    private <T> CompletionStage<T> tryUntilServed(
            Supplier<Optional<GroupAccess>> access, int group, Function<GroupAccess, CompletionStage<T>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        tryOnce(access, group, call, result, System.nanoTime() + requestTimeoutMillis * 1_000_000, FIRST_BACKOFF_MILLIS);
        return result;
    }

    /** @param access whom to ask, found anew for each try */
    private <T> void tryOnce(Supplier<Optional<GroupAccess>> access, int group, Function<GroupAccess, CompletionStage<T>> call,
            CompletableFuture<T> result, long deadlineNanos, long backoffMillis) {
        once(access.get(), group, call).whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
                return;
            }
            Throwable cause = Failures.cause(failure);
            if (!mayPass(cause)) {
                result.completeExceptionally(cause);
            } else if (closed || System.nanoTime() + backoffMillis * 1_000_000 - deadlineNanos > 0) {
                result.completeExceptionally(new StoreUnavailableException("group " + group + " did not answer in time: " + cause.getMessage(), false));
            } else {
                long next = Math.min(2 * backoffMillis, MAX_BACKOFF_MILLIS);
                later(backoffMillis, () -> tryOnce(access, group, call, result, deadlineNanos, next), result);
            }
        });
    }

    private void later(long millis, Runnable task, CompletableFuture<?> failedOtherwise) {
        try {
            timer.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            failedOtherwise.completeExceptionally(new StoreUnavailableException("the store is closing", false));
        }
    }

    private static <T> CompletionStage<T> once(
            Optional<GroupAccess> access, int group, Function<GroupAccess, CompletionStage<T>> call) {
        if (access.isEmpty()) {
            return CompletableFuture.failedFuture(new StoreUnavailableException("no leader of group " + group + " is known", true));
        }
        try {
            return call.apply(access.get());
        } catch (StoreUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whether another try may succeed: everything but a decision and a bug. */
    private static boolean mayPass(Throwable cause) {
        return !(cause instanceof FencedException || cause instanceof IllegalArgumentException || cause instanceof Error);
    }

    private static long size(RowBatch batch) {
        long bytes = BATCH_OVERHEAD_BYTES;
        for (RowOp op : batch.ops()) {
            bytes += switch (op) {
                case RowOp.Put put -> put.key().length + put.value().length;
                case RowOp.Delete delete -> delete.key().length;
                case RowOp.DeleteRange range -> range.fromInclusive().length;
            };
        }
        return bytes;
    }

    private void sweep() {
        boolean tooMany = sessions.size() > MAX_SESSIONS;
        sessions.forEach((partition, session) -> {
            session.endIfOverdue();
            if (tooMany && session.idleFor(SESSION_IDLE_MILLIS)) {
                sessions.remove(partition, session);
            }
        });
    }

    private final class Surroundings implements WriterSession.Surroundings {

        @Override
        public CompletionStage<ItemResult> submit(int group, byte[] item) {
            return once(routes.leader(group), group, leader -> leader.submit(item));
        }

        @Override
        public void after(long millis, Runnable task) {
            later(millis, task, new CompletableFuture<>());
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}
