package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.ManualClock;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a directory does about an intent that it finds; its ranges are the test. */
class DirectoryIntentTest extends ActorTest {

    private static final PartitionId DIRECTORY = DirectoryKind.TABLES.directoryOf("account");
    private static final PartitionId LOWER = PartitionId.parse("1.t.account-7/8");
    private static final PartitionId UPPER = PartitionId.parse("1.t.account-7/9");
    private static final PartitionId TARGET = PartitionId.parse("2.t.account-7/9");

    private MemoryRowStore store;
    private TestProbe<RangeRequest> ranges;
    private TestProbe<TableDirectoryReply> probe;

    @BeforeEach
    void newDirectory() {
        store = new MemoryRowStore();
        ranges = kit.createTestProbe();
        probe = kit.createTestProbe();
    }

    @Test
    void aDeletionDestroysWhatASplitMayBringIntoBeingAfterTheRangeThatSplits() {
        given(new RangeIntent.Split(LOWER, new byte[] {'m'}, UPPER));
        ActorRef<TableDirectoryCommand> directory = spawn("1 minute");
        assertInstanceOf(RangeRequest.Split.class, ranges.receiveMessage());
        directory.tell(new TableDirectoryRequest.DeleteTable(DIRECTORY.toString(), "table", probe.ref()));
        answerDestroy(LOWER);
        answerDestroy(UPPER);
        assertEquals(new TableDirectoryReply.Done(), probe.receiveMessage());
        assertEquals(0, store.rowCount(DIRECTORY));
    }

    @Test
    void aDeletionThatACrashInterruptedEndsTheMoveToo() {
        given(new RangeIntent.Move(new byte[0], LOWER, TARGET),
                put(new TableEntry(TableEntry.State.DELETING, "table", 7, List.of())),
                new RowOp.Put(DirectoryRows.workKey("table"), DirectoryRows.workValue()));
        spawn("1 minute");
        List<RangeRequest> told = new ArrayList<>();
        while (told.size() < 2) {
            RangeRequest request = ranges.receiveMessage();
            if (request instanceof RangeRequest.Destroy) {
                told.add(request);
                request.replyTo().tell(new RangeReply.Done());
            }
        }
        assertEquals(List.of(LOWER.toString(), TARGET.toString()), told.stream().map(RangeRequest::entityId).toList());
        await(() -> assertEquals(0, store.rowCount(DIRECTORY)));
    }

    @Test
    void aMoveIsAskedForAgainSoonBecauseItsSourceMayHaveCrashed() {
        given(new RangeIntent.Move(new byte[0], LOWER, TARGET));
        spawn("100 ms");
        assertInstanceOf(RangeRequest.Move.class, ranges.receiveMessage());
        RangeRequest again = ranges.receiveMessage();
        assertEquals(LOWER.toString(), assertInstanceOf(RangeRequest.Move.class, again).entityId());
        again.replyTo().tell(new RangeReply.Done());
        AtomicBoolean destroyed = new AtomicBoolean();
        await(() -> {
            // An answer that comes too late is none: whatever is told again is answered again.
            while (intent().isPresent()) {
                RangeRequest told = ranges.receiveMessage(Duration.ofSeconds(1));
                assertEquals(LOWER.toString(), told.entityId());
                destroyed.compareAndSet(false, told instanceof RangeRequest.Destroy);
                told.replyTo().tell(new RangeReply.Done());
            }
        });
        assertTrue(destroyed.get());
    }

    private void answerDestroy(PartitionId range) {
        RangeRequest request = ranges.receiveMessage();
        assertEquals(range.toString(), assertInstanceOf(RangeRequest.Destroy.class, request).entityId());
        ranges.expectNoMessage(Duration.ofMillis(50));
        request.replyTo().tell(new RangeReply.Done());
    }

    private Optional<byte[]> intent() {
        return store.get(DIRECTORY, TableDirectoryRows.intentKey(7), ReadPoint.latest()).toCompletableFuture().join();
    }

    /** A live table with one range, {@link #LOWER}, about which something is under way; then {@code more}. */
    private void given(RangeIntent intent, RowOp... more) {
        List<RowOp> ops = new ArrayList<>(List.of(
                put(new TableEntry(TableEntry.State.LIVE, "table", 7, List.of())),
                TableDirectoryRows.putRange(7, new RangeRow(new byte[0], LOWER)),
                new RowOp.Put(TableDirectoryRows.intentKey(7), TableDirectoryRows.intentValue(intent))));
        ops.addAll(List.of(more));
        Claim claim = store.claim(DIRECTORY).toCompletableFuture().join();
        store.commit(new RowBatch(DIRECTORY, claim.epoch(), ops)).toCompletableFuture().join();
    }

    private static RowOp put(TableEntry entry) {
        return new RowOp.Put(TableDirectoryRows.tableKey(entry.name()), TableDirectoryRows.tableValue(entry));
    }

    private ActorRef<TableDirectoryCommand> spawn(String rangeTimeout) {
        TableDirectorySettings settings = TableDirectorySettings.of(new SettingsReader(ConfigFactory.parseString(
                "lazuli.partition.table-directory { range-timeout = " + rangeTimeout + ", check-interval = 20ms }")
                .withFallback(ConfigFactory.defaultReference())).under("lazuli.partition.table-directory"), 30_000);
        return kit.spawn(TableDirectory.create(
                DIRECTORY, new TableDirectory.Needs(store, ranges.ref(), TreeSet::new, settings, new ManualClock(1_000_000)), Optional.empty()));
    }
}
