package io.lazuli.storage.partition.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.account.DirectoryEntry.State;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.partition.queue.QueueService.QueueEntry;
import io.lazuli.storage.partition.queue.QueueService.QueueListing;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountPartitionTest extends ActorTest {

    private static final PartitionId ID = PartitionId.parse("0.a.devstoreaccount1");
    private static final String ENTITY = ID.toString();
    private static final AccountPartitionSettings SETTINGS = new AccountPartitionSettings(16, 60_000, 60_000, 120_000, 10, 20);
    private static final QueueReply BUSY = new QueueReply.Refused(StorageErrorCode.SERVER_BUSY);

    private final MemoryRowStore store = new MemoryRowStore();
    private final List<PartitionId> unfinished = new ArrayList<>();
    private final Directory directory = new Directory(store, unfinished::add);
    private TestProbe<AccountReply> probe;
    private TestProbe<QueueRequest> queues;
    private ActorRef<AccountCommand> account;

    @BeforeEach
    void spawnAccount() {
        probe = kit.createTestProbe();
        queues = kit.createTestProbe();
        account = spawn(SETTINGS);
    }

    @Test
    void queueIsLiveOnlyAfterItsPartitionIsInitialized() {
        account.tell(create("orders", Map.of("k", "v")));
        QueueRequest.Initialize initialize = queues.expectMessageClass(QueueRequest.Initialize.class);
        assertEquals(State.CREATING, entry("orders").state());
        assertEquals(new QueueListing(List.of(), ""), list("", "", 10, true));
        initialize.replyTo().tell(new QueueReply.Done());
        assertEquals(new AccountReply.Created(true), probe.receiveMessage());
        assertEquals(State.LIVE, entry("orders").state());
        assertEquals(initialize.entityId(), entry("orders").partition().toString());
        assertEquals(new QueueListing(List.of(new QueueEntry("orders", Map.of("k", "v"))), ""), list("", "", 10, true));
    }

    @Test
    void creatingAgainIsNoChangeWithTheSameMetadataAndAnErrorWithOther() {
        made("orders", Map.of("k", "v"));
        assertEquals(new AccountReply.Created(false), ask(create("orders", Map.of("k", "v"))));
        assertEquals(refused(StorageErrorCode.QUEUE_ALREADY_EXISTS), ask(create("orders", Map.of())));
    }

    @Test
    void simultaneousCreationsOfOneQueueCreateItOnce() {
        account.tell(create("orders", Map.of()));
        account.tell(create("orders", Map.of()));
        queues.expectMessageClass(QueueRequest.Initialize.class).replyTo().tell(new QueueReply.Done());
        assertEquals(new AccountReply.Created(true), probe.receiveMessage());
        assertEquals(new AccountReply.Created(false), probe.receiveMessage());
        queues.expectNoMessage();
    }

    @Test
    void deletedQueueIsDestroyedBeforeItsNameIsFree() {
        made("orders", Map.of());
        account.tell(new AccountRequest.DeleteQueue(ENTITY, "orders", probe.ref()));
        QueueRequest.Destroy destroy = queues.expectMessageClass(QueueRequest.Destroy.class);
        assertEquals(State.DELETING, entry("orders").state());
        TestProbe<AccountReply> other = kit.createTestProbe();
        account.tell(new AccountRequest.CreateQueue(ENTITY, "orders", Map.of(), other.ref()));
        assertEquals(refused(StorageErrorCode.QUEUE_BEING_DELETED), other.receiveMessage());
        destroy.replyTo().tell(new QueueReply.Done());
        assertEquals(new AccountReply.Done(), probe.receiveMessage());
        assertEquals(refused(StorageErrorCode.QUEUE_NOT_FOUND), ask(new AccountRequest.DeleteQueue(ENTITY, "orders", probe.ref())));
    }

    @Test
    void queueCreatedAnewHasAnotherPartition() {
        made("orders", Map.of());
        PartitionId first = entry("orders").partition();
        account.tell(new AccountRequest.DeleteQueue(ENTITY, "orders", probe.ref()));
        queues.expectMessageClass(QueueRequest.Destroy.class).replyTo().tell(new QueueReply.Done());
        probe.receiveMessage();
        respawn();
        made("orders", Map.of());
        assertNotEquals(first, entry("orders").partition());
        assertNotEquals(first.name(), entry("orders").partition().name());
    }

    @Test
    void newQueuesAreSpreadOverTheGroups() {
        Set<Integer> groups = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            made("queue-" + i, Map.of());
            groups.add(entry("queue-" + i).partition().group());
        }
        assertEquals(Set.of(0, 1, 2), groups);
    }

    @Test
    void newOwnerFinishesCreationsAndDeletionsThatACrashInterrupted() {
        made("old", Map.of());
        account.tell(create("new", Map.of()));
        queues.expectMessageClass(QueueRequest.Initialize.class);
        account.tell(new AccountRequest.DeleteQueue(ENTITY, "old", probe.ref()));
        queues.expectMessageClass(QueueRequest.Destroy.class);
        respawn();
        for (int i = 0; i < 2; i++) {
            answer(queues.receiveMessage());
        }
        await(() -> {
            assertEquals(State.LIVE, entry("new").state());
            assertEquals(Optional.empty(), directory.find(ID, "old").toCompletableFuture().join());
        });
        respawn();
        queues.expectNoMessage();
    }

    @Test
    void partitionThatIsBusyIsToldAgain() {
        account.tell(create("orders", Map.of()));
        queues.expectMessageClass(QueueRequest.Initialize.class).replyTo().tell(BUSY);
        queues.expectMessageClass(QueueRequest.Initialize.class).replyTo().tell(new QueueReply.Done());
        assertEquals(new AccountReply.Created(true), probe.receiveMessage());
    }

    @Test
    void partitionThatDoesNotAnswerDoesNotUseUpThePlacesOfRequests() {
        respawn(new AccountPartitionSettings(16, 20, 60_000, 120_000, 10, 20));
        for (int i = 0; i < 20; i++) {
            assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), ask(create("orders", Map.of())));
        }
        answer(queues.expectMessageClass(QueueRequest.Initialize.class));
        await(() -> assertEquals(State.LIVE, entry("orders").state()));
    }

    @Test
    void whoeverReadsAnUnfinishedEntryLearnsThatTheAccountHasToWake() {
        account.tell(create("orders", Map.of()));
        QueueRequest initialize = queues.expectMessageClass(QueueRequest.Initialize.class);
        entry("orders");
        list("", "", 10, false);
        assertEquals(List.of(ID, ID), unfinished);
        assertEquals(new AccountReply.Done(), ask(new AccountRequest.Resume(ENTITY, probe.ref())));
        answer(initialize);
        assertEquals(new AccountReply.Created(true), probe.receiveMessage());
        entry("orders");
        list("", "", 10, false);
        assertEquals(2, unfinished.size());
    }

    @Test
    void interruptedCreationIsFinishedButNotForOtherMetadata() {
        Optional<DirectoryEntry> creating = Optional.of(new DirectoryEntry(
                State.CREATING, PartitionId.parse("1.q.account-7"), Map.of("k", "v"), List.of()));
        DirectoryPlan same = DirectoryPlan.create(creating, "orders", Map.of("k", "v"), 8, number -> ID);
        DirectoryPlan other = DirectoryPlan.create(creating, "orders", Map.of("k", "w"), 8, number -> ID);
        assertEquals(new AccountReply.Created(true), same.reply());
        assertEquals(refused(StorageErrorCode.QUEUE_ALREADY_EXISTS), other.reply());
        assertEquals(same.tell(), other.tell());
    }

    @Test
    void failedCommitIsAnsweredAndTheActorStartsAnew() {
        store.failNextCommit(new StoreUnavailableException("no leader", false));
        assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), ask(create("orders", Map.of())));
        made("orders", Map.of());
    }

    @Test
    void lateAnswerToAnIncarnationThatFailedChangesNothing() {
        account.tell(create("orders", Map.of()));
        QueueRequest first = queues.expectMessageClass(QueueRequest.Initialize.class);
        store.failNextCommit(new StoreUnavailableException("no leader", false));
        account.tell(create("others", Map.of()));
        probe.receiveSeveralMessages(2).forEach(reply -> assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), reply));
        answer(queues.expectMessageClass(QueueRequest.Initialize.class));
        account.tell(new AccountRequest.DeleteQueue(ENTITY, "orders", probe.ref()));
        answer(queues.expectMessageClass(QueueRequest.Destroy.class));
        assertEquals(new AccountReply.Done(), probe.receiveMessage());
        int before = store.commits().size();
        answer(first);
        made("others", Map.of());
        assertEquals(Optional.empty(), directory.find(ID, "orders").toCompletableFuture().join());
        assertEquals(before + 2, store.commits().size());
    }

    @Test
    void fencedActorAnswersNothingStaleAndStops() {
        ActorRef<AccountCommand> old = account;
        made("orders", Map.of());
        account = spawn(SETTINGS);
        made("others", Map.of());
        old.tell(create("orders", Map.of("different", "metadata")));
        assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), probe.receiveMessage());
        probe.expectTerminated(old);
    }

    @Test
    void requestsBeyondThePendingBoundAreRefused() {
        store.holdCommits();
        for (int i = 0; i < SETTINGS.maxPendingRequests(); i++) {
            account.tell(new AccountRequest.CreateQueue(ENTITY, "q" + i, Map.of(), kit.<AccountReply>createTestProbe().ref()));
        }
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(create("one-too-many", Map.of())));
        store.releaseHeld();
    }

    @Test
    void metadataPoliciesAndPropertiesAreKept() {
        made("orders", Map.of("a", "1"));
        assertEquals(new AccountReply.Done(), ask(new AccountRequest.SetMetadata(ENTITY, "orders", Map.of("b", "2"), probe.ref())));
        List<AccessPolicy> policies = List.of(new AccessPolicy("id", "2026-01-01", null, "raup"));
        assertEquals(new AccountReply.Done(), ask(new AccountRequest.SetAccessPolicies(ENTITY, "orders", policies, probe.ref())));
        assertEquals(Map.of("b", "2"), entry("orders").metadata());
        assertEquals(policies, entry("orders").policies());
        assertEquals(refused(StorageErrorCode.QUEUE_NOT_FOUND),
                ask(new AccountRequest.SetMetadata(ENTITY, "nobody", Map.of(), probe.ref())));

        assertEquals(ServiceProperties.initial(), directory.serviceProperties(ID).toCompletableFuture().join());
        ServiceProperties properties = new ServiceProperties(ServiceProperties.initial().logging(),
                ServiceProperties.initial().hourMetrics(), ServiceProperties.initial().minuteMetrics(),
                List.of(new ServiceProperties.CorsRule(List.of("*"), List.of("GET"), List.of(), List.of("x-ms-*"), 60)));
        assertEquals(new AccountReply.Done(), ask(new AccountRequest.SetServiceProperties(ENTITY, ServiceProperties.initial(), properties, probe.ref())));
        assertEquals(properties, directory.serviceProperties(ID).toCompletableFuture().join());
        ServiceProperties other = new ServiceProperties(
                properties.logging(), properties.hourMetrics(), properties.minuteMetrics(), List.of());
        assertEquals(new AccountReply.Outdated(), ask(new AccountRequest.SetServiceProperties(ENTITY, ServiceProperties.initial(), other, probe.ref())));
        assertEquals(properties, directory.serviceProperties(ID).toCompletableFuture().join());
    }

    @Test
    void listingGoesThroughAllQueuesInOrderWhateverThePageSize() {
        List<String> names = List.of("a", "a-1", "a-10", "a-2", "a0", "ab", "b", "b-b");
        names.forEach(name -> made(name, Map.of()));
        for (int pageSize = 1; pageSize <= names.size() + 1; pageSize++) {
            for (boolean metadata : new boolean[] {true, false}) {
                assertEquals(names, allNames("", pageSize, metadata));
                assertEquals(List.of("a-1", "a-10", "a-2"), allNames("a-", pageSize, metadata));
            }
        }
        assertEquals(new QueueListing(List.of(), ""), list("zzz", "", 10, false));
        assertEquals("ab", list("", "a1", 1, false).queues().getFirst().name());
    }

    private List<String> allNames(String prefix, int pageSize, boolean metadata) {
        List<String> names = new ArrayList<>();
        String marker = "";
        do {
            QueueListing page = list(prefix, marker, pageSize, metadata);
            assertTrue(page.queues().size() <= pageSize);
            page.queues().forEach(queue -> names.add(queue.name()));
            marker = page.nextMarker();
        } while (!marker.isEmpty());
        return names;
    }

    private QueueListing list(String prefix, String marker, int maxResults, boolean metadata) {
        return directory.list(ID, prefix, marker, maxResults, metadata).toCompletableFuture().join();
    }

    private DirectoryEntry entry(String queue) {
        return directory.find(ID, queue).toCompletableFuture().join().orElseThrow();
    }

    private ActorRef<AccountCommand> spawn(AccountPartitionSettings settings) {
        return kit.spawn(AccountPartition.create(
                ID, new AccountPartition.Needs(store, queues.ref(), () -> new TreeSet<>(Set.of(0, 1, 2)), settings), Optional.empty()));
    }

    private void respawn() {
        respawn(SETTINGS);
    }

    private void respawn(AccountPartitionSettings settings) {
        account.tell(AccountCommand.Stop.STOP);
        probe.expectTerminated(account);
        probe = kit.createTestProbe();
        account = spawn(settings);
    }

    private void made(String queue, Map<String, String> metadata) {
        account.tell(create(queue, metadata));
        queues.expectMessageClass(QueueRequest.Initialize.class).replyTo().tell(new QueueReply.Done());
        assertInstanceOf(AccountReply.Created.class, probe.receiveMessage());
    }

    private static void answer(QueueRequest request) {
        request.replyTo().tell(new QueueReply.Done());
    }

    private AccountReply ask(AccountRequest request) {
        account.tell(request);
        return probe.receiveMessage();
    }

    private AccountRequest create(String queue, Map<String, String> metadata) {
        return new AccountRequest.CreateQueue(ENTITY, queue, metadata, probe.ref());
    }

    private static AccountReply refused(StorageErrorCode error) {
        return new AccountReply.Refused(error);
    }
}
