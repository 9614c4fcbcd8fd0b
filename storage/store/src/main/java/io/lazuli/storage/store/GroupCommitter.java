package io.lazuli.storage.store;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.store.raft.NotLeaderException;
import io.lazuli.storage.store.raft.RaftException;
import io.lazuli.storage.store.raft.RaftException;
import io.lazuli.storage.store.raft.RaftGroup.Applied;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Group commit: packs what all partitions of one group submit into few large Raft entries, because an entry costs far more
 * than the bytes in it. While {@value #MAX_ENTRIES_IN_FLIGHT} entries are in flight, items wait and then travel together.
 * Self-clocking: an idle group commits at once, a busy one in large entries, and nobody waits for a timer.
 *
 * <p>Items leave in the order in which they came. An entry that fails does not hold back the ones behind it: the state
 * machine refuses a batch whose predecessor is missing, so nothing can overtake ({@link RowStateMachine}).
 *
 * <p>Bounded by {@code maxPendingBytes}: what waits or is in flight. Safe for use by any threads; nothing survives a crash.
 */
final class GroupCommitter {

    static final int MAX_ENTRIES_IN_FLIGHT = 2;
    static final int MAX_ENTRY_ITEMS = 4096;

    private final Function<byte[], CompletionStage<Applied>> raft;
    private final int maxEntryBytes;
    private final long maxPendingBytes;
    /** Wake-ups of the one thread that sends; entries must leave in order, so only one sends at a time. */
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final Object lock = new Object();
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private long pendingBytes;
    private int entriesInFlight;

    /** @param raft submits one entry; see {@link io.lazuli.storage.store.raft.RaftGroup#submit} */
    GroupCommitter(Function<byte[], CompletionStage<Applied>> raft, int maxEntryBytes, long maxPendingBytes) {
        this.raft = raft;
        this.maxEntryBytes = maxEntryBytes;
        this.maxPendingBytes = maxPendingBytes;
    }

    /** Fails with {@link StoreUnavailableException}, which tells whether the item can still be applied. */
    CompletionStage<ItemResult> submit(byte[] bytes) {
        Item item = new Item(bytes, new CompletableFuture<>());
        synchronized (lock) {
            if (pendingBytes + bytes.length > maxPendingBytes) {
                return CompletableFuture.failedFuture(new StoreUnavailableException("too much waits to be committed", true));
            }
            pendingBytes += bytes.length;
            waiting.add(item);
        }
        send();
        return item.result();
    }

    private void send() {
        if (wakeUps.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (List<Item> run = nextRun(); !run.isEmpty(); run = nextRun()) {
                submitEntry(run);
            }
            seen = wakeUps.addAndGet(-seen);
        } while (seen != 0);
    }

    private List<Item> nextRun() {
        synchronized (lock) {
            if (entriesInFlight == MAX_ENTRIES_IN_FLIGHT || waiting.isEmpty()) {
                return List.of();
            }
            List<Item> run = new ArrayList<>(Math.min(waiting.size(), MAX_ENTRY_ITEMS));
            int bytes = 0;
            do {
                Item item = waiting.poll();
                bytes += item.bytes().length;
                run.add(item);
            } while (!waiting.isEmpty() && run.size() < MAX_ENTRY_ITEMS && bytes + waiting.peek().bytes().length <= maxEntryBytes);
            entriesInFlight++;
            return run;
        }
    }

    private void submitEntry(List<Item> run) {
        int bytes = 0;
        List<byte[]> items = new ArrayList<>(run.size());
        for (Item item : run) {
            bytes += item.bytes().length;
            items.add(item.bytes());
        }
        int entryBytes = bytes;
        CompletionStage<Applied> submitted;
        try {
            submitted = raft.apply(EntryFormat.entry(items, bytes));
        } catch (RuntimeException e) {
            submitted = CompletableFuture.failedFuture(e);
        }
        submitted.whenComplete((applied, failure) -> {
            synchronized (lock) {
                entriesInFlight--;
                pendingBytes -= entryBytes;
            }
            send();
            if (failure == null) {
                succeed(run, applied);
            } else {
                fail(run, failure);
            }
        });
    }

    private static void succeed(List<Item> run, Applied applied) {
        ByteBuffer results = ByteBuffer.wrap(applied.result());
        for (Item item : run) {
            item.result().complete(ItemResult.read(results, applied.index()));
        }
    }

    private static void fail(List<Item> run, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        boolean notAppended = cause instanceof NotLeaderException
                || cause instanceof RaftException refused && refused.definitelyNotAppended()
                || cause instanceof StoreUnavailableException unavailable && unavailable.definitelyNotApplied();
        StoreUnavailableException answer = new StoreUnavailableException(String.valueOf(cause.getMessage()), notAppended);
        run.forEach(item -> item.result().completeExceptionally(answer));
    }

    private record Item(byte[] bytes, CompletableFuture<ItemResult> result) {}
}
