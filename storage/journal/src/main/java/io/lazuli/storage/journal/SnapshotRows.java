package io.lazuli.storage.journal;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Snapshots as rows (see {@link JournalKeys}). A small one is written in one batch. A large one is cut into parts that are
 * committed one after the other, behind an intent; the last batch writes the description, which alone makes the snapshot
 * exist, and removes the intent and what it replaces. What a crash leaves of an attempt is removed by the next recovery,
 * when no attempt can be under way. One snapshot is in memory at a time per call, at most {@code max-snapshot} bytes.
 */
final class SnapshotRows {

    private final JournalStore store;
    private final Writers writers;
    private final Executor executor;

    SnapshotRows(JournalStore store, Executor executor) {
        this.store = store;
        this.writers = store.writers();
        this.executor = executor;
    }

    /** Bounds, all inclusive, of sequence numbers and epoch milliseconds. */
    record Selection(long minSequenceNr, long maxSequenceNr, long minTimestampMillis, long maxTimestampMillis) {

        boolean includes(StoredSnapshot snapshot) {
            return snapshot.timestampMillis() >= minTimestampMillis && snapshot.timestampMillis() <= maxTimestampMillis;
        }

        boolean isEmpty() {
            return maxSequenceNr < 0 || minSequenceNr > maxSequenceNr;
        }

        byte[] start() {
            return JournalKeys.snapshot(Math.max(0, minSequenceNr));
        }

        byte[] end() {
            return maxSequenceNr == Long.MAX_VALUE ? JournalKeys.snapshotsEnd() : JournalKeys.snapshot(maxSequenceNr + 1);
        }
    }

    record Found(long sequenceNr, StoredSnapshot stored, byte[] data) {}

    private record Described(long sequenceNr, StoredSnapshot stored) {

        static Described of(Row row) {
            return new Described(JournalKeys.sequenceNrOf(row.key()), StoredSnapshot.decode(row.value()));
        }

        JournalKeys.Save save() {
            return new JournalKeys.Save(sequenceNr, stored.epoch(), stored.save());
        }
    }

    /** Claims the epoch, clears away unfinished attempts, and reads the newest snapshot of the selection. */
    CompletionStage<Optional<Found>> load(PartitionId partition, Selection selection) {
        return writers.recover(partition).thenCompose(highest -> writers.whenOpen(partition, (open, rows) -> {
            ReadPoint at = open.writer().at();
            return removeUnfinished(open, rows, partition, at).thenCompose(done -> selection.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : newest(rows, partition, at, selection, selection.end()));
        }));
    }

    /** Fails if the data are larger than {@code max-snapshot}. */
    CompletionStage<Void> save(
            PartitionId partition, long sequenceNr, long timestampMillis, StoredPayload snapshot, Optional<StoredPayload> metadata) {
        byte[] data = snapshot.bytes();
        if (data.length > store.settings().maxSnapshotBytes()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "a snapshot of " + data.length + " bytes; at most " + store.settings().maxSnapshotBytes()));
        }
        return writers.whenOpen(partition, (open, rows) -> {
            JournalKeys.Save save = open.writer().nextSave(sequenceNr);
            return open.inTurn(() -> write(open, save, timestampMillis, snapshot, metadata));
        });
    }

    CompletionStage<Void> delete(PartitionId partition, Selection selection) {
        if (selection.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return writers.whenOpen(partition, (open, rows) -> open.inTurn(() -> deletePage(open, rows, partition, selection, selection.start())));
    }

    private CompletionStage<Void> write(
            Writers.Open open, JournalKeys.Save save, long timestampMillis, StoredPayload snapshot, Optional<StoredPayload> metadata) {
        byte[] data = snapshot.bytes();
        long sequenceNr = save.sequenceNr();
        StoredSnapshot stored = new StoredSnapshot(
                timestampMillis, save.epoch(), save.number(), data.length, snapshot.serializerId(), snapshot.manifest(), metadata);
        List<RowOp> last = new ArrayList<>();
        last.add(new RowOp.Put(JournalKeys.snapshot(sequenceNr), stored.encode()));
        last.add(new RowOp.DeleteRange(JournalKeys.partsStart(sequenceNr), JournalKeys.part(save, 0)));
        last.add(new RowOp.DeleteRange(JournalKeys.partsEnd(save), JournalKeys.partsEnd(sequenceNr)));
        if (data.length <= JournalLimits.SNAPSHOT_PART_BYTES) {
            last.add(new RowOp.Put(JournalKeys.part(save, 0), data));
            return open.commit(last).thenApply(at -> null);
        }
        last.add(new RowOp.Delete(JournalKeys.intent(save)));
        return open.commit(List.of(new RowOp.Put(JournalKeys.intent(save), new byte[0])))
                .thenCompose(at -> saveParts(open, save, data, 0))
                .thenCompose(at -> open.commit(last))
                .thenApply(at -> null);
    }

    private CompletionStage<ReadPoint> saveParts(Writers.Open open, JournalKeys.Save save, byte[] data, int part) {
        int from = part * JournalLimits.SNAPSHOT_PART_BYTES;
        int to = Math.min(data.length, from + JournalLimits.SNAPSHOT_PART_BYTES);
        CompletionStage<ReadPoint> written = open.commit(List.of(new RowOp.Put(JournalKeys.part(save, part), Arrays.copyOfRange(data, from, to))));
        return to == data.length ? written : written.thenComposeAsync(at -> saveParts(open, save, data, part + 1), executor);
    }

    private CompletionStage<Void> deletePage(Writers.Open open, RowStore rows, PartitionId partition, Selection selection, byte[] start) {
        RowRange range = RowRange.ascending(start, selection.end(), JournalLimits.SNAPSHOT_PAGE_ROWS);
        return rows.scan(partition, range, ReadPoint.latest()).thenComposeAsync(page -> {
            List<RowOp> ops = new ArrayList<>();
            for (Row row : page.rows()) {
                Described snapshot = Described.of(row);
                if (selection.includes(snapshot.stored())) {
                    ops.add(new RowOp.Delete(row.key()));
                    ops.add(new RowOp.DeleteRange(JournalKeys.part(snapshot.save(), 0), JournalKeys.partsEnd(snapshot.save())));
                }
            }
            CompletionStage<ReadPoint> deleted = ops.isEmpty() ? CompletableFuture.completedFuture(null) : open.commit(ops);
            return page.more()
                    ? deleted.thenCompose(at -> deletePage(open, rows, partition, selection, behind(page)))
                    : deleted.thenApply(at -> null);
        }, executor);
    }

    private CompletionStage<Void> removeUnfinished(Writers.Open open, RowStore rows, PartitionId partition, ReadPoint at) {
        RowRange range = RowRange.ascending(JournalKeys.intentsStart(), JournalKeys.intentsEnd(), JournalLimits.SNAPSHOT_PAGE_ROWS);
        return rows.scan(partition, range, at).thenComposeAsync(page -> {
            if (page.rows().isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            List<RowOp> ops = new ArrayList<>();
            for (Row row : page.rows()) {
                JournalKeys.Save save = JournalKeys.saveOfIntent(row.key());
                ops.add(new RowOp.Delete(row.key()));
                ops.add(new RowOp.DeleteRange(JournalKeys.part(save, 0), JournalKeys.partsEnd(save)));
            }
            return open.commit(ops).thenCompose(
                    done -> page.more() ? removeUnfinished(open, rows, partition, done) : CompletableFuture.completedFuture(null));
        }, executor);
    }

    private CompletionStage<Optional<Found>> newest(RowStore rows, PartitionId partition, ReadPoint at, Selection selection, byte[] end) {
        RowRange range = new RowRange(selection.start(), end, JournalLimits.SNAPSHOT_PAGE_ROWS, StoreLimits.MAX_PAGE_BYTES, true);
        return rows.scan(partition, range, at).thenComposeAsync(page -> {
            for (Row row : page.rows()) {
                Described snapshot = Described.of(row);
                if (selection.includes(snapshot.stored())) {
                    return data(rows, partition, at, snapshot).thenApply(
                            data -> Optional.of(new Found(snapshot.sequenceNr(), snapshot.stored(), data)));
                }
            }
            return page.more()
                    ? newest(rows, partition, at, selection, page.rows().getLast().key())
                    : CompletableFuture.completedFuture(Optional.empty());
        }, executor);
    }

    private CompletionStage<byte[]> data(RowStore rows, PartitionId partition, ReadPoint at, Described snapshot) {
        byte[] data = new byte[snapshot.stored().lengthBytes()];
        return fill(rows, partition, at, snapshot.save(), data, 0);
    }

    private CompletionStage<byte[]> fill(RowStore rows, PartitionId partition, ReadPoint at, JournalKeys.Save save, byte[] data, int filled) {
        int part = (filled + JournalLimits.SNAPSHOT_PART_BYTES - 1) / JournalLimits.SNAPSHOT_PART_BYTES;
        RowRange range = RowRange.ascending(JournalKeys.part(save, part), JournalKeys.partsEnd(save), JournalLimits.SNAPSHOT_PAGE_ROWS);
        return rows.scan(partition, range, at).thenComposeAsync(page -> {
            int length = filled;
            for (Row row : page.rows()) {
                if (row.value().length > data.length - length) {
                    throw new IllegalStateException("snapshot " + save + " of " + partition + " is longer than described");
                }
                System.arraycopy(row.value(), 0, data, length, row.value().length);
                length += row.value().length;
            }
            if (page.more()) {
                return fill(rows, partition, at, save, data, length);
            }
            if (length != data.length) {
                throw new IllegalStateException("snapshot " + save + " of " + partition + " lacks " + (data.length - length) + " bytes");
            }
            return CompletableFuture.completedFuture(data);
        }, executor);
    }

    private static byte[] behind(RowPage page) {
        byte[] last = page.rows().getLast().key();
        return Arrays.copyOf(last, last.length + 1);
    }
}
