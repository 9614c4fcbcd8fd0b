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
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented rules of the operations on whole blobs, one group after the other. */
class BlobDecisionsTest {

    private static final BlobConditions NONE = BlobConditions.NONE;
    private static final AccountRules PLAIN = AccountRules.NONE;
    private static final String LEASE = "00000000-0000-0000-0000-00000000000a";
    private static final BlobConditions IF_ABSENT = new BlobConditions(null, List.of("*"), null, null, null, null);
    private static final BlobConditions IF_OTHER = new BlobConditions(List.of("\"0x1\""), null, null, null, null, null);

    private static final CopyOrigin ORIGIN = new CopyOrigin.Elsewhere("https://elsewhere/b?sig=secret", null, 8);

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
                new BlobCommand.BeginCopy("b", DRAFT, BlobKind.BLOCK, new BlobCommand.CopySource("u", 1, ORIGIN), NONE, PLAIN),
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
        assertEquals(4, driver.done(new BlobCommand.ReportCopy("b", new CopyAttempt(id, 0), 4)).state().copy().copiedBytes());
        driver.done(new BlobCommand.EndCopy("b", new CopyAttempt(id, 0), List.of(driver.block("", "12345678")), null));
        assertArrayEquals("12345678".getBytes(), driver.bytes(driver.current("b")));
        assertEquals(CopyStatus.SUCCESS, driver.current("b").copy().status());
        driver.refused(StorageErrorCode.NO_PENDING_COPY_OPERATION, new BlobCommand.AbortCopy("b", id, NONE));
        driver.refused(StorageErrorCode.NO_PENDING_COPY_OPERATION, new BlobCommand.EndCopy("b", new CopyAttempt(id, 0), List.of(), null));
    }

    @Test
    void onlyTheLatestAttemptAtACopyMayChangeIt() {
        String id = beginCopy(BlobKind.PAGE, 1_024);
        CopyAttempt lost = new CopyAttempt(id, 0);
        long seenChange = driver.current("b").change();
        driver.done(new BlobCommand.ReportCopy("b", lost, 2));
        driver.refused(StorageErrorCode.COPY_ID_MISMATCH, new BlobCommand.TakeUpCopy("b", lost, seenChange));
        BlobState taken = driver.done(new BlobCommand.TakeUpCopy("b", lost, driver.current("b").change())).state();
        assertEquals(1, taken.copy().attempt());
        assertEquals(ORIGIN, driver.current("b").copy().origin());
        for (BlobCommand late : List.of(new BlobCommand.TakeUpCopy("b", lost, taken.change()), new BlobCommand.ReportCopy("b", lost, 4),
                new BlobCommand.WritePages("b", 0, 512, driver.run(filled(512)), null, lost, NONE),
                new BlobCommand.EndCopy("b", lost, List.of(), null), new BlobCommand.EndCopy("b", lost, List.of(), "500 InternalError"))) {
            driver.refused(StorageErrorCode.COPY_ID_MISMATCH, late);
        }
        CopyAttempt mine = new CopyAttempt(id, 1);
        driver.done(new BlobCommand.WritePages("b", 0, 512, driver.run(filled(512)), null, mine, NONE));
        driver.done(new BlobCommand.EndCopy("b", mine, List.of(), null));
        assertEquals(CopyStatus.SUCCESS, driver.current("b").copy().status());
    }

    @Test
    void aPendingCopyIsFoundByARowOfItsOwnAndKeepsWhereItReadsUntilItEnds() {
        for (boolean aborted : List.of(true, false, true)) {
            String id = beginCopy(BlobKind.BLOCK, 3);
            assertEquals(1, driver.rows.subMap(BlobRows.copiesBegin(), BlobRows.copiesEnd()).size());
            driver.done(new BlobCommand.ReportCopy("b", new CopyAttempt(id, 0), 1));
            assertEquals(ORIGIN, driver.current("b").copy().origin());
            driver.done(aborted
                    ? new BlobCommand.AbortCopy("b", id, NONE)
                    : new BlobCommand.EndCopy("b", new CopyAttempt(id, 0), List.of(driver.block("", "abc")), null));
            assertEquals(0, driver.rows.subMap(BlobRows.copiesBegin(), BlobRows.copiesEnd()).size());
            assertNull(driver.current("b").copy().origin());
        }
    }

    @Test
    void anAbortedOrFailedCopyLeavesAnEmptyBlob() {
        String page = beginCopy(BlobKind.PAGE, 1_024);
        driver.refused(StorageErrorCode.PENDING_COPY_OPERATION,
                new BlobCommand.WritePages("b", 0, 512, driver.run(filled(512)), null, NONE));
        driver.done(new BlobCommand.WritePages("b", 0, 512, driver.run(filled(512)), null, new CopyAttempt(page, 0), NONE));
        BlobState aborted = driver.done(new BlobCommand.AbortCopy("b", page, NONE)).state();
        assertEquals(CopyStatus.ABORTED, aborted.copy().status());
        assertEquals(0, aborted.lengthBytes());
        assertEquals(1, driver.rows.size(), "no pages are left");
        driver.refused(StorageErrorCode.INVALID_BLOB_TYPE,
                new BlobCommand.BeginCopy("b", DRAFT, BlobKind.BLOCK, new BlobCommand.CopySource("u", 1, ORIGIN), NONE, PLAIN));
        String again = beginCopy(BlobKind.PAGE, 512);
        BlobState failed = driver.done(new BlobCommand.EndCopy("b", new CopyAttempt(again, 0), List.of(), "500 InternalError")).state();
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

    private ChunkRun run() {
        return driver.run(new byte[4]);
    }

    private BlobReply.Done tier(String blob, AccessTier tier) {
        return driver.done(new BlobCommand.SetTier(new BlobTarget(blob), tier, false, NONE));
    }

    private String beginCopy(BlobKind kind, long length) {
        return driver.done(new BlobCommand.BeginCopy("b", DRAFT, kind, new BlobCommand.CopySource("http://u", length, ORIGIN), NONE, PLAIN))
                .state().copy().id();
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }
}
