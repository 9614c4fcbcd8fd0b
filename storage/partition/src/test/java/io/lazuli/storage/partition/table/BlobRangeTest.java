package io.lazuli.storage.partition.table;

import static io.lazuli.storage.partition.table.RangeFixture.EDGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.table.RangeHeader.State;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A range of a container does with its two spans of rows what a range of a table does with one. */
class BlobRangeTest extends ActorTest {

    private static final PartitionId FIRST = PartitionId.parse("1.b.account-7/1");
    private static final PartitionId SECOND = PartitionId.parse("1.b.account-7/2");
    private static final PartitionId ELSEWHERE = PartitionId.parse("2.b.account-7/3");
    private static final BlobDraft DRAFT = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, false);
    private static final int BLOBS = 20;

    private RangeFixture ranges;

    @BeforeEach
    void newRanges() {
        ranges = new RangeFixture(kit);
    }

    @Test
    void splitsAndMovesWithIndexAndData() {
        ActorRef<RangeCommand> lower = live();
        for (int i = 0; i < BLOBS; i++) {
            done(put(lower, name(i), "text " + i));
        }
        List<String> before = rows(FIRST);
        assertEquals(2 * BLOBS, before.size(), "an index and a data row of each");
        assertEquals(BLOBS, ranges.size(FIRST).entities());
        byte[] at = assertInstanceOf(RangeReply.SplitKey.class, ask(lower, new RangeRequest.FindSplitKey(FIRST.toString(), ranges.probe.ref()))).key();
        String firstOfUpper = new String(at, StandardCharsets.UTF_8);
        assertTrue(firstOfUpper.compareTo(name(BLOBS / 4)) > 0 && firstOfUpper.compareTo(name(3 * BLOBS / 4)) < 0, firstOfUpper);
        assertEquals(new RangeReply.Done(), ask(lower, new RangeRequest.Split(FIRST.toString(), at, SECOND.toString(), ranges.probe.ref())));
        assertEquals(before, rows(SECOND));
        assertEquals(new RangeReply.Moved(), put(lower, firstOfUpper, "other"));
        ActorRef<RangeCommand> upper = ranges.spawn(SECOND, "");
        done(put(upper, firstOfUpper, "text again"));

        RangeReply moved = ask(lower, new RangeRequest.Move(FIRST.toString(), ELSEWHERE.toString(), ranges.probe.ref()));
        assertEquals(new RangeReply.Done(), moved);
        List<String> lowerRows = before.stream().filter(row -> nameOf(row).compareTo(firstOfUpper) < 0).toList();
        assertEquals(lowerRows, rows(ELSEWHERE));
        assertEquals(new RangeReply.Done(), ask(lower, new RangeRequest.Destroy(FIRST.toString(), ranges.probe.ref())));
        assertEquals(before.size() - lowerRows.size(), rows(SECOND).size());
        assertTrue(rows(SECOND).stream().allMatch(row -> nameOf(row).compareTo(firstOfUpper) >= 0));
        done(put(ranges.spawn(ELSEWHERE, ""), name(0), "there"));
        assertEquals(new RangeReply.Done(), ask(upper, new RangeRequest.Destroy(SECOND.toString(), ranges.probe.ref())));
        assertEquals(List.of(), rows(SECOND));
    }

    @Test
    void closedRangeKeepsItsRowsAndServesNothingUntilItIsOpened() {
        ActorRef<RangeCommand> range = live();
        done(put(range, "a", "text"));
        for (int i = 0; i < 2; i++) {
            assertEquals(new RangeReply.Done(), ask(range, new RangeRequest.Close(FIRST.toString(), ranges.probe.ref())));
            assertEquals(State.CLOSED, ranges.header(FIRST).orElseThrow().state());
            assertEquals(new RangeReply.Moved(), put(range, "a", "other"));
        }
        ranges.stop(range);
        range = ranges.spawn(FIRST, "");
        assertEquals(new RangeReply.Moved(), put(range, "a", "other"));
        for (int i = 0; i < 2; i++) {
            assertEquals(new RangeReply.Done(), ask(range, new RangeRequest.Reopen(FIRST.toString(), ranges.probe.ref())));
            assertEquals(2, rows(FIRST).size());
        }
        done(put(range, "a", "other"));
        assertEquals(new RangeReply.Done(), ask(range, new RangeRequest.Close(FIRST.toString(), ranges.probe.ref())));
        assertEquals(new RangeReply.Done(), ask(range, new RangeRequest.Destroy(FIRST.toString(), ranges.probe.ref())));
        assertEquals(List.of(), rows(FIRST));
    }

    @Test
    void longestListOfBlocksWithTheLongestIdsIsOneChange() {
        ActorRef<RangeCommand> range = live();
        BlobReply.Done first = done(commit(range, blocks(1), 0));
        BlobReply.Done second = done(commit(range, blocks(2), first.state().change()));
        assertEquals((long) BlobLimits.MAX_COMMITTED_BLOCKS, second.state().lengthBytes());
        assertTrue(second.state().change() > first.state().change());
    }

    private ActorRef<RangeCommand> live() {
        ActorRef<RangeCommand> range = ranges.spawn(FIRST, "page-rows = 3");
        assertEquals(new RangeReply.Done(), ask(range, new RangeRequest.Initialize(FIRST.toString(), EDGE, EDGE, ranges.probe.ref())));
        return range;
    }

    private RangeReply put(ActorRef<RangeCommand> range, String name, String text) {
        return ask(range, new RangeRequest.Change(FIRST.toString(), new BlobCommand.PutBlockBlob(name, DRAFT,
                new NewContent.Inline(text.getBytes(StandardCharsets.UTF_8)), BlobConditions.NONE, AccountRules.NONE), ranges.probe.ref()));
    }

    private RangeReply commit(ActorRef<RangeCommand> range, List<BlockRef> blocks, long expectedChange) {
        return ask(range, new RangeRequest.Change(FIRST.toString(), new BlobCommand.CommitBlocks(
                "long", DRAFT, blocks, expectedChange, BlobConditions.NONE, AccountRules.NONE), ranges.probe.ref()));
    }

    private static List<BlockRef> blocks(int nonce) {
        List<BlockRef> blocks = new ArrayList<>();
        for (int i = 0; i < BlobLimits.MAX_COMMITTED_BLOCKS; i++) {
            blocks.add(new BlockRef(ByteBuffer.allocate(BlobLimits.MAX_BLOCK_ID_BYTES).putInt(i).array(), new ChunkRun(1, 1_700_000_000_000L + i, nonce, 1)));
        }
        return blocks;
    }

    private RangeReply ask(ActorRef<RangeCommand> range, RangeRequest request) {
        return ranges.ask(range, request);
    }

    private static BlobReply.Done done(RangeReply reply) {
        BlobReply of = assertInstanceOf(RangeReply.Changed.class, reply, reply.toString()).reply();
        return assertInstanceOf(BlobReply.Done.class, of, of.toString());
    }

    private static String name(int blob) {
        return "blob-%02d".formatted(blob);
    }

    private static String nameOf(String row) {
        return BlobRows.nameOf(row.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Keys of both spans in the partition's row space. */
    private List<String> rows(PartitionId partition) {
        return ranges.store.scan(partition, RowRange.ascending(new byte[] {'d'}, new byte[] {'f'}, 1_000), ReadPoint.latest())
                .toCompletableFuture().join().rows().stream().map(row -> new String(row.key(), StandardCharsets.ISO_8859_1)).toList();
    }
}
