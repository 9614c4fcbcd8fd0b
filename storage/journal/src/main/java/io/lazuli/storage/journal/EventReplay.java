package io.lazuli.storage.journal;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Hands one persistence id's events over page by page. While the receiver works off a page the next one is read, and it is
 * handed over when the receiver is done with the one before: two pages are in memory at most, however long the journal
 * and however slow the receiver.
 */
final class EventReplay {

    private final RowStore rows;
    private final PartitionId partition;
    private final ReadPoint at;
    private final JournalSettings settings;
    private final byte[] end;
    private final Consumer<Row> receiver;
    private final Supplier<CompletionStage<Void>> receiverDone;
    private final Executor executor;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private long remaining;

    /**
     * @param lastSequenceNr inclusive
     * @param maxEvents at least 1
     * @param receiverDone asks whether all that was handed over has been worked off; completes when it has
     */
    EventReplay(
            RowStore rows, PartitionId partition, ReadPoint at, long lastSequenceNr, long maxEvents, JournalSettings settings,
            Consumer<Row> receiver, Supplier<CompletionStage<Void>> receiverDone, Executor executor) {
        this.rows = rows;
        this.partition = partition;
        this.at = at;
        this.settings = settings;
        this.end = JournalKeys.event(lastSequenceNr == Long.MAX_VALUE ? lastSequenceNr : lastSequenceNr + 1);
        this.remaining = maxEvents;
        this.receiver = receiver;
        this.receiverDone = receiverDone;
        this.executor = executor;
    }

    CompletionStage<Void> from(long firstSequenceNr) {
        page(JournalKeys.event(firstSequenceNr), CompletableFuture.completedFuture(null));
        return result;
    }

    private void page(byte[] start, CompletionStage<Void> pageBeforeDone) {
        int maxRows = (int) Math.min(remaining, settings.replayPageRows());
        rows.scan(partition, new RowRange(start, end, maxRows, settings.replayPageBytes(), false), at)
                .thenCombine(pageBeforeDone, (page, done) -> page)
                .thenAcceptAsync(this::handOver, executor)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(Stages.causeOf(failure));
                    }
                });
    }

    private void handOver(RowPage page) {
        page.rows().forEach(receiver);
        remaining -= page.rows().size();
        if (page.more() && remaining > 0) {
            long last = JournalKeys.sequenceNrOf(page.rows().getLast().key());
            page(JournalKeys.event(last + 1), receiverDone.get());
        } else {
            result.complete(null);
        }
    }
}
