package io.lazuli.storage.partition.table.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.BlobCommand.LeaseAction;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeReport;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowRange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** A directory of containers whose ranges are the test. */
class ContainerDirectoryTest extends DirectoryTest {

    private static final PartitionId ID = DirectoryKind.CONTAINERS.directoryOf("account");
    private static final String ENTITY = ID.toString();
    private static final TableDirectorySettings SETTINGS = settings("");
    private static final int RETENTION_DAYS = 3;

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    /** What searches for immutable blobs find, one after the other; nothing behind the last. */
    private final Queue<CompletionStage<Boolean>> findings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger searches = new AtomicInteger();

    ContainerDirectoryTest() {
        super(ID, SETTINGS);
    }

    @Override
    Clock clock() {
        return clock;
    }

    @Test
    void containerIsThereOnceItsFirstRangeServes() {
        directory.tell(change("pictures", create()));
        RangeRequest.Initialize initialize = ranges.expectMessageClass(RangeRequest.Initialize.class);
        assertEquals(Optional.empty(), container("pictures"));
        initialize.replyTo().tell(DONE);
        ContainerState made = state(probe.receiveMessage());
        assertEquals(Optional.of(made), container("pictures"));
        assertEquals(Map.of("owner", "me"), made.metadata());
        assertEquals("b", String.valueOf(PartitionId.parse(initialize.entityId()).kind().code()));
        assertEquals(made.number(), RangeName.of(PartitionId.parse(initialize.entityId())).table());
        assertEquals(refused(StorageErrorCode.CONTAINER_ALREADY_EXISTS), ask(change("pictures", create())));
        assertEquals(refused(StorageErrorCode.INVALID_INPUT), ask(new TableDirectoryRequest.CreateTable(ENTITY, "t", probe.ref())));
    }

    @Test
    void whatIsSaidOfAContainerChangesItsEntityTag() {
        ContainerState made = made("pictures");
        ContainerState changed = state(ask(change("pictures", new ContainerCommand.SetMetadata(Map.of("a", "b"), BlobConditions.NONE))));
        assertEquals(Map.of("a", "b"), changed.metadata());
        assertNotEquals(made.etag(), changed.etag());
        assertTrue(changed.modifiedTicks() > made.modifiedTicks());
        AccessPolicy policy = new AccessPolicy("id", null, null, "r");
        changed = state(ask(change("pictures", new ContainerCommand.SetAccess(PublicAccess.CONTAINER, List.of(policy), BlobConditions.NONE))));
        assertEquals(List.of(policy), changed.policies());
        assertEquals(Map.of("a", "b"), changed.metadata());
        assertEquals(Optional.of(changed), container("pictures"));
        BlobConditions before = new BlobConditions(null, null, null, clock.epochMillis() - 60_000, null, null);
        assertEquals(refused(StorageErrorCode.CONDITION_NOT_MET), ask(change("pictures", new ContainerCommand.SetMetadata(Map.of(), before))));
        assertEquals(refused(StorageErrorCode.CONTAINER_NOT_FOUND),
                ask(change("other", new ContainerCommand.SetMetadata(Map.of(), BlobConditions.NONE))));
    }

    @Test
    void leaseGuardsTheContainerAgainstDeletionAlone() {
        made("pictures");
        ContainerState leased = state(ask(change("pictures", new ContainerCommand.Lease(
                LeaseAction.ACQUIRE, "a", BlobLimits.INFINITE_LEASE_SECONDS, null, BlobConditions.NONE))));
        assertEquals("a", leased.lease().id());
        assertEquals(refused(StorageErrorCode.LEASE_ID_MISSING), ask(change("pictures", delete(0, null))));
        assertEquals(refused(StorageErrorCode.LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION), ask(change("pictures", delete(0, "b"))));
        assertEquals(Map.of(), state(ask(change("pictures", new ContainerCommand.SetMetadata(Map.of(), BlobConditions.NONE)))).metadata());
        assertEquals(refused(StorageErrorCode.LEASE_ALREADY_PRESENT), ask(change("pictures", new ContainerCommand.Lease(
                LeaseAction.ACQUIRE, "b", 15, null, BlobConditions.NONE))));
        directory.tell(change("pictures", delete(0, "a")));
        ranges.expectMessageClass(RangeRequest.Destroy.class).replyTo().tell(DONE);
        state(probe.receiveMessage());
        assertEquals(Optional.empty(), container("pictures"));
    }

    @Test
    void nameIsTakenUntilAllOfADeletedContainerIsGone() {
        made("pictures");
        directory.tell(change("pictures", delete(0, null)));
        RangeRequest destroy = ranges.expectMessageClass(RangeRequest.Destroy.class);
        assertEquals(Optional.empty(), container("pictures"));
        TestProbe<TableDirectoryReply> other = kit.createTestProbe();
        directory.tell(new TableDirectoryRequest.ChangeContainer(ENTITY, "pictures", create(), other.ref()));
        other.expectMessage(refused(StorageErrorCode.CONTAINER_BEING_DELETED));
        destroy.replyTo().tell(DONE);
        state(probe.receiveMessage());
        assertEquals(List.of(), rowsBut('n'));
    }

    @Test
    void deletedContainerComesBackUnderAFreeName() {
        ContainerState made = made("pictures");
        String range = range("pictures");
        ContainerState deleted = deletedSoftly("pictures");
        assertEquals(Optional.empty(), container("pictures"));
        ContainerState second = made("pictures");
        assertNotEquals(made.number(), second.number());
        assertEquals(refused(StorageErrorCode.CONTAINER_ALREADY_EXISTS), ask(restore("pictures", deleted.version(), "pictures")));
        assertEquals(refused(StorageErrorCode.CONTAINER_NOT_FOUND), ask(restore("pictures", "0", "restored")));
        directory.tell(restore("pictures", deleted.version(), "restored"));
        RangeRequest.Reopen reopen = ranges.expectMessageClass(RangeRequest.Reopen.class);
        assertEquals(range, reopen.entityId());
        assertEquals(Optional.empty(), container("restored"));
        reopen.replyTo().tell(DONE);
        ContainerState restored = state(probe.receiveMessage());
        assertEquals(made.number(), restored.number());
        assertEquals(made.metadata(), restored.metadata());
        assertEquals(Optional.of(restored), container("restored"));
        assertEquals(refused(StorageErrorCode.CONTAINER_NOT_FOUND), ask(restore("pictures", deleted.version(), "again")));
    }

    @Test
    void deletedContainersAreListedBehindTheOneOfTheirName() {
        ContainerState first = deletedAfterCreation("b");
        clock.advanceMillis(5_000);
        ContainerState second = deletedAfterCreation("b");
        ContainerState b = made("b");
        ContainerState a = made("a");
        ContainerState bc = made("b-c");
        assertEquals(new ContainerListing(List.of(a, b, bc), null), list("", null, 10, false));
        assertEquals(new ContainerListing(List.of(a, b, first, second, bc), null), list("", null, 10, true));
        assertEquals(new ContainerListing(List.of(b, bc), null), list("b", null, 10, false));
        assertEquals(new ContainerListing(List.of(a), "b"), list("", null, 1, false));
        List<ContainerState> pages = new ArrayList<>();
        String marker = null;
        do {
            ContainerListing page = list("", marker, 1, true);
            pages.addAll(page.containers());
            marker = page.next();
            assertTrue(marker == null || marker.indexOf('\0') < 0, "a marker is text");
        } while (marker != null);
        assertEquals(List.of(a, b, first, second, bc), pages);
    }

    @Test
    void containerIsPurgedWhenItsRetentionIsOver() {
        made("pictures");
        String range = range("pictures");
        ContainerState deleted = deletedSoftly("pictures");
        long overMillis = deleted.deletedMillis() + TimeUnit.DAYS.toMillis(RETENTION_DAYS);
        assertEquals(new TableDirectoryReply.Done(), ask(new TableDirectoryRequest.PurgeDeleted(ENTITY, overMillis - 1, probe.ref())));
        assertEquals(new TableDirectoryReply.Done(), ask(new TableDirectoryRequest.PurgeDeleted(ENTITY, overMillis, probe.ref())));
        RangeRequest.Destroy destroy = ranges.expectMessageClass(RangeRequest.Destroy.class);
        assertEquals(range, destroy.entityId());
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(restore("pictures", deleted.version(), "pictures")));
        destroy.replyTo().tell(DONE);
        await(() -> assertEquals(List.of(), rowsBut('n')));
    }

    @Test
    void nextOwnerFinishesWhatWasInterrupted() {
        made("pictures");
        directory.tell(change("pictures", delete(RETENTION_DAYS, null)));
        ranges.expectMessageClass(RangeRequest.Close.class);
        respawn();
        ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        ContainerState deleted = awaitDeleted();
        directory.tell(restore("pictures", deleted.version(), "restored"));
        ranges.expectMessageClass(RangeRequest.Reopen.class);
        respawn();
        ranges.expectMessageClass(RangeRequest.Reopen.class).replyTo().tell(DONE);
        await(() -> assertTrue(container("restored").isPresent()));
        directory.tell(change("restored", delete(RETENTION_DAYS, null)));
        ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        deleted = state(probe.receiveMessage());
        directory.tell(new TableDirectoryRequest.PurgeDeleted(ENTITY, Long.MAX_VALUE / 2, probe.ref()));
        probe.expectMessage(new TableDirectoryReply.Done());
        ranges.expectMessageClass(RangeRequest.Destroy.class);
        respawn();
        ranges.expectMessageClass(RangeRequest.Destroy.class).replyTo().tell(DONE);
        await(() -> assertEquals(List.of(), rowsBut('n')));
    }

    @Test
    void markSaysNothingElseOfItsContainerAndIsOfThatOneOnly() {
        ContainerState made = made("pictures");
        assertFalse(made.immutabilityMark());
        ContainerState marked = marked("pictures");
        assertTrue(marked.immutabilityMark());
        assertEquals(made.etag(), marked.etag());
        assertEquals(marked, state(ask(change("pictures", new ContainerCommand.MarkImmutability(made.number())))));
        ContainerState changed = state(ask(change("pictures", new ContainerCommand.SetMetadata(Map.of(), BlobConditions.NONE))));
        assertTrue(changed.immutabilityMark());
        assertEquals(refused(StorageErrorCode.CONTAINER_NOT_FOUND), ask(change("pictures", new ContainerCommand.MarkImmutability(made.number() + 1))));
        assertEquals(Optional.of(changed), container("pictures"));
    }

    @Test
    void containerWithoutTheMarkIsNotSearched() {
        made("pictures");
        directory.tell(change("pictures", delete(0, null)));
        ranges.expectMessageClass(RangeRequest.Destroy.class).replyTo().tell(DONE);
        state(probe.receiveMessage());
        deletedAfterCreation("pictures");
        assertEquals(0, searches.get());
    }

    @Test
    void containerThatHoldsSomethingImmutableIsNotDeletedAndServesOn() {
        made("pictures");
        ContainerState marked = marked("pictures");
        for (int retentionDays : new int[] {0, RETENTION_DAYS}) {
            findings.add(CompletableFuture.completedStage(true));
            assertEquals(refused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS), ask(change("pictures", delete(retentionDays, null))));
            assertEquals(Optional.of(marked), container("pictures"));
        }
        findings.add(CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY)));
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(change("pictures", delete(0, null))));
        assertEquals(List.of(), rowsOf('w'));
        directory.tell(change("pictures", delete(0, null)));
        ranges.expectMessageClass(RangeRequest.Close.class);
    }

    @Test
    void markedContainerInWhichNothingIsImmutableAnyMoreIsDeleted() {
        made("pictures");
        marked("pictures");
        ContainerState deleted = deletedSoftly("pictures");
        assertEquals(List.of(deleted), list("", null, 10, true).containers());
        directory.tell(restore("pictures", deleted.version(), "pictures"));
        ranges.expectMessageClass(RangeRequest.Reopen.class).replyTo().tell(DONE);
        assertTrue(state(probe.receiveMessage()).immutabilityMark(), "it may hold some after it was restored");
        directory.tell(change("pictures", delete(0, null)));
        ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        ranges.expectMessageClass(RangeRequest.Destroy.class).replyTo().tell(DONE);
        state(probe.receiveMessage());
        assertEquals(List.of(), rowsBut('n'));
        assertEquals(4, searches.get());
    }

    /** What becomes immutable between the first search and the closing of the ranges is found by the second; until then nobody is told that the container is gone. */
    @Test
    void deletionThatFindsSomethingAtLastIsGivenUp() {
        made("pictures");
        marked("pictures");
        ContainerState leased = state(ask(change("pictures", new ContainerCommand.Lease(
                LeaseAction.ACQUIRE, "a", BlobLimits.INFINITE_LEASE_SECONDS, null, BlobConditions.NONE))));
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        findings.add(CompletableFuture.completedStage(false));
        findings.add(CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY)));
        findings.add(second);
        directory.tell(change("pictures", delete(RETENTION_DAYS, "a")));
        ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        assertEquals(Optional.of(leased), container("pictures"));
        assertEquals(List.of(leased), list("", null, 10, true).containers());
        second.complete(true);
        RangeRequest.Reopen reopen = ranges.expectMessageClass(RangeRequest.Reopen.class);
        assertEquals(Optional.of(leased), container("pictures"));
        reopen.replyTo().tell(DONE);
        probe.expectMessage(refused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS));
        assertEquals(Optional.of(leased), container("pictures"));
        assertEquals(List.of(), rowsOf('w'));
    }

    @Test
    void nextOwnerSearchesWhatWasClosed() {
        made("pictures");
        ContainerState marked = marked("pictures");
        directory.tell(change("pictures", delete(0, null)));
        ranges.expectMessageClass(RangeRequest.Close.class);
        findings.add(CompletableFuture.completedStage(true));
        respawn();
        ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        ranges.expectMessageClass(RangeRequest.Reopen.class);
        respawn();
        ranges.expectMessageClass(RangeRequest.Reopen.class).replyTo().tell(DONE);
        await(() -> assertEquals(List.of(), rowsOf('w')));
        assertEquals(Optional.of(marked), container("pictures"));
    }

    @Test
    void ofTwoChangesOfPropertiesThatHaveReadTheSameOneIsTold() {
        ServiceProperties first = ServiceProperties.initial().with(ServiceProperties.BlobSettings.INITIAL.withVersioning(true));
        ServiceProperties second = ServiceProperties.initial().with(ServiceProperties.BlobSettings.INITIAL.withContainerRetentionDays(7));
        directory.tell(new TableDirectoryRequest.SetServiceProperties(ENTITY, ServiceProperties.initial(), first, probe.ref()));
        directory.tell(new TableDirectoryRequest.SetServiceProperties(ENTITY, ServiceProperties.initial(), second, probe.ref()));
        probe.expectMessage(new TableDirectoryReply.Done());
        probe.expectMessage(new TableDirectoryReply.Outdated());
        assertEquals(first, reader.serviceProperties(ID).toCompletableFuture().join());
        assertEquals(new TableDirectoryReply.Done(), ask(new TableDirectoryRequest.SetServiceProperties(ENTITY, first, second, probe.ref())));
        assertEquals(second, reader.serviceProperties(ID).toCompletableFuture().join());
    }

    /** A move that is under way comes to its end first: what it leaves behind could not be closed. */
    @Test
    void softDeletionWaitsForWhatIsDoneToTheRanges() {
        made("pictures");
        PartitionId range = PartitionId.parse(range("pictures"));
        RangeReport full = new RangeReport(range.toString(), 10, 3 * SETTINGS.ranges().splitBytes() / 2, 0);
        RangeRequest.FindSplitKey find = probe.awaitAssert(() -> {
            directory.tell(new TableDirectoryMessage.Report(ENTITY, full));
            return ranges.expectMessageClass(RangeRequest.FindSplitKey.class, Duration.ofMillis(100));
        });
        directory.tell(change("pictures", delete(RETENTION_DAYS, null)));
        await(() -> assertEquals(TableEntry.State.CLOSING, reader.find(ID, "pictures").toCompletableFuture().join().orElseThrow().state()));
        find.replyTo().tell(new RangeReply.SplitKey(new byte[] {'m'}));
        ranges.expectMessageClass(RangeRequest.Split.class).replyTo().tell(DONE);
        for (int i = 0; i < 2; i++) {
            ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        }
        state(probe.receiveMessage());
    }

    @Test
    void nothingIsDoneToRangesThatAreClosedUntilTheyServeAgain() {
        made("closed");
        String closed = range("closed");
        ContainerState deleted = deletedSoftly("closed");
        made("open");
        String open = range("open");
        assertEquals(open, splits(closed, open), "the closed one would have come first");
        directory.tell(restore("closed", deleted.version(), "restored"));
        ranges.expectMessageClass(RangeRequest.Reopen.class).replyTo().tell(DONE);
        state(probe.receiveMessage());
        assertEquals(closed, splits(closed));
    }

    /** Which of the ranges, all of them too large, is asked first where it could be split. */
    private String splits(String... full) {
        return probe.awaitAssert(() -> {
            for (String range : full) {
                directory.tell(new TableDirectoryMessage.Report(ENTITY, new RangeReport(range, 10, 3 * SETTINGS.ranges().splitBytes() / 2, 0)));
            }
            return ranges.expectMessageClass(RangeRequest.FindSplitKey.class, Duration.ofMillis(100));
        }).entityId();
    }

    private ContainerState deletedAfterCreation(String name) {
        made(name);
        return deletedSoftly(name);
    }

    private ContainerState deletedSoftly(String name) {
        directory.tell(change(name, delete(RETENTION_DAYS, null)));
        ranges.expectMessageClass(RangeRequest.Close.class).replyTo().tell(DONE);
        return state(probe.receiveMessage());
    }

    private ContainerState awaitDeleted() {
        return probe.awaitAssert(() -> {
            List<ContainerState> all = list("", null, 10, true).containers();
            assertEquals(1, all.size());
            return all.getFirst();
        });
    }

    private ContainerState made(String name) {
        directory.tell(change(name, create()));
        ranges.expectMessageClass(RangeRequest.Initialize.class).replyTo().tell(DONE);
        return state(probe.receiveMessage());
    }

    private ContainerState marked(String name) {
        return state(ask(change(name, new ContainerCommand.MarkImmutability(container(name).orElseThrow().number()))));
    }

    @Override
    CompletionStage<Boolean> search(String account, long number) {
        searches.incrementAndGet();
        CompletionStage<Boolean> next = findings.poll();
        return next == null ? CompletableFuture.completedStage(false) : next;
    }

    private static ContainerCommand create() {
        return new ContainerCommand.Create(Map.of("owner", "me"), PublicAccess.NONE);
    }

    private static ContainerCommand delete(int retentionDays, String leaseId) {
        return new ContainerCommand.Delete(new BlobConditions(null, null, null, null, null, leaseId), retentionDays);
    }

    private TableDirectoryRequest change(String name, ContainerCommand command) {
        return new TableDirectoryRequest.ChangeContainer(ENTITY, name, command, probe.ref());
    }

    private TableDirectoryRequest restore(String name, String version, String newName) {
        return new TableDirectoryRequest.RestoreContainer(ENTITY, name, version, newName, probe.ref());
    }

    private Optional<ContainerState> container(String name) {
        return reader.container(ID, name).toCompletableFuture().join();
    }

    private ContainerListing list(String prefix, String marker, int maxResults, boolean withDeleted) {
        return reader.containers(ID, prefix, marker, maxResults, withDeleted).toCompletableFuture().join();
    }

    private String range(String name) {
        long number = container(name).orElseThrow().number();
        return reader.ranges(ID, number).toCompletableFuture().join().getFirst().partition().toString();
    }

    /** All rows but those that begin with this letter. */
    private List<String> rowsBut(char kind) {
        return rows().filter(row -> row.charAt(0) != kind).toList();
    }

    private List<String> rowsOf(char kind) {
        return rows().filter(row -> row.charAt(0) == kind).toList();
    }

    private Stream<String> rows() {
        return store.scan(ID, RowRange.ascending(new byte[0], new byte[] {(byte) 0xFF}, 100), ReadPoint.latest()).toCompletableFuture().join().rows()
                .stream().map(row -> new String(row.key(), StandardCharsets.ISO_8859_1));
    }

    private static ContainerState state(TableDirectoryReply reply) {
        return assertInstanceOf(TableDirectoryReply.Container.class, reply, reply.toString()).state();
    }
}
