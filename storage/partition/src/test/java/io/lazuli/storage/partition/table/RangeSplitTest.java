package io.lazuli.storage.partition.table;

import static io.lazuli.storage.partition.table.RangeFixture.EDGE;
import static io.lazuli.storage.partition.table.RangeFixture.FIRST;
import static io.lazuli.storage.partition.table.RangeFixture.SECOND;
import static io.lazuli.storage.partition.table.RangeFixture.busy;
import static io.lazuli.storage.partition.table.RangeFixture.bytes;
import static io.lazuli.storage.partition.table.RangeFixture.delete;
import static io.lazuli.storage.partition.table.RangeFixture.failed;
import static io.lazuli.storage.partition.table.RangeFixture.insert;
import static io.lazuli.storage.partition.table.RangeFixture.upsert;
import static io.lazuli.storage.partition.table.RangeFixture.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.table.EntityWrite.Kind;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A range of a table is cut in two and joined again. */
class RangeSplitTest extends ActorTest {

    private RangeFixture ranges;

    @BeforeEach
    void newRanges() {
        ranges = new RangeFixture(kit);
    }

    @Test
    void aSplitGivesTheUpperHalfToANewRangeInOneCommit() {
        ActorRef<RangeCommand> lower = ranges.live("");
        ActorRef<RangeCommand> upper = ranges.spawn(SECOND, "");
        assertEquals(new RangeReply.Moved(), ranges.write(upper, insert("b", "r", "1")), "it was asked before it was born");
        for (String key : List.of("a", "b", "c", "d")) {
            ranges.ticks(ranges.write(lower, insert(key, "r", "1")));
        }
        assertArrayEquals(bytes("c"), ((RangeReply.SplitKey) ranges.ask(lower, findSplitKey())).key());
        int before = ranges.store.commits().size();
        assertEquals(new RangeReply.Done(), ranges.ask(lower, split("c")));
        assertEquals(before + 1, ranges.store.commits().size());
        assertEquals(new RangeReply.Done(), ranges.ask(lower, split("c")));
        assertEquals(2, ranges.size(FIRST).entities());
        assertEquals(2, ranges.size(SECOND).entities());
        assertEquals(new RangeReply.Moved(), ranges.write(lower, insert("c", "s", "1")));
        assertEquals(new RangeReply.Moved(), ranges.write(upper, insert("b", "s", "1")));
        assertEquals(failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS), ranges.write(upper, insert("c", "r", "1")));
        ranges.ticks(ranges.write(lower, insert("b", "s", "1")));
        ranges.ticks(ranges.write(upper, delete("d", "r")));
        assertEquals(List.of("a/r=1", "b/r=1", "b/s=1", "c/r=1"), ranges.entities(FIRST));
        assertEquals(new RangeReply.Refused(StorageErrorCode.INVALID_INPUT),
                ranges.ask(lower, new RangeRequest.Split(FIRST.toString(), bytes("x"), "1.t.account-7/9", ranges.probe.ref())));
    }

    @Test
    void aRangeOfOnePartitionKeyHasNoSplitKeyAndAHeavyOneIsCutNearItsMiddle() {
        ActorRef<RangeCommand> range = ranges.live("page-rows = 2");
        assertEquals(0, ((RangeReply.SplitKey) ranges.ask(range, findSplitKey())).key().length);
        for (int i = 0; i < 5; i++) {
            ranges.ticks(ranges.write(range, insert("a", "r" + i, "1")));
        }
        assertEquals(0, ((RangeReply.SplitKey) ranges.ask(range, findSplitKey())).key().length);
        for (String key : List.of("b", "c", "d")) {
            ranges.ticks(ranges.write(range, insert(key, "r", "1")));
        }
        ranges.ticks(ranges.write(range, insert("e", "r", "x".repeat(10_000))));
        assertArrayEquals(bytes("e"), ((RangeReply.SplitKey) ranges.ask(range, findSplitKey())).key());
    }

    @Test
    void neighboursJoinAndALateSplitCutsThemNoMore() {
        ActorRef<RangeCommand> lower = ranges.live("");
        ranges.ticks(ranges.write(lower, insert("a", "r", "1"), insert("a", "s", "1")));
        ranges.ticks(ranges.write(lower, insert("c", "r", "1")));
        ranges.ask(lower, split("b"));
        ActorRef<RangeCommand> upper = ranges.spawn(SECOND, "");
        ranges.ticks(ranges.write(upper, write(Kind.REPLACE, "c", "r", EntityWrite.ANY_VERSION, "value", "2")));
        assertEquals(busy(), ranges.ask(lower, extend()), "not while the neighbour serves");
        assertEquals(new RangeReply.Done(), ranges.ask(upper, new RangeRequest.Retire(SECOND.toString(), ranges.probe.ref())));
        assertEquals(new RangeReply.Moved(), ranges.write(upper, insert("c", "s", "1")));
        assertEquals(new RangeReply.Done(), ranges.ask(upper, new RangeRequest.Retire(SECOND.toString(), ranges.probe.ref())));
        assertEquals(new RangeReply.Done(), ranges.ask(lower, extend()));
        assertEquals(new RangeReply.Done(), ranges.ask(lower, extend()));
        assertEquals(failed(0, StorageErrorCode.ENTITY_ALREADY_EXISTS), ranges.write(lower, insert("c", "r", "1")));
        ranges.ticks(ranges.write(lower, write(Kind.MERGE, "c", "r", EntityWrite.ANY_VERSION, "more", "3")));
        assertEquals(List.of("a/r=1", "a/s=1", "c/r=2,more:3"), ranges.entities(FIRST));
        assertEquals(3, ranges.size(FIRST).entities());
        assertEquals(new RangeReply.Done(), ranges.ask(lower, split("b")), "it comes late");
        assertEquals(new RangeReply.Done(), ranges.ask(upper, new RangeRequest.Destroy(SECOND.toString(), ranges.probe.ref())), "so does this");
        ranges.ticks(ranges.write(lower, upsert("c", "t", "1")));
        assertEquals(4, ranges.entities(FIRST).size());
    }

    private RangeRequest findSplitKey() {
        return new RangeRequest.FindSplitKey(FIRST.toString(), ranges.probe.ref());
    }

    private RangeRequest split(String at) {
        return new RangeRequest.Split(FIRST.toString(), bytes(at), SECOND.toString(), ranges.probe.ref());
    }

    private RangeRequest extend() {
        return new RangeRequest.Extend(FIRST.toString(), EDGE, SECOND.toString(), ranges.probe.ref());
    }
}
