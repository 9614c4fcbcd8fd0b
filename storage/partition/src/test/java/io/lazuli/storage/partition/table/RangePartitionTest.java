package io.lazuli.storage.partition.table;

import static io.lazuli.storage.partition.table.RangeFixture.EDGE;
import static io.lazuli.storage.partition.table.RangeFixture.FIRST;
import static io.lazuli.storage.partition.table.RangeFixture.busy;
import static io.lazuli.storage.partition.table.RangeFixture.delete;
import static io.lazuli.storage.partition.table.RangeFixture.failed;
import static io.lazuli.storage.partition.table.RangeFixture.insert;
import static io.lazuli.storage.partition.table.RangeFixture.upsert;
import static io.lazuli.storage.partition.table.RangeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.table.EntityWrite.Kind;
import io.lazuli.storage.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A range of a table: what it answers, when, and what becomes of it when something fails. */
class RangePartitionTest extends ActorTest {

    private RangeFixture ranges;

    @BeforeEach
    void newRanges() {
        ranges = new RangeFixture(kit);
    }

    @Test
    void answersMovedUntilItIsInitializedAndAfterItIsDestroyed() {
        ActorRef<RangeCommand> range = ranges.spawn(FIRST, "");
        assertEquals(new RangeReply.Moved(), ranges.write(range, insert("p", "r", "1")));
        assertEquals(new RangeReply.Done(), ranges.ask(range, initialize()));
        assertEquals(new RangeReply.Done(), ranges.ask(range, initialize()));
        ranges.ticks(ranges.write(range, insert("p", "r", "1")));
        assertEquals(new RangeReply.Done(), ranges.ask(range, destroy()));
        assertEquals(List.of(), ranges.entities(FIRST));
        assertEquals(new RangeReply.Moved(), ranges.write(range, insert("p", "r", "1")));
        assertEquals(new RangeReply.Done(), ranges.ask(range, destroy()));
        assertEquals(new RangeReply.Moved(), ranges.ask(range, initialize()));
        assertEquals(1, ranges.store.rowCount(FIRST), "what is left says that it is gone");
    }

    @Test
    void destructionOfARangeThatNeverBeganIsForEver() {
        ActorRef<RangeCommand> range = ranges.spawn(FIRST, "");
        assertEquals(new RangeReply.Done(), ranges.ask(range, destroy()));
        assertEquals(new RangeReply.Moved(), ranges.ask(range, initialize()));
    }

    @Test
    void eachKindOfWriteFollowsItsRule() {
        ActorRef<RangeCommand> range = ranges.live("");
        long first = ranges.ticks(ranges.write(range, insert("p", "r", "1")));
        assertEquals(failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS), ranges.write(range, insert("p", "r", "2")));
        long second = ranges.ticks(ranges.write(range, write(Kind.REPLACE, "p", "r", first, "value", "2")));
        assertTrue(second > first);
        assertEquals(failed(0, StorageErrorCode.UPDATE_CONDITION_NOT_SATISFIED),
                ranges.write(range, write(Kind.REPLACE, "p", "r", first, "value", "3")));
        ranges.ticks(ranges.write(range, write(Kind.MERGE, "p", "r", EntityWrite.ANY_VERSION, "other", "x")));
        assertEquals(List.of("p/r=2,other:x"), ranges.entities(FIRST));
        ranges.ticks(ranges.write(range, write(Kind.UPSERT_MERGE, "p", "r", EntityWrite.ANY_VERSION, "value", "4")));
        assertEquals(List.of("p/r=4,other:x"), ranges.entities(FIRST));
        ranges.ticks(ranges.write(range, upsert("p", "r", "5")));
        assertEquals(List.of("p/r=5"), ranges.entities(FIRST));
        assertEquals(0, ranges.ticks(ranges.write(range, delete("p", "r"))));
        assertEquals(List.of(), ranges.entities(FIRST));
        for (Kind kind : List.of(Kind.REPLACE, Kind.MERGE, Kind.DELETE)) {
            assertEquals(failed(0, StorageErrorCode.RESOURCE_NOT_FOUND),
                    ranges.write(range, write(kind, "p", "r", EntityWrite.ANY_VERSION, "value", "6")));
        }
        ranges.ticks(ranges.write(range, write(Kind.UPSERT_MERGE, "p", "r", EntityWrite.ANY_VERSION, "value", "7")));
        assertEquals(List.of("p/r=7"), ranges.entities(FIRST));
    }

    @Test
    void aTransactionIsAllOrNothingAndNamesTheCulprit() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.ticks(ranges.write(range, insert("p", "b", "1")));
        assertEquals(failed(2, StorageErrorCode.ENTITY_ALREADY_EXISTS),
                ranges.write(range, insert("p", "a", "1"), insert("p", "c", "1"), insert("p", "b", "2")));
        assertEquals(failed(2, StorageErrorCode.INVALID_INPUT),
                ranges.write(range, insert("p", "a", "1"), delete("p", "b"), insert("p", "b", "2")), "one entity twice");
        assertEquals(List.of("p/b=1"), ranges.entities(FIRST));
        assertEquals(failed(1, StorageErrorCode.INVALID_INPUT), ranges.write(range, insert("p", "a", "1"), insert("q", "a", "1")));
        RangeReply.Written written = (RangeReply.Written) ranges.write(range, insert("p", "a", "1"), delete("p", "b"), insert("p", "c", "1"));
        assertEquals(List.of("p/a=1", "p/c=1"), ranges.entities(FIRST));
        assertEquals(0, written.ticks().get(1));
        assertTrue(written.ticks().get(2) > written.ticks().get(0));
    }

    @Test
    void mergesKeepToTheLimitsOfAnEntity() {
        ActorRef<RangeCommand> range = ranges.live("");
        String[] many = IntStream.range(0, EntityLimits.MAX_PROPERTIES).boxed()
                .flatMap(i -> List.of("p" + i, "v").stream()).toArray(String[]::new);
        ranges.ticks(ranges.write(range, write(Kind.INSERT, "p", "r", EntityWrite.ANY_VERSION, many)));
        assertEquals(failed(0, StorageErrorCode.TOO_MANY_PROPERTIES),
                ranges.write(range, write(Kind.MERGE, "p", "r", EntityWrite.ANY_VERSION, "oneMore", "v")));
        ranges.ticks(ranges.write(range, write(Kind.MERGE, "p", "r", EntityWrite.ANY_VERSION, "p0", "w")));
        String large = "x".repeat(EntityLimits.MAX_STRING_CHARS);
        for (int i = 0; i < 15; i++) {
            ranges.ticks(ranges.write(range, write(Kind.MERGE, "p", "r", EntityWrite.ANY_VERSION, "p" + i, large)));
        }
        assertEquals(failed(0, StorageErrorCode.ENTITY_TOO_LARGE),
                ranges.write(range, write(Kind.MERGE, "p", "r", EntityWrite.ANY_VERSION, "p20", large)));
    }

    @Test
    void aTransactionOfFourMebibytesIsOneCommit() {
        ActorRef<RangeCommand> range = ranges.live("");
        int before = ranges.store.commits().size();
        EntityWrite[] writes = IntStream.range(0, 100).mapToObj(i -> insert("p", "r" + i, "\u7389".repeat(14_000))).toArray(EntityWrite[]::new);
        assertInstanceOf(RangeReply.Written.class, ranges.write(range, writes));
        assertEquals(before + 1, ranges.store.commits().size());
        assertEquals(100, ranges.entities(FIRST).size());
        EntityWrite[] merges = IntStream.range(0, 100).mapToObj(
                i -> write(Kind.MERGE, "p", "r" + i, EntityWrite.ANY_VERSION, "more", "y".repeat(30_000), "yet", "z".repeat(20_000)))
                .toArray(EntityWrite[]::new);
        assertEquals(StorageErrorCode.REQUEST_BODY_TOO_LARGE, ((RangeReply.Failed) ranges.write(range, merges)).error(),
                "what a merge leaves must fit into a batch");
        assertInstanceOf(RangeReply.Written.class, ranges.write(range, upsert("p", "r0", "small")));
    }

    @Test
    void timestampsGrowThoughTheClockStandsAndTheActorRestarts() {
        ActorRef<RangeCommand> range = ranges.live("");
        List<Long> ticks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ticks.add(ranges.ticks(ranges.write(range, upsert("p", "r", "" + i))));
        }
        ranges.stop(range);
        range = ranges.spawn(FIRST, "");
        ranges.write(range, delete("p", "r"));
        ticks.add(ranges.ticks(ranges.write(range, insert("p", "r", "again"))));
        for (int i = 1; i < ticks.size(); i++) {
            assertTrue(ticks.get(i) > ticks.get(i - 1), ticks.toString());
        }
        assertEquals(Ticks.ofEpochMillis(1_000_000), ticks.getFirst());
    }

    @Test
    void noReplyLeavesBeforeItsBatchIsDurableAndLaterOnesShareTheNext() {
        ActorRef<RangeCommand> range = ranges.live("");
        int before = ranges.store.commits().size();
        ranges.store.holdCommits();
        for (int i = 0; i < 64; i++) {
            range.tell(ranges.request(insert("p", "r" + i, "1")));
        }
        range.tell(ranges.request(insert("p", "r0", "again")));
        await(() -> assertEquals(2, ranges.store.heldCalls()));
        ranges.probe.expectNoMessage(Duration.ofMillis(100));
        ranges.store.releaseHeld();
        List<RangeReply> replies = ranges.probe.receiveSeveralMessages(65);
        assertEquals(64, replies.stream().filter(RangeReply.Written.class::isInstance).count());
        assertTrue(replies.contains(failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS)));
        int commits = ranges.store.commits().size() - before;
        // Of those that were let go what was being read for may be committed read by read; the rest goes together.
        int most = RangeSettings.MAX_TURNS_IN_FLIGHT + 2 * RangeSettings.MAX_READS_IN_FLIGHT + 1;
        assertTrue(commits <= most, "commits: " + commits + ", at most " + most);
    }

    @Test
    void whatSeveralRequestsMustSeeIsReadInOneCall() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.store.holdReads();
        for (int i = 0; i < 100; i++) {
            range.tell(ranges.request(insert("p", "r" + i, "1")));
        }
        await(() -> assertEquals(2, ranges.store.heldCalls()));
        int before = ranges.store.reads();
        ranges.store.releaseHeld();
        for (int i = 0; i < 100; i++) {
            ranges.ticks(ranges.probe.receiveMessage());
        }
        int reads = ranges.store.reads() - before;
        assertTrue(reads <= 6, "reads: " + reads);
    }

    @Test
    void anEntityChangedLatelyIsChangedAgainWithoutARead() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.ticks(ranges.write(range, insert("p", "r", "1")));
        int before = ranges.store.reads();
        ranges.ticks(ranges.write(range, write(Kind.MERGE, "p", "r", EntityWrite.ANY_VERSION, "more", "2")));
        assertEquals(before, ranges.store.reads());
    }

    @Test
    void aCutOffOwnerAnswersNothingThatItKnowsAndStops() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.ticks(ranges.write(range, insert("p", "r", "1")));
        ranges.store.claim(FIRST);
        assertEquals(busy(), ranges.write(range, insert("p", "r", "1")));
        ranges.probe.expectTerminated(range);
        ActorRef<RangeCommand> next = ranges.spawn(FIRST, "");
        ranges.ticks(ranges.write(next, insert("p", "s", "1")));
        assertEquals(List.of("p/r=1", "p/s=1"), ranges.entities(FIRST));
    }

    @Test
    void anActorThatFailedClaimsTheRangeAnewAndGoesOnFromTheRows() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.ticks(ranges.write(range, insert("p", "a", "1")));
        long epoch = ranges.store.epoch(FIRST);
        ranges.store.failNextCommit(new StoreUnavailableException("no leader", false));
        assertEquals(new RangeReply.Refused(StorageErrorCode.OPERATION_TIMED_OUT), ranges.write(range, insert("p", "b", "1")));
        assertEquals(failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS), ranges.write(range, insert("p", "a", "1")));
        ranges.ticks(ranges.write(range, insert("p", "b", "1")));
        assertEquals(epoch + 1, ranges.store.epoch(FIRST));
    }

    @Test
    void tooManyAndTooLargeRequestsAreRefusedAtOnce() {
        ActorRef<RangeCommand> range = ranges.live("max-pending-requests = 16");
        ranges.store.holdCommits();
        ranges.store.holdReads();
        for (int i = 0; i < 17; i++) {
            range.tell(ranges.request(insert("p", "r" + i, "1")));
        }
        assertEquals(busy(), ranges.probe.receiveMessage());
        ranges.store.releaseHeld();
        ranges.probe.receiveSeveralMessages(16).forEach(ranges::ticks);
        ranges.stop(range);

        ActorRef<RangeCommand> narrow = ranges.spawn(FIRST, "max-pending-bytes = 16 MiB");
        ranges.write(narrow, delete("p", "none"));
        ranges.store.holdCommits();
        ranges.store.holdReads();
        EntityWrite[] large = IntStream.range(0, 100).mapToObj(i -> upsert("p", "r" + i, "x".repeat(60_000))).toArray(EntityWrite[]::new);
        for (int i = 0; i < 3; i++) {
            narrow.tell(ranges.request(large));
        }
        assertEquals(busy(), ranges.probe.receiveMessage());
        ranges.store.releaseHeld();
        ranges.probe.receiveSeveralMessages(2).forEach(ranges::ticks);
    }

    @Test
    void stoppingAnswersWhatIsDecidedAndRefusesTheRest() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.store.holdCommits();
        range.tell(ranges.request(insert("p", "r", "1")));
        await(() -> assertEquals(1, ranges.store.heldCalls()));
        range.tell(RangeCommand.Stop.STOP);
        assertEquals(busy(), ranges.write(range, insert("p", "s", "1")));
        ranges.store.releaseHeld();
        ranges.ticks(ranges.probe.receiveMessage());
        ranges.probe.expectTerminated(range);
    }

    @Test
    void anIdleRangeStopsAndABusyOneReportsItsSizeAndLoad() {
        ActorRef<RangeCommand> range = ranges.live("report-interval = 5s");
        ranges.ticks(ranges.write(range, insert("p", "a", "1"), insert("p", "b", "1")));
        ranges.ticks(ranges.write(range, write(Kind.REPLACE, "p", "a", EntityWrite.ANY_VERSION, "value", "longer")));
        ranges.ask(range, new RangeRequest.Write(FIRST.toString(), List.of(delete("p", "b")), ranges.probe.ref()));
        ranges.clock.advanceMillis(5_000);
        await(() -> assertEquals(1, ranges.reports.size()));
        RangeSize size = ranges.size(FIRST);
        assertEquals(new RangeReport(FIRST.toString(), 1, size.bytes(), 0.8), ranges.reports.remove());
        assertEquals(new RangeReply.Described(1, size.bytes(), 0.8), ranges.ask(range, new RangeRequest.Describe(FIRST.toString(), ranges.probe.ref())));
        ranges.clock.advanceMillis(5_000);
        await(() -> assertEquals(new RangeReport(FIRST.toString(), 1, size.bytes(), 0), ranges.reports.peek()));
        ranges.clock.advanceMillis(120_000);
        ranges.probe.expectTerminated(range);
        assertEquals(1, ranges.reports.size(), "no news, no report");
        ranges.spawn(FIRST, "");
        await(() -> assertEquals(2, ranges.reports.size()));
    }

    @Test
    void whatIsRefusedBecauseTheActorStopsIsNotDoneLater() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.ticks(ranges.write(range, insert("p", "known", "1")));
        ranges.store.holdReads();
        TestProbe<RangeReply> refused = kit.createTestProbe();
        range.tell(new RangeRequest.Write(FIRST.toString(), List.of(insert("p", "refused", "1")), refused.ref()));
        ranges.store.holdCommits();
        range.tell(ranges.request(upsert("p", "known", "2")));
        await(() -> assertEquals(2, ranges.store.heldCalls()));
        range.tell(RangeCommand.Stop.STOP);
        assertEquals(busy(), refused.receiveMessage());
        ranges.store.releaseNext();
        ranges.store.releaseHeld();
        ranges.ticks(ranges.probe.receiveMessage());
        ranges.probe.expectTerminated(range);
        assertEquals(List.of("p/known=2"), ranges.entities(FIRST));
    }

    @Test
    void whatIsBeingCommittedIsNotCalledRefusedBecauseTheNextCommitIs() {
        ActorRef<RangeCommand> range = ranges.live("");
        ranges.ticks(ranges.write(range, insert("p", "known", "1")));
        ranges.store.holdCommits();
        range.tell(ranges.request(upsert("p", "known", "2")));
        await(() -> assertEquals(1, ranges.store.heldCalls()));
        ranges.store.failNextCommit(new StoreUnavailableException("too much waits", true));
        TestProbe<RangeReply> next = kit.createTestProbe();
        range.tell(new RangeRequest.Write(FIRST.toString(), List.of(upsert("p", "known", "3")), next.ref()));
        assertEquals(busy(), next.receiveMessage());
        assertEquals(new RangeReply.Refused(StorageErrorCode.OPERATION_TIMED_OUT), ranges.probe.receiveMessage());
        ranges.store.releaseHeld();
    }

    private RangeRequest initialize() {
        return new RangeRequest.Initialize(FIRST.toString(), EDGE, EDGE, ranges.probe.ref());
    }

    private RangeRequest destroy() {
        return new RangeRequest.Destroy(FIRST.toString(), ranges.probe.ref());
    }
}
