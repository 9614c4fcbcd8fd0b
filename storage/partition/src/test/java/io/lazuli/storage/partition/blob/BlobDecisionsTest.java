package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.partition.blob.BlobDriver.DRAFT;
import static io.lazuli.storage.partition.blob.BlobDriver.RETENTION;
import static io.lazuli.storage.partition.blob.BlobDriver.VERSIONING;
import static io.lazuli.storage.partition.blob.BlobDriver.inline;
import static io.lazuli.storage.partition.blob.BlobDriver.leased;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobCommand.LeaseAction;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceAction;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceCondition;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented rules of the operations on blobs, one group after the other. */
class BlobDecisionsTest {

    private static final BlobConditions NONE = BlobConditions.NONE;
    private static final AccountRules PLAIN = AccountRules.NONE;
    private static final String LEASE = "00000000-0000-0000-0000-00000000000a";
    private static final BlobConditions IF_ABSENT = new BlobConditions(null, List.of("*"), null, null, null, null);
    private static final BlobConditions IF_OTHER = new BlobConditions(List.of("\"0x1\""), null, null, null, null, null);

    private final BlobDriver driver = new BlobDriver();

    // Whole blobs

    @Test
    void aPutMakesOrReplacesABlobOfAnyKind() {
        BlobState first = driver.put("b", "one", PLAIN).state();
        assertEquals(new BlobContent.Inline(first.change(), 3), first.content());
        driver.done(new BlobCommand.PutAppendBlob("b", DRAFT, NONE, PLAIN));
        BlobState page = driver.done(new BlobCommand.PutPageBlob("b", DRAFT, 1_024, 7, NONE, PLAIN)).state();
        assertEquals(BlobKind.PAGE, page.kind());
        assertEquals(7, page.sequenceNumber());
        assertNotEquals(first.etag(), page.etag());
        assertEquals(1, driver.rows.size(), "nothing is left of the former ones");
        assertFalse(page.hasFormer());
        driver.refused(StorageErrorCode.BLOB_ALREADY_EXISTS, new BlobCommand.PutBlockBlob("b", DRAFT, inline(""), IF_ABSENT, PLAIN));
        driver.refused(StorageErrorCode.CONDITION_NOT_MET, new BlobCommand.PutBlockBlob("b", DRAFT, inline(""), IF_OTHER, PLAIN));
        driver.refused(StorageErrorCode.CONDITION_NOT_MET, new BlobCommand.PutBlockBlob("c", DRAFT, inline(""), IF_OTHER, PLAIN));
    }

    @Test
    void aLeaseProtectsAgainstWhoDoesNotKnowItAndOutlivesAPut() {
        driver.put("b", "one", PLAIN);
        lease("b");
        List<BlobCommand> writes = List.of(
                new BlobCommand.PutBlockBlob("b", DRAFT, inline(""), NONE, PLAIN),
                new BlobCommand.PutBlock("b", driver.block("1", "x"), NONE),
                new BlobCommand.CommitBlocks("b", DRAFT, List.of(), driver.changeOf("b"), NONE, PLAIN),
                new BlobCommand.SetHeaders("b", BlobHeaders.NONE, NONE),
                new BlobCommand.SetMetadata("b", Map.of(), NONE, PLAIN),
                new BlobCommand.SetTags(new BlobTarget("b"), Map.of(), NONE),
                new BlobCommand.BeginCopy("b", DRAFT, BlobKind.BLOCK, new BlobCommand.CopySource("u", 1), NONE, PLAIN),
                driver.delete("b", DeleteSnapshots.NONE, PLAIN));
        writes.forEach(write -> driver.refused(StorageErrorCode.LEASE_ID_MISSING, write));
        driver.refused(StorageErrorCode.LEASE_ID_MISMATCH_WITH_BLOB_OPERATION,
                new BlobCommand.PutBlockBlob("b", DRAFT, inline(""), leased("other"), PLAIN));
        driver.done(new BlobCommand.Snapshot("b", null, NONE, PLAIN));
        BlobState put = driver.done(new BlobCommand.PutBlockBlob("b", DRAFT, inline("two"), leased(LEASE), PLAIN)).state();
        assertEquals(LEASE, put.lease().id());
        driver.nowMillis += 61_000;
        driver.refused(StorageErrorCode.LEASE_LOST, new BlobCommand.SetMetadata("b", Map.of(), leased(LEASE), PLAIN));
        driver.done(new BlobCommand.SetMetadata("b", Map.of(), NONE, PLAIN));
        driver.refused(StorageErrorCode.LEASE_ID_MISMATCH_WITH_LEASE_OPERATION,
                new BlobCommand.Lease("b", LeaseAction.RENEW, null, null, null, leased(LEASE)));
        driver.refused(StorageErrorCode.LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
                new BlobCommand.PutBlockBlob("none", DRAFT, inline(""), leased(LEASE), PLAIN));
    }

    @Test
    void onlyWhatChangesTheBlobChangesItsETag() {
        BlobState state = driver.put("b", "one", PLAIN).state();
        BlobTarget target = new BlobTarget("b");
        for (BlobCommand quiet : List.of(
                new BlobCommand.SetTags(target, Map.of("a", "b"), NONE),
                new BlobCommand.SetTier(target, AccessTier.COOL, false, NONE),
                new BlobCommand.SetLegalHold(target, true, NONE),
                new BlobCommand.SetLegalHold(target, false, NONE),
                new BlobCommand.SetImmutability(target, new ImmutabilityPolicy(1, false), NONE),
                new BlobCommand.Lease("b", LeaseAction.ACQUIRE, LEASE, 15, null, NONE),
                new BlobCommand.Lease("b", LeaseAction.RELEASE, null, null, null, leased(LEASE)),
                new BlobCommand.Snapshot("b", null, NONE, PLAIN))) {
            driver.done(quiet);
            assertEquals(state.etag(), driver.current("b").etag(), quiet.toString());
            assertEquals(state.modifiedTicks(), driver.current("b").modifiedTicks());
        }
        for (BlobCommand loud : List.of(
                new BlobCommand.SetHeaders("b", BlobHeaders.NONE, NONE), new BlobCommand.SetMetadata("b", Map.of(), NONE, PLAIN))) {
            String before = driver.current("b").etag();
            assertNotEquals(before, driver.done(loud).state().etag());
        }
        assertEquals(state.createdTicks(), driver.current("b").createdTicks());
    }

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

    // Tiers, policies

    @Test
    void anArchivedBlobComesBackAfterAWhile() {
        driver.put("b", "x", PLAIN);
        assertTrue(driver.current("b").tierInferred());
        assertFalse(tier("b", AccessTier.ARCHIVE).accepted());
        driver.refused(StorageErrorCode.BLOB_ARCHIVED, new BlobCommand.Snapshot("b", null, NONE, PLAIN));
        assertTrue(tier("b", AccessTier.HOT).accepted());
        assertTrue(tier("b", AccessTier.HOT).accepted());
        driver.refused(StorageErrorCode.BLOB_BEING_REHYDRATED, new BlobCommand.SetTier(new BlobTarget("b"), AccessTier.COOL, false, NONE));
        assertEquals(AccessTier.ARCHIVE, driver.current("b").tier());
        assertTrue(driver.tidy("b").isEmpty());
        driver.nowMillis += BlobLimits.REHYDRATION_MILLIS;
        driver.done(driver.tidy("b").orElseThrow());
        assertEquals(AccessTier.HOT, driver.current("b").tier());
        assertNull(driver.current("b").rehydrating());
        driver.done(new BlobCommand.PutAppendBlob("a", DRAFT, NONE, PLAIN));
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE, new BlobCommand.SetTier(new BlobTarget("a"), AccessTier.COOL, false, NONE));
    }

    @Test
    void whatIsImmutableStays() {
        driver.put("b", "x", PLAIN);
        BlobTarget b = new BlobTarget("b");
        driver.done(new BlobCommand.SetLegalHold(b, true, NONE));
        assertProtected(StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD);
        driver.done(new BlobCommand.SetLegalHold(b, false, NONE));
        long until = driver.nowMillis + 1_000_000;
        driver.done(new BlobCommand.SetImmutability(b, new ImmutabilityPolicy(until, false), NONE));
        assertProtected(StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_POLICY);
        driver.done(new BlobCommand.SetImmutability(b, null, NONE));
        driver.done(new BlobCommand.SetImmutability(b, new ImmutabilityPolicy(until, true), NONE));
        for (ImmutabilityPolicy weaker : new ImmutabilityPolicy[] {
            null, new ImmutabilityPolicy(until + 1, false), new ImmutabilityPolicy(until - 1, true)}) {
            driver.refused(StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_POLICY, new BlobCommand.SetImmutability(b, weaker, NONE));
        }
        driver.done(new BlobCommand.SetImmutability(b, new ImmutabilityPolicy(until + 1, true), NONE));
        long version = driver.put("b", "with versioning it may be replaced, since it stays", VERSIONING).state().versionTicks();
        assertNotEquals(0, version);
        driver.refused(StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_POLICY,
                driver.delete(new BlobTarget("b", 0, driver.versions("b").getFirst()), false, VERSIONING));
        driver.nowMillis = until + 1;
        driver.done(driver.delete(new BlobTarget("b", 0, driver.versions("b").getFirst()), false, VERSIONING));
    }

    private void assertProtected(StorageErrorCode error) {
        driver.refused(error, new BlobCommand.PutBlockBlob("b", DRAFT, inline(""), NONE, PLAIN));
        driver.refused(error, new BlobCommand.SetMetadata("b", Map.of(), NONE, RETENTION));
        driver.refused(error, new BlobCommand.SetHeaders("b", BlobHeaders.NONE, NONE));
        driver.refused(error, driver.delete("b", DeleteSnapshots.NONE, RETENTION));
        driver.done(new BlobCommand.SetTags(new BlobTarget("b"), Map.of(), NONE));
    }

    // Snapshots, versions, deletion

    @Test
    void aBlobWithSnapshotsIsDeletedWithThemOrNotAtAll() {
        driver.put("b", "x", PLAIN);
        BlobReply.Done snapshot = driver.done(new BlobCommand.Snapshot("b", Map.of("k", "v"), NONE, PLAIN));
        assertEquals(Map.of("k", "v"), snapshot.state().metadata());
        driver.refused(StorageErrorCode.SNAPSHOTS_PRESENT, driver.delete("b", DeleteSnapshots.NONE, PLAIN));
        BlobCommand outdated = driver.delete("b", DeleteSnapshots.INCLUDE, PLAIN);
        driver.done(new BlobCommand.Snapshot("b", null, NONE, PLAIN));
        assertInstanceOf(BlobReply.Changed.class, driver.send(outdated));
        driver.done(driver.delete("b", DeleteSnapshots.ONLY, PLAIN));
        assertTrue(driver.current("b").exists());
        driver.done(new BlobCommand.Snapshot("b", null, NONE, PLAIN));
        driver.done(driver.delete("b", DeleteSnapshots.INCLUDE, PLAIN));
        assertTrue(driver.rows.isEmpty());
    }

    @Test
    void whatWasDeletedSoftlyIsHadBack() {
        driver.put("b", "old", RETENTION);
        driver.put("b", "new", RETENTION);
        driver.done(driver.delete("b", DeleteSnapshots.NONE, RETENTION));
        driver.refused(StorageErrorCode.BLOB_NOT_FOUND, new BlobCommand.SetMetadata("b", Map.of(), NONE, PLAIN));
        BlobState back = driver.done(driver.undelete("b")).state();
        assertArrayEquals("new".getBytes(), driver.bytes(back));
        assertEquals(1, back.snapshotCount(), "what was overwritten is a snapshot");
        assertArrayEquals("old".getBytes(), driver.bytes(driver.state(BlobRows.snapshotKey("b", driver.snapshots("b").getFirst()))));
        driver.refused(StorageErrorCode.BLOB_NOT_FOUND, new BlobCommand.Undelete("none", List.of(), List.of(), 0));
        driver.done(driver.delete("b", DeleteSnapshots.INCLUDE, RETENTION));
        driver.nowMillis += 7 * BlobDriver.DAY_MILLIS;
        driver.refused(StorageErrorCode.BLOB_NOT_FOUND, driver.undelete("b"));
        driver.done(driver.tidy("b").orElseThrow());
        assertTrue(driver.rows.isEmpty());
    }

    @Test
    void versionsAreKept() {
        long first = driver.put("b", "one", VERSIONING).versionTicks();
        long second = driver.put("b", "two", VERSIONING).versionTicks();
        driver.refused(StorageErrorCode.OPERATION_NOT_ALLOWED_ON_ROOT_BLOB, driver.delete(new BlobTarget("b", 0, second), false, VERSIONING));
        driver.done(driver.delete("b", DeleteSnapshots.NONE, VERSIONING));
        assertEquals(List.of(first, second), driver.versions("b"));
        assertFalse(driver.current("b").hasContent());
        long change = driver.changeOf("b");
        driver.done(driver.delete(new BlobTarget("b", 0, first), false, new AccountRules(true, 3)));
        assertTrue(driver.changeOf("b") > change);
        driver.refused(StorageErrorCode.BLOB_NOT_FOUND, new BlobCommand.SetTags(new BlobTarget("b", 0, first), Map.of(), NONE));
        driver.done(driver.undelete("b"));
        driver.done(new BlobCommand.SetTags(new BlobTarget("b", 0, first), Map.of("t", "1"), NONE));
        assertEquals(Map.of("t", "1"), driver.state(BlobRows.versionKey("b", first)).tags());
    }

    // Copies

    @Test
    void aPendingCopyClosesItsDestination() {
        String id = beginCopy(BlobKind.BLOCK, 8);
        driver.refused(StorageErrorCode.PENDING_COPY_OPERATION, new BlobCommand.PutBlockBlob("b", DRAFT, inline(""), NONE, PLAIN));
        driver.refused(StorageErrorCode.PENDING_COPY_OPERATION, new BlobCommand.SetMetadata("b", Map.of(), NONE, PLAIN));
        driver.refused(StorageErrorCode.PENDING_COPY_OPERATION, driver.delete("b", DeleteSnapshots.NONE, PLAIN));
        driver.refused(StorageErrorCode.PENDING_COPY_OPERATION, new BlobCommand.Snapshot("b", null, NONE, PLAIN));
        driver.refused(StorageErrorCode.COPY_ID_MISMATCH, new BlobCommand.AbortCopy("b", "other", NONE));
        assertEquals(4, driver.done(new BlobCommand.ReportCopy("b", id, 4)).state().copy().copiedBytes());
        driver.done(new BlobCommand.EndCopy("b", id, List.of(driver.block("", "12345678")), null));
        assertArrayEquals("12345678".getBytes(), driver.bytes(driver.current("b")));
        assertEquals(CopyStatus.SUCCESS, driver.current("b").copy().status());
        driver.refused(StorageErrorCode.NO_PENDING_COPY_OPERATION, new BlobCommand.AbortCopy("b", id, NONE));
        driver.refused(StorageErrorCode.NO_PENDING_COPY_OPERATION, new BlobCommand.EndCopy("b", id, List.of(), null));
    }

    @Test
    void anAbortedOrFailedCopyLeavesAnEmptyBlob() {
        String page = beginCopy(BlobKind.PAGE, 1_024);
        driver.refused(StorageErrorCode.PENDING_COPY_OPERATION,
                new BlobCommand.WritePages("b", 0, 512, driver.run(filled(512)), null, NONE));
        driver.done(new BlobCommand.WritePages("b", 0, 512, driver.run(filled(512)), null, page, NONE));
        BlobState aborted = driver.done(new BlobCommand.AbortCopy("b", page, NONE)).state();
        assertEquals(CopyStatus.ABORTED, aborted.copy().status());
        assertEquals(0, aborted.lengthBytes());
        assertEquals(1, driver.rows.size(), "no pages are left");
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE,
                new BlobCommand.BeginCopy("b", DRAFT, BlobKind.BLOCK, new BlobCommand.CopySource("u", 1), NONE, PLAIN));
        String again = beginCopy(BlobKind.PAGE, 512);
        BlobState failed = driver.done(new BlobCommand.EndCopy("b", again, List.of(), "500 InternalError")).state();
        assertEquals("500 InternalError", failed.copy().description());
        assertEquals(0, failed.lengthBytes());
    }

    // What time brings

    @Test
    void uncommittedBlocksGoAfterAWeek() {
        driver.done(new BlobCommand.PutBlock("b", driver.block("1", "x"), NONE));
        driver.nowMillis += BlobLimits.UNCOMMITTED_RETENTION_MILLIS - 1;
        assertTrue(driver.tidy("b").isEmpty());
        driver.nowMillis++;
        BlobCommand.Tidy tidy = driver.tidy("b").orElseThrow();
        driver.done(new BlobCommand.PutBlock("b", driver.block("2", "x"), NONE));
        driver.done(tidy);
        assertEquals(4, driver.rows.size(), "another block has come meanwhile");
        driver.nowMillis += BlobLimits.UNCOMMITTED_RETENTION_MILLIS;
        driver.done(driver.tidy("b").orElseThrow());
        assertTrue(driver.rows.isEmpty());
    }

    private void lease(String blob) {
        driver.done(new BlobCommand.Lease(blob, LeaseAction.ACQUIRE, LEASE, 60, null, NONE));
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

    private BlobReply.Done tier(String blob, AccessTier tier) {
        return driver.done(new BlobCommand.SetTier(new BlobTarget(blob), tier, false, NONE));
    }

    private String beginCopy(BlobKind kind, long length) {
        return driver.done(new BlobCommand.BeginCopy("b", DRAFT, kind, new BlobCommand.CopySource("http://u", length), NONE, PLAIN))
                .state().copy().id();
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
