package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large snapshots, and what crashes and stale writers leave of them. */
class SnapshotRowsTest {

    private static final SnapshotRows.Selection ALL = new SnapshotRows.Selection(0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
    private static final int LARGE_BYTES = 3 * JournalLimits.SNAPSHOT_PART_BYTES + 17;

    private final MemoryRowStore rows = new MemoryRowStore();
    private final ActorSystem<Void> left = Nodes.start(rows, "lazuli.journal.max-snapshot = 2 MiB");
    private final ActorSystem<Void> right = Nodes.start(rows);
    private final SnapshotRows snapshots = new SnapshotRows(JournalStore.get(left), left.executionContext());
    private final SnapshotRows elsewhere = new SnapshotRows(JournalStore.get(right), right.executionContext());
    private final PartitionId partition = PersistencePartition.of("pid");

    @AfterEach
    void stop() throws Exception {
        Nodes.stop(left);
        Nodes.stop(right);
        rows.close();
    }

    @Test
    void snapshotOfManyRowsComesBackByteForByte() {
        for (int length : new int[] {0, 1, JournalLimits.SNAPSHOT_PART_BYTES, JournalLimits.SNAPSHOT_PART_BYTES + 1, LARGE_BYTES}) {
            byte[] data = bytes(length);
            await(save(snapshots, 5, data));
            assertArrayEquals(data, load(snapshots));
        }
        assertEquals(1 + 4, rowsOf('s') + rowsOf('d'), "only the last attempt's rows are left");
        assertEquals(0, rowsOf('i'));
    }

    @Test
    void snapshotBeyondTheLimitIsRefused() {
        assertInstanceOf(IllegalArgumentException.class, failure(save(snapshots, 5, bytes((2 << 20) + 1))));
        assertEquals(List.of(), rows.rowsOf(partition));
    }

    @Test
    void attemptThatWasCutOffDoesNotExistAndIsClearedAwayByTheNextRecovery() {
        byte[] before = bytes(10);
        await(save(snapshots, 5, before));
        rows.refuse(batch -> batch.ops().stream().anyMatch(op -> op instanceof RowOp.Put put && put.key()[0] == 's'),
                new StoreUnavailableException("gone", false));
        assertInstanceOf(StoreUnavailableException.class, failure(save(snapshots, 5, bytes(LARGE_BYTES))));
        rows.refuseNothing();
        assertEquals(1, rowsOf('i'));
        assertEquals(1 + 4, rowsOf('d'));
        assertArrayEquals(before, load(elsewhere));
        assertEquals(0, rowsOf('i'));
        assertEquals(1, rowsOf('d'));
    }

    @Test
    void replacedWriterCanNeitherSaveNorDelete() {
        await(save(snapshots, 5, bytes(10)));
        byte[] newer = bytes(20);
        load(elsewhere);
        await(save(elsewhere, 6, newer));
        assertInstanceOf(FencedException.class, failure(save(snapshots, 7, bytes(30))));
        assertInstanceOf(StaleWriterException.class, failure(snapshots.delete(partition, ALL)));
        assertArrayEquals(newer, load(elsewhere));
    }

    @Test
    void deletionTakesAllRowsAndManyPages() {
        for (int snr = 1; snr <= JournalLimits.SNAPSHOT_PAGE_ROWS + 20; snr++) {
            await(save(snapshots, snr, bytes(10)));
        }
        await(snapshots.delete(partition, new SnapshotRows.Selection(0, JournalLimits.SNAPSHOT_PAGE_ROWS + 10, 0, Long.MAX_VALUE)));
        assertEquals(10, rowsOf('s'));
        assertEquals(10, rowsOf('d'));
        await(snapshots.delete(partition, ALL));
        assertEquals(0, rows.rowsOf(partition).size());
    }

    @Test
    void manySavesAtOnceDoNotMixTheirParts() {
        List<CompletionStage<Void>> saves = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> save(snapshots, 5, bytes(LARGE_BYTES + i))).toList();
        saves.forEach(SnapshotRowsTest::await);
        assertArrayEquals(bytes(LARGE_BYTES + 4), load(snapshots));
        assertEquals(4, rowsOf('d'));
    }

    @Test
    void missingPartIsFoundOut() {
        await(save(snapshots, 5, bytes(LARGE_BYTES)));
        byte[] part = rows.rowsOf(partition).stream().filter(row -> row.key()[0] == 'd').toList().get(1).key();
        long epoch = rows.claim(partition).toCompletableFuture().join().epoch();
        await(rows.commit(new io.lazuli.storage.store.RowBatch(partition, epoch, List.of(new RowOp.Delete(part)))));
        assertTrue(failure(elsewhere.load(partition, ALL)).getMessage().contains("lacks"));
    }

    private CompletionStage<Void> save(SnapshotRows by, long sequenceNr, byte[] data) {
        return by.save(partition, sequenceNr, 1000, new StoredPayload(1, "", data), Optional.empty());
    }

    private byte[] load(SnapshotRows by) {
        return await(by.load(partition, ALL)).orElseThrow().data();
    }

    private long rowsOf(char kind) {
        return rows.rowsOf(partition).stream().filter(row -> row.key()[0] == kind).count();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static Throwable failure(CompletionStage<?> stage) {
        return Stages.causeOf(assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join()));
    }
}
