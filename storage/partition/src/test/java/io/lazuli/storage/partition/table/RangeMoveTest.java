package io.lazuli.storage.partition.table;

import static io.lazuli.storage.partition.table.RangeFixture.ELSEWHERE;
import static io.lazuli.storage.partition.table.RangeFixture.FIRST;
import static io.lazuli.storage.partition.table.RangeFixture.insert;
import static io.lazuli.storage.partition.table.RangeFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.table.RangeHeader.State;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A range goes to another group while it serves, and whatever fails on the way, one of the two serves in the end, with all rows. */
class RangeMoveTest extends ActorTest {

    private static final int ROWS = 40;
    private static final int WRITES = 300;
    private static final String SMALL_PAGES = "page-rows = 3";

    private RangeFixture ranges;
    private TestProbe<RangeReply> mover;

    @BeforeEach
    void newRanges() {
        ranges = new RangeFixture(kit);
        mover = kit.createTestProbe();
    }

    @Test
    void allRowsAndTheSizeGoAlongAndTheSourceServesNoMore() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES);
        List<String> before = ranges.entities(FIRST);
        RangeSize size = ranges.size(FIRST);
        assertEquals(new RangeReply.Done(), move(source));
        assertEquals(before, ranges.entities(ELSEWHERE));
        assertEquals(size, ranges.size(ELSEWHERE));
        assertEquals(State.MOVED, ranges.header(FIRST).orElseThrow().state());
        assertEquals(State.LIVE, ranges.header(ELSEWHERE).orElseThrow().state());
        assertEquals(new RangeReply.Moved(), ranges.write(source, insert("p", "new", "1")));
        assertEquals(new RangeReply.Done(), move(source), "it was done before");
        assertEquals(new RangeReply.Done(), ranges.ask(source, new RangeRequest.Destroy(FIRST.toString(), ranges.probe.ref())));
        assertEquals(List.of(), ranges.entities(FIRST));
        ActorRef<RangeCommand> target = ranges.spawn(ELSEWHERE, "");
        assertEquals(new RangeReply.Failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS), ranges.write(target, insert("p00", "r", "1")));
        ranges.ticks(ranges.write(target, insert("p", "new", "1")));
    }

    @Test
    void whatIsWrittenWhileItMovesIsThereInTheEnd() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES);
        TreeMap<String, String> expected = new TreeMap<>();
        ranges.entities(FIRST).forEach(entity -> expected.put(entity.split("=")[0], entity.split("=")[1]));
        List<TestProbe<RangeReply>> writers = Stream.generate(() -> kit.<RangeReply>createTestProbe()).limit(WRITES).toList();
        ranges.store.holdCommits(ELSEWHERE);
        source.tell(moveRequest());
        awaitHeld();
        ranges.store.releaseNext();
        awaitHeld();
        for (int i = 0; i < WRITES; i++) {
            if (i == WRITES / 2) {
                ranges.store.releaseHeld();
            }
            source.tell(new RangeRequest.Write(
                    FIRST.toString(), List.of(upsert(partitionKey(i), rowKey(i), "w" + i)), writers.get(i).ref()));
        }
        Map<String, Long> ticks = new HashMap<>();
        for (int i = 0; i < WRITES; i++) {
            String key = partitionKey(i) + "/" + rowKey(i);
            if (writers.get(i).receiveMessage() instanceof RangeReply.Written written && written.ticks().getFirst() > ticks.getOrDefault(key, 0L)) {
                ticks.put(key, written.ticks().getFirst());
                expected.put(key, "w" + i);
            }
        }
        assertEquals(new RangeReply.Done(), mover.receiveMessage());
        assertFalse(ticks.isEmpty());
        List<String> found = new ArrayList<>();
        expected.forEach((key, value) -> found.add(key + "=" + value));
        assertEquals(found, ranges.entities(ELSEWHERE));
        assertEquals(expected.size(), ranges.size(ELSEWHERE).entities());
    }

    @Test
    void aFailureAtAnyCommitLeavesOneThatServesAllRowsOnceTheMoveIsAskedForAgain() {
        int commits = commitsOfAMove();
        assertTrue(commits >= ROWS / 3 + 3, "commits: " + commits);
        for (int failing = 0; failing < commits; failing++) {
            for (boolean applied : List.of(false, true)) {
                newRanges();
                ActorRef<RangeCommand> source = filled(SMALL_PAGES);
                List<String> before = ranges.entities(FIRST);
                ranges.store.failCommitAfter(failing, applied);
                String when = "commit " + failing + (applied ? ", applied" : ", not applied");
                assertInstanceOf(RangeReply.Refused.class, move(source), when);
                boolean sourceServes = ranges.header(FIRST).orElseThrow().state() == State.LIVE;
                boolean targetServes = ranges.header(ELSEWHERE).map(header -> header.state() == State.LIVE).orElse(false);
                assertTrue(!sourceServes || !targetServes, when);
                if (sourceServes) {
                    ranges.write(source, insert("p", "meanwhile", "1"));
                    before = ranges.entities(FIRST);
                }
                RangeReply again = move(source);
                while (again instanceof RangeReply.Refused) {
                    again = move(source);
                }
                assertEquals(new RangeReply.Done(), again, when);
                assertEquals(before, ranges.entities(ELSEWHERE), when);
                assertEquals(State.MOVED, ranges.header(FIRST).orElseThrow().state(), when);
                assertEquals(State.LIVE, ranges.header(ELSEWHERE).orElseThrow().state(), when);
                assertEquals(before.size(), ranges.size(ELSEWHERE).entities(), when);
                kit.stop(source);
            }
        }
    }

    @Test
    void aFormerOwnerThatClaimsTheTargetLateDeletesNothingOfTheCopy() {
        int commits = commitsOfAMove();
        newRanges();
        ActorRef<RangeCommand> former = filled(SMALL_PAGES);
        List<String> before = ranges.entities(FIRST);
        ranges.store.holdClaims(ELSEWHERE);
        former.tell(moveRequest());
        awaitHeld();
        ranges.store.holdNoMore();
        ActorRef<RangeCommand> owner = ranges.spawn(FIRST, SMALL_PAGES);
        RangeRequest.Move move = new RangeRequest.Move(FIRST.toString(), ELSEWHERE.toString(), ranges.probe.ref());
        ranges.store.failCommitAfter(commits - 1, false);
        assertInstanceOf(RangeReply.Refused.class, ranges.ask(owner, move), "the target could not be told to serve");
        assertEquals(State.MOVED, ranges.header(FIRST).orElseThrow().state());
        ranges.store.failCommitAfter(1, false);
        ranges.store.releaseHeld();
        assertInstanceOf(RangeReply.Refused.class, mover.receiveMessage());
        assertEquals(new RangeReply.Done(), ranges.ask(owner, move));
        assertEquals(before, ranges.entities(ELSEWHERE));
        assertEquals(State.LIVE, ranges.header(ELSEWHERE).orElseThrow().state());
    }

    @Test
    void theSourceSaysMovedBeforeTheTargetServes() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES);
        move(source);
        List<String> headers = new ArrayList<>();
        for (RowBatch batch : ranges.store.commits()) {
            for (RowOp op : batch.ops()) {
                if (op instanceof RowOp.Put put && put.key()[0] == 'h') {
                    headers.add(batch.partition().group() + " " + RangeHeader.decode(put.value()).state());
                }
            }
        }
        assertEquals(List.of("1 LIVE", "2 IMPORTING", "1 MOVED", "2 LIVE"), headers);
    }

    @Test
    void aMoveWithTooManyChangesIsGivenUpAndTheTargetNeverServes() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES + ", max-dirty-keys = 5");
        ranges.store.holdCommits(ELSEWHERE);
        source.tell(moveRequest());
        awaitHeld();
        ranges.store.releaseNext();
        awaitHeld();
        for (int i = 0; i < 6; i++) {
            ranges.ticks(ranges.write(source, upsert("p00", "copied already " + i, "w")));
        }
        ranges.store.releaseHeld();
        assertEquals(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY), mover.receiveMessage());
        assertEquals(List.of(), ranges.entities(ELSEWHERE));
        assertEquals(State.LIVE, ranges.header(FIRST).orElseThrow().state());
        assertEquals(State.GONE, ranges.header(ELSEWHERE).orElseThrow().state());
        assertEquals(1, ranges.store.rowCount(ELSEWHERE));
        assertEquals(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY), move(source), "a later move needs another target");
        PartitionId another = PartitionId.parse("2.t.account-7/4");
        source.tell(new RangeRequest.Move(FIRST.toString(), another.toString(), mover.ref()));
        assertEquals(new RangeReply.Done(), mover.receiveMessage());
        assertEquals(ranges.entities(FIRST), ranges.entities(another));
    }

    @Test
    void requestsAreHeldNoLongerThanAllowedAndTheRangeServesOn() {
        ActorRef<RangeCommand> source = ranges.live("hold-timeout = 2s");
        ranges.ticks(ranges.write(source, insert("p", "r", "1")));
        ranges.store.holdCommits(ELSEWHERE);
        source.tell(moveRequest());
        awaitHeld();
        ranges.store.releaseNext();
        awaitHeld();
        ranges.ticks(ranges.write(source, upsert("p", "r", "while its page is copied")));
        ranges.store.releaseNext();
        awaitHeld();
        source.tell(ranges.request(upsert("p", "r", "held back")));
        ranges.probe.expectNoMessage(Duration.ofMillis(100));
        ranges.clock.advanceMillis(2_000);
        ranges.ticks(ranges.probe.receiveMessage());
        ranges.store.releaseHeld();
        assertEquals(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY), mover.receiveMessage());
        assertEquals(List.of("p/r=held back"), ranges.entities(FIRST));
        assertEquals(List.of(), ranges.entities(ELSEWHERE));
    }

    @Test
    void nothingElseHappensToTheBoundsMeanwhile() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES);
        ranges.store.holdReads();
        source.tell(moveRequest());
        source.tell(new RangeRequest.Retire(FIRST.toString(), ranges.probe.ref()));
        assertEquals(new RangeReply.Refused(StorageErrorCode.SERVER_BUSY), ranges.probe.receiveMessage());
        source.tell(new RangeRequest.Move(FIRST.toString(), "3.t.account-7/5", ranges.probe.ref()));
        assertEquals(new RangeReply.Refused(StorageErrorCode.SERVER_BUSY), ranges.probe.receiveMessage());
        source.tell(new RangeRequest.Move(FIRST.toString(), "1.t.account-7/5", ranges.probe.ref()));
        assertEquals(new RangeReply.Refused(StorageErrorCode.INVALID_INPUT), ranges.probe.receiveMessage(), "a move within the group");
        TestProbe<RangeReply> again = kit.createTestProbe();
        source.tell(new RangeRequest.Move(FIRST.toString(), ELSEWHERE.toString(), again.ref()));
        assertEquals(new RangeReply.Refused(StorageErrorCode.SERVER_BUSY), mover.receiveMessage(), "who asked before waits no longer");
        ranges.store.releaseHeld();
        assertEquals(new RangeReply.Done(), again.receiveMessage());
    }

    @Test
    void destructionEndsAMoveAndLeavesNothingAnywhere() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES);
        ranges.store.holdReads();
        source.tell(moveRequest());
        assertEquals(new RangeReply.Done(), ranges.ask(source, new RangeRequest.Destroy(FIRST.toString(), ranges.probe.ref())));
        ranges.store.releaseHeld();
        assertEquals(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY), mover.receiveMessage());
        assertEquals(List.of(), ranges.entities(FIRST));
        assertEquals(List.of(), ranges.entities(ELSEWHERE));
        assertEquals(State.GONE, ranges.header(ELSEWHERE).orElseThrow().state());
    }

    private void awaitHeld() {
        await(() -> assertEquals(1, ranges.store.heldCalls()));
    }

    private static String partitionKey(int i) {
        return "p%02d".formatted(i * 7 % ROWS);
    }

    private static String rowKey(int i) {
        return i % 3 == 0 ? "r" : "s" + i % 5;
    }

    private int commitsOfAMove() {
        ActorRef<RangeCommand> source = filled(SMALL_PAGES);
        int before = ranges.store.commits().size();
        assertEquals(new RangeReply.Done(), move(source));
        return ranges.store.commits().size() - before;
    }

    private ActorRef<RangeCommand> filled(String settings) {
        ActorRef<RangeCommand> source = ranges.live(settings);
        for (int i = 0; i < ROWS; i++) {
            source.tell(ranges.request(insert("p%02d".formatted(i), "r", "v" + i)));
        }
        ranges.probe.receiveSeveralMessages(ROWS).forEach(ranges::ticks);
        return source;
    }

    private RangeRequest moveRequest() {
        return new RangeRequest.Move(FIRST.toString(), ELSEWHERE.toString(), mover.ref());
    }

    private RangeReply move(ActorRef<RangeCommand> source) {
        source.tell(moveRequest());
        return mover.receiveMessage();
    }
}
