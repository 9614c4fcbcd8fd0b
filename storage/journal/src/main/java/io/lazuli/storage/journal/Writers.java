package io.lazuli.storage.journal;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The writers of this node's persistence ids, shared by the journal and the snapshot store: claims epochs, commits under
 * them, and tells when they are lost. Bounded: the least recently used writer that does nothing is forgotten beyond
 * {@code maxWriters}, and operations that wait for a claim are at most {@link JournalLimits#MAX_WAITING_OPERATIONS} each.
 *
 * <p>A write without a recovery before it (the writer was forgotten, or never recovered) claims by itself: harmless,
 * since its events must still follow exactly on the last stored one.
 */
final class Writers {

    private final Supplier<CompletionStage<RowStore>> store;
    private final Executor executor;
    private final int maxWriters;
    private final Map<PartitionId, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    Writers(Supplier<CompletionStage<RowStore>> store, Executor executor, int maxWriters) {
        this.store = store;
        this.executor = executor;
        this.maxWriters = maxWriters;
    }

    /** What an operation on an open writer may do: decide with the {@link Writer}, and submit commits, which keep their order. */
    final class Open {

        private final PartitionId partition;
        private final Entry entry;
        private final RowStore rows;
        private final long epoch;

        private Open(PartitionId partition, Entry entry) {
            this.partition = partition;
            this.entry = entry;
            this.rows = entry.rows;
            this.epoch = entry.writer.epoch();
        }

        Writer writer() {
            return entry.writer;
        }

        /** Submits a batch under the epoch this operation began with. If it fails, the writer has failed. */
        CompletionStage<ReadPoint> commit(List<RowOp> ops) {
            return rows.commit(new RowBatch(partition, epoch, ops)).whenComplete((done, failure) -> {
                if (failure != null) {
                    synchronized (entry) {
                        entry.writer.failed(epoch);
                    }
                }
            });
        }

        /** For work of several commits: begins when all such work before it has ended. */
        <T> CompletionStage<T> inTurn(Supplier<CompletionStage<T>> work) {
            CompletionStage<T> mine = entry.turn.handle((done, failure) -> null).thenCompose(ignored -> work.get());
            entry.turn = mine;
            return mine;
        }
    }

    private static final class Entry {
        private final Writer writer = new Writer();
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private RowStore rows;
        private Throwable claimFailure;
        private CompletionStage<?> turn = CompletableFuture.completedFuture(null);
        private int claims;
        private int operations;

        private boolean idle() {
            return claims == 0 && operations == 0;
        }
    }

    /**
     * Makes this node the only writer and reads the highest sequence number: everything committed under earlier epochs is
     * seen, and nothing more can be committed under them.
     */
    CompletionStage<Long> recover(PartitionId partition) {
        Entry entry = entryOf(partition);
        synchronized (entry) {
            entry.claims++;
        }
        return store.get()
                .thenCompose(rows -> rows.claim(partition).thenCompose(claim -> claimed(rows, partition, entry, claim)))
                .whenComplete((highest, failure) -> claimEnded(entry, failure));
    }

    /**
     * Runs {@code operation} when the writer is open, in the order of the calls. It holds up the others of the same
     * persistence id while it runs: it decides and submits, and its stage does the rest.
     */
    <T> CompletionStage<T> whenOpen(PartitionId partition, BiFunction<Open, RowStore, CompletionStage<T>> operation) {
        Entry entry = entryOf(partition);
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean claim = false;
        synchronized (entry) {
            entry.operations++;
            if (entry.writer.phase() != Writer.Phase.UNCLAIMED) {
                run(partition, entry, operation, result);
            } else if (entry.waiting.size() >= JournalLimits.MAX_WAITING_OPERATIONS) {
                result.completeExceptionally(new StaleWriterException("too many operations wait for the claim of " + partition));
            } else {
                entry.waiting.add(() -> run(partition, entry, operation, result));
                claim = entry.claims == 0;
            }
        }
        if (claim) {
            recover(partition);
        }
        return result.whenComplete((done, failure) -> {
            synchronized (entry) {
                entry.operations--;
            }
        });
    }

    /** From where a replay may read; the newest if this node has not claimed. */
    ReadPoint readPoint(PartitionId partition) {
        Entry entry = entryOf(partition);
        synchronized (entry) {
            return entry.writer.at();
        }
    }

    private CompletionStage<Long> claimed(RowStore rows, PartitionId partition, Entry entry, Claim claim) {
        CompletionStage<Optional<byte[]>> header = rows.get(partition, JournalKeys.header(), claim.at());
        RowRange lastEvent = new RowRange(JournalKeys.event(0), JournalKeys.event(Long.MAX_VALUE), 1, StoreLimits.MAX_PAGE_BYTES, true);
        return rows.scan(partition, lastEvent, claim.at()).thenCombineAsync(header, (page, headerRow) -> {
            long inHeader = headerRow.map(value -> StoredHeader.decode(value).highestSequenceNr()).orElse(0L);
            long inEvents = page.rows().isEmpty() ? 0 : JournalKeys.sequenceNrOf(page.rows().getFirst().key());
            long highest = Math.max(inHeader, inEvents);
            synchronized (entry) {
                entry.writer.claimed(claim.epoch(), claim.at(), highest);
                entry.rows = rows;
            }
            return highest;
        }, executor);
    }

    private void claimEnded(Entry entry, Throwable failure) {
        synchronized (entry) {
            entry.claims--;
            entry.claimFailure = failure;
            if (entry.writer.phase() != Writer.Phase.UNCLAIMED || entry.claims == 0) {
                for (Runnable next = entry.waiting.poll(); next != null; next = entry.waiting.poll()) {
                    next.run();
                }
            }
        }
    }

    private <T> void run(
            PartitionId partition, Entry entry, BiFunction<Open, RowStore, CompletionStage<T>> operation, CompletableFuture<T> result) {
        try {
            if (entry.writer.phase() != Writer.Phase.OPEN) {
                throw new StaleWriterException("the writer of " + partition + " must recover first", entry.claimFailure);
            }
            operation.apply(new Open(partition, entry), entry.rows).whenComplete((value, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else {
                    result.complete(value);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private Entry entryOf(PartitionId partition) {
        synchronized (entries) {
            Entry entry = entries.get(partition);
            if (entry == null) {
                entry = new Entry();
                entries.put(partition, entry);
                forgetOne();
            }
            return entry;
        }
    }

    private void forgetOne() {
        if (entries.size() <= maxWriters) {
            return;
        }
        Iterator<Entry> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext()) {
            Entry oldest = oldestFirst.next();
            synchronized (oldest) {
                if (oldest.idle()) {
                    oldestFirst.remove();
                    return;
                }
            }
        }
    }
}
