package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.blob.ImmutabilityPolicy;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.blob.service.MemoryChunks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Containers are not deleted while a blob in them is immutable, whoever made it so and wherever it is: on a cluster of one node, over rows in memory. */
class ImmutableContainersTest {

    private static final String ACCOUNT = "devstoreaccount1";
    private static final BlobDraft DRAFT = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, false);
    private static final AccountRules VERSIONS = new AccountRules(true, 7);
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final int RACES = 40;

    private static ActorTestKit kit;
    private static BlobService blobs;
    /** As another node's: with routes and marks of its own. */
    private static BlobService elsewhere;

    @BeforeAll
    static void start() {
        OneNodeCluster cluster = new OneNodeCluster("");
        kit = cluster.kit;
        MemoryRowStore store = new MemoryRowStore();
        MemoryChunks chunks = new MemoryChunks();
        blobs = cluster.services(store, chunks, Clock.system()).blobs();
        elsewhere = cluster.services(store, chunks, Clock.system()).blobs();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void containerWithABlobOnHoldIsDeletedOnlyAfterItsRelease() {
        container("held");
        put("held", "other", DRAFT, AccountRules.NONE);
        put("held", "b", DRAFT, AccountRules.NONE);
        assertFalse(now(blobs.container(ACCOUNT, "held")).immutabilityMark());
        hold("held", "b", true);
        for (int retentionDays : new int[] {0, 7}) {
            assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete("held", retentionDays));
        }
        assertTrue(now(elsewhere.find(ACCOUNT, "held", new BlobTarget("other"))).isPresent());
        hold("held", "b", false);
        now(delete("held", 0));
        assertRefused(StorageErrorCode.CONTAINER_NOT_FOUND, elsewhere.find(ACCOUNT, "held", new BlobTarget("other")));
        // The name leads to another container, to which a node may still remember the way of the first one.
        container("held");
        put("held", "b", DRAFT, AccountRules.NONE);
        hold("held", "b", true);
        assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete("held", 0));
    }

    @Test
    void policiesAndHoldsThatBlobsArePutWithCountAndThoseThatAreOverDoNot() {
        long now = System.currentTimeMillis();
        for (BlobDraft draft : List.of(draft(now + DAY, false), draft(0, true))) {
            String name = draft.legalHold() ? "puthold" : "putpolicy";
            container(name);
            put(name, "b", draft, AccountRules.NONE);
            assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete(name, 0));
            assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete(name, 7));
        }
        container("over");
        put("over", "b", draft(now - 1, false), AccountRules.NONE);
        assertTrue(now(blobs.container(ACCOUNT, "over")).immutabilityMark());
        now(delete("over", 0));
    }

    @Test
    void versionsThatAreImmutableCountToo() {
        container("versions");
        put("versions", "b", draft(System.currentTimeMillis() + DAY, false), VERSIONS);
        now(blobs.delete(ACCOUNT, "versions", new BlobTarget("b"), DeleteSnapshots.NONE, false, BlobConditions.NONE, VERSIONS));
        assertEquals(Optional.empty(), now(blobs.find(ACCOUNT, "versions", new BlobTarget("b"))));
        assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete("versions", 0));
    }

    /** Of containers that were deleted softly none holds anything immutable, because such a deletion is refused; and what is deleted cannot become immutable. */
    @Test
    void whatIsDeletedSoftlyAndPurgedHoldsNothingImmutable() {
        container("softly");
        put("softly", "b", draft(0, true), AccountRules.NONE);
        assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete("softly", 7));
        hold("softly", "b", false);
        ContainerState deleted = now(delete("softly", 7));
        assertRefused(StorageErrorCode.CONTAINER_NOT_FOUND, elsewhere.change(ACCOUNT, "softly", new BlobCommand.SetLegalHold(new BlobTarget("b"), true, BlobConditions.NONE)));
        now(blobs.restoreContainer(ACCOUNT, "softly", deleted.version(), "softly"));
        hold("softly", "b", true);
        assertRefused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS, delete("softly", 7));
    }

    @Test
    void accountTellsWhichContainerHoldsSomething() {
        String account = "another";
        for (String name : List.of("a", "b", "c")) {
            now(blobs.changeContainer(account, name, new ContainerCommand.Create(Map.of(), PublicAccess.NONE)));
        }
        for (String name : List.of("b", "c")) {
            now(blobs.change(account, name, put("x", draft(0, true), AccountRules.NONE)));
        }
        assertEquals(Optional.of("b"), now(blobs.findImmutable(account)));
        now(blobs.change(account, "b", new BlobCommand.SetLegalHold(new BlobTarget("x"), false, BlobConditions.NONE)));
        assertEquals(Optional.of("c"), now(blobs.findImmutable(account)));
        now(blobs.change(account, "c", new BlobCommand.SetLegalHold(new BlobTarget("x"), false, BlobConditions.NONE)));
        assertEquals(Optional.empty(), now(blobs.findImmutable(account)));
    }

    /** Never both: either the hold is there when the container is to be deleted, or there is no blob any more that could be held. */
    @Test
    void ofAHoldAndADeletionAtTheSameTimeOneIsRefused() {
        for (int race = 0; race < RACES; race++) {
            String name = "race" + race;
            container(name);
            put(name, "b", DRAFT, AccountRules.NONE);
            if (race % 4 >= 2) {
                // Marked and known to be: the hold goes straight to the range.
                hold(name, "b", true);
                hold(name, "b", false);
            }
            BlobCommand.SetLegalHold hold = new BlobCommand.SetLegalHold(new BlobTarget("b"), true, BlobConditions.NONE);
            CompletionStage<ContainerState> deletion = race % 2 == 0 ? delete(name, 7 * (race % 3 % 2)) : null;
            CompletionStage<BlobReply.Done> held = elsewhere.change(ACCOUNT, name, hold);
            deletion = deletion == null ? delete(name, 7 * (race % 3 % 2)) : deletion;
            boolean isHeld = succeeds(held, StorageErrorCode.CONTAINER_NOT_FOUND);
            boolean isDeleted = succeeds(deletion, StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS);
            assertTrue(isHeld != isDeleted, "race " + race + ": held " + isHeld + ", deleted " + isDeleted);
            if (isHeld) {
                assertTrue(now(blobs.find(ACCOUNT, name, new BlobTarget("b"))).orElseThrow().legalHold());
            }
        }
    }

    private static boolean succeeds(CompletionStage<?> stage, StorageErrorCode otherwise) {
        try {
            now(stage);
            return true;
        } catch (CompletionException e) {
            assertEquals(otherwise, assertInstanceOf(StorageException.class, e.getCause()).error());
            return false;
        }
    }

    private static BlobDraft draft(long untilMillis, boolean hold) {
        return new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, hold ? null : new ImmutabilityPolicy(untilMillis, false), hold);
    }

    private static void container(String name) {
        now(blobs.changeContainer(ACCOUNT, name, new ContainerCommand.Create(Map.of(), PublicAccess.NONE)));
    }

    private static CompletionStage<ContainerState> delete(String container, int retentionDays) {
        return blobs.changeContainer(ACCOUNT, container, new ContainerCommand.Delete(BlobConditions.NONE, retentionDays));
    }

    private static void put(String container, String blob, BlobDraft draft, AccountRules rules) {
        now(blobs.change(ACCOUNT, container, put(blob, draft, rules)));
    }

    private static BlobCommand put(String blob, BlobDraft draft, AccountRules rules) {
        return new BlobCommand.PutBlockBlob(blob, draft, new NewContent.Inline(new byte[] {1}), BlobConditions.NONE, rules);
    }

    private static void hold(String container, String blob, boolean hold) {
        now(elsewhere.change(ACCOUNT, container, new BlobCommand.SetLegalHold(new BlobTarget(blob), hold, BlobConditions.NONE)));
    }

    private static void assertRefused(StorageErrorCode error, CompletionStage<?> stage) {
        CompletionException failure = assertThrows(CompletionException.class, () -> now(stage));
        assertEquals(error, assertInstanceOf(StorageException.class, failure.getCause()).error());
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
