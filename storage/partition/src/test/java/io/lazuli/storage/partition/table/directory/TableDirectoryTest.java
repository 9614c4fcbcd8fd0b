package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeReport;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.TableEntry.State;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** A directory whose ranges are the test. */
class TableDirectoryTest extends DirectoryTest {

    private static final PartitionId ID = DirectoryKind.TABLES.directoryOf("account");
    private static final String ENTITY = ID.toString();
    private static final TableDirectorySettings SETTINGS = settings("max-pending-requests = 16");

    TableDirectoryTest() {
        super(ID, SETTINGS);
    }

    @Test
    void tableIsLiveOnlyAfterItsFirstRangeServes() {
        directory.tell(create("Orders"));
        RangeRequest.Initialize initialize = ranges.expectMessageClass(RangeRequest.Initialize.class);
        assertEquals(State.CREATING, entry("orders").state());
        assertEquals(List.of(), reader.list(ID, "", null, 10).toCompletableFuture().join().names());
        assertEquals(List.of(ID, ID), unfinished);
        initialize.replyTo().tell(DONE);
        probe.expectMessage(new TableDirectoryReply.Done());
        assertEquals(State.LIVE, entry("ORDERS").state());
        assertEquals("Orders", entry("orders").name());
        assertEquals(initialize.entityId(), onlyRange("orders").toString());
        assertEquals(refused(StorageErrorCode.TABLE_ALREADY_EXISTS), ask(create("oRDERS")));
    }

    @Test
    void simultaneousCreationsOfOneTableCreateItOnce() {
        directory.tell(create("orders"));
        directory.tell(create("Orders"));
        ranges.expectMessageClass(RangeRequest.Initialize.class).replyTo().tell(DONE);
        probe.expectMessage(new TableDirectoryReply.Done());
        probe.expectMessage(refused(StorageErrorCode.TABLE_ALREADY_EXISTS));
        ranges.expectNoMessage();
    }

    @Test
    void nameIsFreeOnlyAfterAllRangesAreDestroyed() {
        made("orders");
        PartitionId first = onlyRange("orders");
        directory.tell(new TableDirectoryRequest.DeleteTable(ENTITY, "orders", probe.ref()));
        RangeRequest destroy = ranges.expectMessageClass(RangeRequest.Destroy.class);
        assertEquals(State.DELETING, entry("orders").state());
        TestProbe<TableDirectoryReply> other = kit.createTestProbe();
        directory.tell(new TableDirectoryRequest.CreateTable(ENTITY, "orders", other.ref()));
        other.expectMessage(refused(StorageErrorCode.TABLE_BEING_DELETED));
        directory.tell(new TableDirectoryRequest.SetAccessPolicies(ENTITY, "orders", List.of(), other.ref()));
        other.expectMessage(refused(StorageErrorCode.TABLE_NOT_FOUND));
        destroy.replyTo().tell(DONE);
        probe.expectMessage(new TableDirectoryReply.Done());
        made("orders");
        assertNotEquals(first.name(), onlyRange("orders").name());
    }

    @Test
    void newOwnerFinishesCreationsAndDeletionsThatACrashInterrupted() {
        made("old");
        directory.tell(create("new"));
        ranges.expectMessageClass(RangeRequest.Initialize.class);
        directory.tell(new TableDirectoryRequest.DeleteTable(ENTITY, "old", probe.ref()));
        ranges.expectMessageClass(RangeRequest.Destroy.class);
        respawn();
        ranges.receiveMessage().replyTo().tell(DONE);
        ranges.receiveMessage().replyTo().tell(DONE);
        await(() -> {
            assertEquals(State.LIVE, entry("new").state());
            assertEquals(Optional.empty(), reader.find(ID, "old").toCompletableFuture().join());
        });
        respawn();
        ranges.expectNoMessage();
    }

    @Test
    void splitIsToldAgainByTheNextOwnerAndThenInTheMap() {
        made("orders");
        PartitionId lower = onlyRange("orders");
        report(lower, 1L << 40);
        ranges.expectMessageClass(RangeRequest.FindSplitKey.class).replyTo().tell(new RangeReply.SplitKey(new byte[] {'m'}));
        RangeRequest.Split split = ranges.expectMessageClass(RangeRequest.Split.class);
        respawn();
        RangeRequest.Split again = ranges.expectMessageClass(RangeRequest.Split.class);
        assertEquals(split.upper(), again.upper());
        again.replyTo().tell(DONE);
        await(() -> assertEquals(List.of(lower.toString(), split.upper()), map("orders").stream().map(row -> row.partition().toString()).toList()));
    }

    @Test
    void rangeWithNothingToSplitIsLeftAlone() {
        made("orders");
        report(onlyRange("orders"), 1L << 40);
        ranges.expectMessageClass(RangeRequest.FindSplitKey.class).replyTo().tell(new RangeReply.SplitKey(new byte[0]));
        ranges.expectNoMessage();
    }

    @Test
    void whatIsDoneToRangesDelaysNoOtherOperation() {
        RangeRequest.Move move = moving();
        directory.tell(new TableDirectoryRequest.SetAccessPolicies(
                ENTITY, "orders", List.of(new AccessPolicy("id", null, null, null)), probe.ref()));
        probe.expectMessage(new TableDirectoryReply.Done());
        move.replyTo().tell(DONE);
        RangeRequest.Destroy clear = ranges.expectMessageClass(RangeRequest.Destroy.class);
        assertEquals(move.entityId(), clear.entityId());
        assertEquals(1, map("orders").stream().filter(row -> row.partition().toString().equals(move.target())).count());
        assertEquals(1, entry("orders").policies().size());
    }

    @Test
    void moveThatTheSourceGaveUpIsCleanedUpAtTheTarget() {
        RangeRequest.Move move = moving();
        move.replyTo().tell(new RangeReply.Refused(StorageErrorCode.SERVER_BUSY));
        RangeRequest.Move again = ranges.expectMessageClass(RangeRequest.Move.class);
        assertEquals(move.target(), again.target());
        again.replyTo().tell(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY));
        assertEquals(move.target(), ranges.expectMessageClass(RangeRequest.Destroy.class).entityId());
    }

    @Test
    void deletionDestroysTheRangesOfTheMapAndThoseThatAnIntentNames() {
        RangeRequest.Move move = moving();
        Set<String> expected = new TreeSet<>(map("orders").stream().map(row -> row.partition().toString()).toList());
        expected.add(move.target());
        directory.tell(new TableDirectoryRequest.DeleteTable(ENTITY, "orders", probe.ref()));
        Set<String> destroyed = new TreeSet<>();
        for (int i = 0; i < expected.size(); i++) {
            RangeRequest.Destroy destroy = ranges.expectMessageClass(RangeRequest.Destroy.class);
            destroyed.add(destroy.entityId());
            destroy.replyTo().tell(DONE);
        }
        assertEquals(expected, destroyed);
        probe.expectMessage(new TableDirectoryReply.Done());
        move.replyTo().tell(DONE);
        ranges.expectNoMessage();
        assertEquals(1, store.rowCount(ID), "only the counter is left");
    }

    @Test
    void failedCommitIsAnsweredAndTheActorStartsAnew() {
        store.failNextCommit(new StoreUnavailableException("no leader", false));
        assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), ask(create("orders")));
        made("orders");
    }

    @Test
    void fencedActorAnswersNothingStaleAndStops() {
        ActorRef<TableDirectoryCommand> old = directory;
        made("orders");
        directory = spawn();
        made("others");
        old.tell(create("orders"));
        probe.expectMessage(refused(StorageErrorCode.OPERATION_TIMED_OUT));
        probe.expectTerminated(old);
    }

    @Test
    void requestsBeyondThePendingBoundAreRefused() {
        store.holdCommits();
        for (int i = 0; i < SETTINGS.maxPendingRequests(); i++) {
            directory.tell(new TableDirectoryRequest.CreateTable(ENTITY, "t" + i, kit.<TableDirectoryReply>createTestProbe().ref()));
        }
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(create("oneTooMany")));
        store.releaseHeld();
    }

    /** A table of two full ranges in one group, one of which is being moved to the other. */
    private RangeRequest.Move moving() {
        made("orders");
        PartitionId lower = onlyRange("orders");
        report(lower, 3 * SETTINGS.ranges().splitBytes() / 2);
        ranges.expectMessageClass(RangeRequest.FindSplitKey.class).replyTo().tell(new RangeReply.SplitKey(new byte[] {'m'}));
        ranges.expectMessageClass(RangeRequest.Split.class).replyTo().tell(DONE);
        return ranges.expectMessageClass(RangeRequest.Move.class);
    }

    private void report(PartitionId range, long bytes) {
        RangeReport report = new RangeReport(range.toString(), 10, bytes, 0);
        await(() -> {
            directory.tell(new TableDirectoryMessage.Report(ENTITY, report));
            TestProbe<TableDirectoryReply> described = kit.createTestProbe();
            directory.tell(new TableDirectoryRequest.DescribeRanges(ENTITY, RangeName.of(range).table(), new byte[0], described.ref()));
            assertEquals(bytes, ((TableDirectoryReply.Ranges) described.receiveMessage()).ranges().getFirst().bytes());
        });
    }

    private TableEntry entry(String table) {
        return reader.find(ID, table).toCompletableFuture().join().orElseThrow();
    }

    private List<RangeRow> map(String table) {
        return reader.ranges(ID, entry(table).number()).toCompletableFuture().join();
    }

    private PartitionId onlyRange(String table) {
        List<RangeRow> map = map(table);
        assertEquals(1, map.size());
        return map.getFirst().partition();
    }

    private void made(String table) {
        directory.tell(create(table));
        ranges.expectMessageClass(RangeRequest.Initialize.class).replyTo().tell(DONE);
        probe.expectMessage(new TableDirectoryReply.Done());
    }

    private TableDirectoryRequest create(String table) {
        return new TableDirectoryRequest.CreateTable(ENTITY, table, probe.ref());
    }
}
