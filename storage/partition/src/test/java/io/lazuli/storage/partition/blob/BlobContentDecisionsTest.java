package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.partition.blob.BlobDriver.DRAFT;
import static io.lazuli.storage.partition.blob.BlobDriver.RETENTION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceAction;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceCondition;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The documented rules of what is written into blobs: blocks, appends and pages. */
class BlobContentDecisionsTest {

    private static final BlobConditions NONE = BlobConditions.NONE;
    private static final AccountRules PLAIN = AccountRules.NONE;

    private final BlobDriver driver = new BlobDriver();

    // Block blobs

    @Test
    void blocksAreCommitted() {
        BlobReply.Done first = driver.done(new BlobCommand.PutBlock("b", driver.block("01", "x"), NONE));
        assertFalse(first.state().exists());
        driver.done(new BlobCommand.PutBlock("b", driver.block("02", "y"), NONE));
        driver.refused(StorageErrorCode.INVALID_BLOB_OR_BLOCK, new BlobCommand.PutBlock("b", driver.block("1", "x"), NONE));
        driver.refused(StorageErrorCode.BLOB_NOT_FOUND, driver.delete("b", DeleteSnapshots.NONE, PLAIN));
        List<BlockRef> blocks = List.of(driver.block("01", "first"), driver.block("02", "second"));
        assertInstanceOf(BlobReply.Changed.class, driver.send(new BlobCommand.CommitBlocks("b", DRAFT, blocks, 0, NONE, PLAIN)));
        driver.done(new BlobCommand.CommitBlocks("b", DRAFT, blocks, driver.changeOf("b"), NONE, PLAIN));
        assertArrayEquals("firstsecond".getBytes(), driver.bytes(driver.current("b")));
        assertEquals(1, driver.rows.size(), "no uncommitted block is left");
        driver.done(new BlobCommand.PutAppendBlob("a", DRAFT, NONE, PLAIN));
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE, new BlobCommand.PutBlock("a", driver.block("1", "x"), NONE));
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE,
                new BlobCommand.CommitBlocks("a", DRAFT, List.of(), driver.changeOf("a"), NONE, PLAIN));
    }

    @Test
    void aBlockListDoesNotNameBytesThatWereReplacedMeanwhile() {
        BlockRef first = driver.block("01", "first");
        driver.done(new BlobCommand.PutBlock("b", first, NONE));
        long read = driver.changeOf("b");
        driver.done(new BlobCommand.PutBlock("b", driver.block("02", "further"), NONE));
        assertEquals(read, driver.changeOf("b"), "what comes beside disturbs nobody");
        driver.done(new BlobCommand.PutBlock("b", driver.block("01", "second"), NONE));
        assertInstanceOf(BlobReply.Changed.class, driver.send(new BlobCommand.CommitBlocks("b", DRAFT, List.of(first), read, NONE, PLAIN)));
    }

    @Test
    void anImmutableSnapshotIsNotDeletedWithItsBlob() {
        driver.put("b", "one", PLAIN);
        long snapshot = driver.done(new BlobCommand.Snapshot("b", null, NONE, PLAIN)).snapshotTicks();
        driver.done(new BlobCommand.SetLegalHold(new BlobTarget("b", snapshot, 0), true, NONE));
        driver.refused(StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD, driver.delete("b", DeleteSnapshots.INCLUDE, PLAIN));
        driver.refused(StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD, driver.delete("b", DeleteSnapshots.ONLY, RETENTION));
    }

    @Test
    void contentsThatOnlySnapshotsHadAreLookedFor() {
        for (boolean atOnce : List.of(false, true)) {
            String blob = "b" + atOnce;
            driver.put(blob, "one", PLAIN);
            long snapshot = driver.done(new BlobCommand.Snapshot(blob, null, NONE, PLAIN)).snapshotTicks();
            driver.put(blob, "two", PLAIN);
            driver.done(atOnce ? driver.delete(blob, DeleteSnapshots.ONLY, PLAIN) : driver.delete(new BlobTarget(blob, snapshot, 0), false, PLAIN));
            assertTrue(driver.current(blob).hasFormer(), "whoever tidies looks at the bytes, too");
            driver.done(driver.tidy(blob).orElseThrow());
            assertEquals(2, driver.rows.subMap(BlobRows.currentKey(blob), BlobRows.behind(blob)).size()
                    + driver.rows.subMap(BlobRows.dataFrom(blob), BlobRows.dataBehind(blob)).size());
            assertFalse(driver.current(blob).hasFormer());
        }
    }

    @Test
    void aContentThatWasSharedIsLookedForWhenItIsReplaced() {
        driver.put("b", "one", PLAIN);
        driver.done(new BlobCommand.Snapshot("b", null, NONE, PLAIN));
        driver.done(driver.delete("b", DeleteSnapshots.ONLY, PLAIN));
        driver.put("b", "two", PLAIN);
        assertTrue(driver.current("b").hasFormer());
        driver.done(driver.tidy("b").orElseThrow());
        assertEquals(2, driver.rows.size());
    }

    @Test
    void thereAreNoMoreUncommittedBlocksThanAllowed() {
        driver.done(new BlobCommand.PutBlock("b", driver.block("1", "x"), NONE));
        byte[] key = BlobRows.uncommittedKey("b");
        UncommittedBlocks one = UncommittedBlocks.decode(driver.rows.get(key));
        assertEquals(1, one.puts());
        driver.rows.put(key, new UncommittedBlocks(one.session(), BlobLimits.MAX_UNCOMMITTED_BLOCKS, 1, one.lastPutMillis()).encode());
        driver.refused(StorageErrorCode.BLOCK_COUNT_EXCEEDS_LIMIT, new BlobCommand.PutBlock("b", driver.block("2", "x"), NONE));
        driver.done(new BlobCommand.PutBlock("b", driver.block("1", "y"), NONE));
    }

    @Test
    void theLongestBlockListFitsIntoOneBatch() {
        BlockRef block = new BlockRef(new byte[BlobLimits.MAX_BLOCK_ID_BYTES], driver.run(new byte[1]));
        List<BlockRef> blocks = Collections.nCopies(BlobLimits.MAX_COMMITTED_BLOCKS, block);
        String name = "\u20AC".repeat(BlobLimits.MAX_NAME_CHARS);
        BlobState state = driver.done(new BlobCommand.CommitBlocks(name, DRAFT, blocks, 0, NONE, PLAIN)).state();
        assertTrue(((BlobContent.Blocks) state.content()).segments().isEmpty(), "the answer carries no list");
        assertEquals(BlobLimits.MAX_COMMITTED_BLOCKS, driver.bytes(driver.current(name)).length);
        driver.refused(StorageErrorCode.BLOCK_LIST_TOO_LONG, new BlobCommand.CommitBlocks("b", DRAFT,
                Collections.nCopies(BlobLimits.MAX_COMMITTED_BLOCKS + 1, block), 0, NONE, PLAIN));
    }

    // Append blobs

    @Test
    void appendsHavePositionsAndLimitsAndAnEnd() {
        driver.done(new BlobCommand.PutAppendBlob("a", DRAFT, NONE, PLAIN));
        assertEquals(0, append("a", null, null).appendOffset());
        assertEquals(4, append("a", 4L, 8L).appendOffset());
        driver.refused(StorageErrorCode.APPEND_POSITION_CONDITION_NOT_MET, new BlobCommand.AppendBlock("a", run(), 4L, null, NONE));
        driver.refused(StorageErrorCode.MAX_BLOB_SIZE_CONDITION_NOT_MET, new BlobCommand.AppendBlock("a", run(), null, 11L, NONE));
        driver.refused(StorageErrorCode.APPEND_POSITION_CONDITION_NOT_MET, new BlobCommand.SealAppendBlob("a", 4L, NONE));
        assertTrue(driver.done(new BlobCommand.SealAppendBlob("a", 8L, NONE)).state().sealed());
        driver.done(new BlobCommand.SealAppendBlob("a", null, NONE));
        driver.refused(StorageErrorCode.BLOB_IS_SEALED, new BlobCommand.AppendBlock("a", run(), null, null, NONE));
        driver.put("b", "", PLAIN);
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE, new BlobCommand.AppendBlock("b", run(), null, null, NONE));
        driver.refused(StorageErrorCode.BLOB_NOT_FOUND, new BlobCommand.AppendBlock("c", run(), null, null, NONE));
    }

    @Test
    void manyAppendsFillSegments() {
        driver.done(new BlobCommand.PutAppendBlob("a", DRAFT, NONE, PLAIN));
        for (int i = 0; i < 2_500; i++) {
            append("a", 4L * i, null);
        }
        BlobState state = driver.current("a");
        BlobContent.Blocks content = (BlobContent.Blocks) state.content();
        assertEquals(10_000, driver.bytes(state).length);
        assertEquals(3, content.segments().size());
        assertTrue(content.blocks().size() <= BlockSegments.MAX_EMBEDDED_BLOCKS);
        BlobState full = new BlobStateBuilder(state).content(new BlobContent.Blocks(
                content.contentId(), content.lengthBytes(), BlobLimits.MAX_APPENDS, content.blocks(), content.segments())).build();
        driver.rows.put(BlobRows.currentKey("a"), BlobRows.stateValue(full));
        driver.refused(StorageErrorCode.BLOCK_COUNT_EXCEEDS_LIMIT, new BlobCommand.AppendBlock("a", run(), null, null, NONE));
    }

    @Test
    void aSnapshotOfAnAppendBlobDoesNotGrowWithItsSegments() {
        driver.done(new BlobCommand.PutAppendBlob("a", DRAFT, NONE, PLAIN));
        for (int i = 0; i < 20; i++) {
            append("a", null, null);
        }
        long snapshot = driver.done(new BlobCommand.Snapshot("a", null, NONE, PLAIN)).snapshotTicks();
        for (int i = 0; i < 20; i++) {
            append("a", null, null);
        }
        assertEquals(80, driver.bytes(driver.state(BlobRows.snapshotKey("a", snapshot))).length);
        assertEquals(160, driver.bytes(driver.current("a")).length);
    }

    // Page blobs

    @Test
    void pagesHaveRangesAndSequenceNumbers() {
        driver.done(new BlobCommand.PutPageBlob("p", DRAFT, 1_024, 5, NONE, PLAIN));
        ChunkRun run = driver.run(new byte[512]);
        driver.refused(StorageErrorCode.INVALID_PAGE_RANGE, new BlobCommand.WritePages("p", 1_024, 512, run, null, NONE));
        for (SequenceCondition unmet : List.of(new SequenceCondition(4L, null, null), new SequenceCondition(null, 5L, null),
                new SequenceCondition(null, null, 4L))) {
            driver.refused(StorageErrorCode.SEQUENCE_NUMBER_CONDITION_NOT_MET, new BlobCommand.WritePages("p", 0, 512, run, unmet, NONE));
        }
        driver.done(new BlobCommand.WritePages("p", 512, 512, run, new SequenceCondition(5L, 6L, 5L), NONE));
        assertEquals(6, number(SequenceAction.INCREMENT, null));
        assertEquals(6, number(SequenceAction.MAX, 3L));
        assertEquals(9, number(SequenceAction.MAX, 9L));
        assertEquals(2, number(SequenceAction.UPDATE, 2L));
        number(SequenceAction.UPDATE, Long.MAX_VALUE);
        driver.refused(StorageErrorCode.SEQUENCE_NUMBER_INCREMENT_TOO_LARGE,
                new BlobCommand.SetPageBlob("p", null, SequenceAction.INCREMENT, null, NONE));
        driver.put("b", "", PLAIN);
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE, new BlobCommand.SetPageBlob("b", 512L, null, null, NONE));
    }

    @Test
    void whatWasCutOffStaysGoneWhenTheBlobGrowsAgain() {
        driver.done(new BlobCommand.PutPageBlob("p", DRAFT, 4_096, 0, NONE, PLAIN));
        driver.done(new BlobCommand.WritePages("p", 0, 4_096, driver.run(filled(4_096)), null, NONE));
        driver.done(new BlobCommand.SetPageBlob("p", 512L, null, null, NONE));
        driver.done(new BlobCommand.SetPageBlob("p", 2_048L, null, null, NONE));
        assertEquals(List.of(new BlobService.PageRange(0, 511, false)), ranges(driver.current("p")));
        driver.done(new BlobCommand.WritePages("p", 1_024, 512, driver.run(filled(512)), null, NONE));
        driver.done(new BlobCommand.SetPageBlob("p", 4_096L, null, null, NONE));
        assertEquals(List.of(new BlobService.PageRange(0, 511, false), new BlobService.PageRange(1_024, 1_535, false)),
                ranges(driver.current("p")));
    }

    @Test
    void aDifferenceTellsWrittenAndClearedPages() {
        driver.done(new BlobCommand.PutPageBlob("p", DRAFT, 4 << 20, 0, NONE, PLAIN));
        driver.done(new BlobCommand.WritePages("p", (1 << 20) - 1_024, 2_048, driver.run(filled(2_048)), null, NONE));
        long snapshot = driver.done(new BlobCommand.Snapshot("p", null, NONE, PLAIN)).snapshotTicks();
        driver.done(new BlobCommand.WritePages("p", (1 << 20) - 512, 512, driver.run(filled(512)), null, NONE));
        driver.done(new BlobCommand.WritePages("p", 1 << 20, 512, null, null, NONE));
        driver.done(new BlobCommand.WritePages("p", 3 << 20, 512, null, null, NONE));
        driver.done(new BlobCommand.WritePages("p", 2 << 20, 512, driver.run(filled(512)), null, NONE));
        BlobState then = driver.state(BlobRows.snapshotKey("p", snapshot));
        BlobState now = driver.current("p");
        assertEquals(List.of(new BlobService.PageRange((1 << 20) - 1_024, (1 << 20) + 1_023, false)), ranges(then));
        List<BlobService.PageRange> difference = PageMap.difference(driver.extents("p", (BlobContent.Pages) then.content()),
                driver.extents("p", (BlobContent.Pages) now.content()), 0, 4 << 20);
        assertEquals(List.of(
                new BlobService.PageRange((1 << 20) - 512, (1 << 20) - 1, false),
                new BlobService.PageRange(1 << 20, (1 << 20) + 511, true),
                new BlobService.PageRange(2 << 20, (2 << 20) + 511, false)), difference);
    }

    private BlobReply.Done append(String blob, Long position, Long maxSize) {
        return driver.done(new BlobCommand.AppendBlock(blob, run(), position, maxSize, NONE));
    }

    private ChunkRun run() {
        return driver.run(new byte[4]);
    }

    private long number(SequenceAction action, Long number) {
        return driver.done(new BlobCommand.SetPageBlob("p", null, action, number, NONE)).state().sequenceNumber();
    }

    private List<BlobService.PageRange> ranges(BlobState state) {
        BlobContent.Pages pages = (BlobContent.Pages) state.content();
        return PageMap.ranges(driver.extents("p", pages), 0, pages.lengthBytes());
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }
}
