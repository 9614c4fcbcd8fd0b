package io.lazuli.storage.partition.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.ManualClock;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.ActorTest;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import io.lazuli.storage.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueuePartitionTest extends ActorTest {

    private static final PartitionId ID = PartitionId.parse("1.q.account-7");
    private static final String ENTITY = ID.toString();

    private final MemoryRowStore store = new MemoryRowStore();
    private final ManualClock clock = new ManualClock(1_000_000);
    private TestProbe<QueueReply> probe;

    @BeforeEach
    void newProbe() {
        probe = kit.createTestProbe();
    }

    @Test
    void answersMovedUntilItIsInitializedAndAfterItIsDestroyed() {
        ActorRef<QueueCommand> queue = spawn("");
        assertEquals(new QueueReply.Moved(), ask(queue, put("a")));
        assertEquals(new QueueReply.Done(), ask(queue, new QueueRequest.Initialize(ENTITY, probe.ref())));
        assertEquals(new QueueReply.Done(), ask(queue, new QueueRequest.Initialize(ENTITY, probe.ref())));
        ask(queue, put("a"));
        assertEquals(new QueueReply.Done(), ask(queue, new QueueRequest.Destroy(ENTITY, probe.ref())));
        assertEquals(new QueueReply.Moved(), ask(queue, put("b")));
        assertEquals(new QueueReply.Done(), ask(queue, new QueueRequest.Destroy(ENTITY, probe.ref())));
        assertEquals(new QueueReply.Moved(), ask(queue, new QueueRequest.Initialize(ENTITY, probe.ref())));
        assertEquals(2, store.rowCount(ID), "a destroyed queue leaves its header and progress");
    }

    @Test
    void messagesOutliveTheActor() {
        ActorRef<QueueCommand> first = live("");
        ask(first, put("a"));
        ask(first, put("b"));
        QueueMessage a = receive(first, 1).getFirst();
        stop(first);
        ActorRef<QueueCommand> second = spawn("");
        assertEquals(new QueueReply.Counted(2), ask(second, new QueueRequest.Count(ENTITY, probe.ref())));
        assertEquals(List.of("b"), texts(receive(second, 32)));
        assertEquals(new QueueReply.Done(), ask(second, new QueueRequest.Delete(ENTITY, a.messageId(), a.popReceipt(), probe.ref())));
        assertEquals(new QueueReply.Counted(1), ask(second, new QueueRequest.Count(ENTITY, probe.ref())));
    }

    @Test
    void messageReappearsWhenItsVisibilityTimeoutEndsAndOldReceiptsAreWorthless() {
        ActorRef<QueueCommand> queue = live("");
        ask(queue, put("a"));
        QueueMessage first = receive(queue, 1).getFirst();
        assertEquals(List.of(), receive(queue, 1));
        clock.advanceMillis(30_000);
        QueueMessage second = receive(queue, 1).getFirst();
        assertEquals(2, second.dequeueCount());
        assertNotEquals(first.popReceipt(), second.popReceipt());
        assertEquals(refused(StorageErrorCode.POP_RECEIPT_MISMATCH),
                ask(queue, new QueueRequest.Delete(ENTITY, first.messageId(), first.popReceipt(), probe.ref())));
        assertEquals(new QueueReply.Done(),
                ask(queue, new QueueRequest.Delete(ENTITY, second.messageId(), second.popReceipt(), probe.ref())));
        assertEquals(refused(StorageErrorCode.MESSAGE_NOT_FOUND),
                ask(queue, new QueueRequest.Delete(ENTITY, second.messageId(), second.popReceipt(), probe.ref())));
    }

    @Test
    void noReplyLeavesBeforeItsBatchIsDurable() {
        ActorRef<QueueCommand> queue = live("");
        store.holdCommits();
        queue.tell(put("a"));
        queue.tell(new QueueRequest.Receive(ENTITY, 1, 30_000, probe.ref()));
        queue.tell(new QueueRequest.Peek(ENTITY, 1, probe.ref()));
        probe.expectNoMessage(java.time.Duration.ofMillis(100));
        store.releaseHeld();
        assertInstanceOf(QueueReply.Enqueued.class, probe.receiveMessage());
        assertEquals(List.of("a"), texts(((QueueReply.Messages) probe.receiveMessage()).messages()));
        assertEquals(new QueueReply.Messages(List.of()), probe.receiveMessage());
    }

    @Test
    void requestsThatArriveDuringCommitsShareTheNext() {
        ActorRef<QueueCommand> queue = live("");
        int before = store.commits().size();
        store.holdCommits();
        for (int i = 0; i < 64; i++) {
            queue.tell(put("message " + i));
        }
        await(() -> assertEquals(2, store.heldCalls()));
        store.releaseHeld();
        for (int i = 0; i < 64; i++) {
            assertInstanceOf(QueueReply.Enqueued.class, probe.receiveMessage());
        }
        assertTrue(store.commits().size() - before <= 4, "commits: " + (store.commits().size() - before));
    }

    @Test
    void oneConfirmationServesAllReadsThatWaitForIt() {
        ActorRef<QueueCommand> queue = live("");
        int before = store.confirmations();
        store.holdCommits();
        for (int i = 0; i < 50; i++) {
            queue.tell(new QueueRequest.Peek(ENTITY, 1, probe.ref()));
        }
        await(() -> assertEquals(2, store.heldCalls()));
        store.releaseHeld();
        for (int i = 0; i < 50; i++) {
            assertEquals(new QueueReply.Messages(List.of()), probe.receiveMessage());
        }
        assertTrue(store.confirmations() - before <= 4, "confirmations: " + (store.confirmations() - before));
    }

    @Test
    void failedCommitLosesNothingThatWasAcknowledged() {
        ActorRef<QueueCommand> queue = live("");
        ask(queue, put("kept"));
        store.failNextCommit(new StoreUnavailableException("no leader", false));
        assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), ask(queue, put("unknown")));
        assertEquals(List.of("kept"), texts(receive(queue, 32)));
    }

    @Test
    void commitThatWasCertainlyNotAppliedIsAnsweredBusy() {
        ActorRef<QueueCommand> queue = live("");
        store.failNextCommit(new StoreUnavailableException("too much pending", true));
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(queue, put("a")));
        assertInstanceOf(QueueReply.Enqueued.class, ask(queue, put("b")));
    }

    @Test
    void whatIsBeingCommittedIsNotCalledRefusedBecauseTheNextCommitIs() {
        ActorRef<QueueCommand> queue = live("");
        store.holdCommits();
        queue.tell(put("a"));
        await(() -> assertEquals(1, store.heldCalls()));
        store.failNextCommit(new StoreUnavailableException("too much waits", true));
        TestProbe<QueueReply> next = kit.createTestProbe();
        queue.tell(new QueueRequest.Put(ENTITY, draft("b"), next.ref()));
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), next.receiveMessage());
        assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), probe.receiveMessage());
        store.releaseHeld();
    }

    @Test
    void fencedActorAnswersNothingStaleAndStops() {
        ActorRef<QueueCommand> old = live("");
        ask(old, put("a"));
        ActorRef<QueueCommand> owner = spawn("");
        assertEquals(List.of("a"), texts(receive(owner, 1)));
        old.tell(new QueueRequest.Peek(ENTITY, 1, probe.ref()));
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), probe.receiveMessage());
        probe.expectTerminated(old);
        assertInstanceOf(QueueReply.Enqueued.class, ask(owner, put("b")));
    }

    @Test
    void requestsBeyondTheStashAreRefusedWhileItOpens() {
        store.holdClaims();
        ActorRef<QueueCommand> queue = spawn("max-pending-requests = 16");
        TestProbe<QueueReply> stashed = kit.createTestProbe();
        for (int i = 0; i < 16; i++) {
            queue.tell(new QueueRequest.Count(ENTITY, stashed.ref()));
        }
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(queue, put("one too many")));
        store.releaseHeld();
        stashed.receiveSeveralMessages(16).forEach(reply -> assertEquals(new QueueReply.Moved(), reply));
        assertEquals(new QueueReply.Moved(), ask(queue, put("after it opened")));
    }

    @Test
    void requestsBeyondThePendingBoundAreRefused() {
        ActorRef<QueueCommand> queue = live("max-pending-requests = 16");
        store.holdCommits();
        TestProbe<QueueReply> waiting = kit.createTestProbe();
        for (int i = 0; i < 16; i++) {
            queue.tell(new QueueRequest.Put(ENTITY, draft("m" + i), waiting.ref()));
        }
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), ask(queue, put("one too many")));
        store.releaseHeld();
        for (int i = 0; i < 16; i++) {
            assertInstanceOf(QueueReply.Enqueued.class, waiting.receiveMessage());
        }
        assertInstanceOf(QueueReply.Enqueued.class, ask(queue, put("welcome again")));
    }

    @Test
    void idleActorAsksForPassivation() {
        TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
        ActorRef<QueueCommand> queue = kit.spawn(QueuePartition.create(ID, needs("tick-interval = 10ms"), Optional.of(shard.ref())));
        ask(queue, new QueueRequest.Initialize(ENTITY, probe.ref()));
        clock.advanceMillis(200_000);
        shard.expectMessageClass(ClusterSharding.Passivate.class);
        stop(queue);
    }

    @Test
    void stoppedActorFinishesWhatIsUnderWay() {
        ActorRef<QueueCommand> queue = live("");
        store.holdCommits();
        queue.tell(put("a"));
        await(() -> assertEquals(1, store.heldCalls()));
        queue.tell(QueueCommand.Stop.STOP);
        TestProbe<QueueReply> late = kit.createTestProbe();
        queue.tell(new QueueRequest.Count(ENTITY, late.ref()));
        assertEquals(refused(StorageErrorCode.SERVER_BUSY), late.receiveMessage());
        store.releaseHeld();
        assertInstanceOf(QueueReply.Enqueued.class, probe.receiveMessage());
        probe.expectTerminated(queue);
    }

    @Test
    void actorThatFailedClaimsThePartitionAnew() {
        ActorRef<QueueCommand> queue = live("");
        long epoch = store.epoch(ID);
        store.failNextCommit(new StoreUnavailableException("no leader", false));
        assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), ask(queue, put("a")));
        assertInstanceOf(QueueReply.Enqueued.class, ask(queue, put("b")));
        assertEquals(epoch + 1, store.epoch(ID));
    }

    @Test
    void lateResultOfAnIncarnationThatFailedChangesNothing() {
        ActorRef<QueueCommand> queue = live("");
        long epoch = store.epoch(ID);
        store.holdCommits();
        queue.tell(put("a"));
        await(() -> assertEquals(1, store.heldCalls()));
        store.failNextCommit(new StoreUnavailableException("no leader", false));
        queue.tell(put("b"));
        probe.receiveSeveralMessages(2).forEach(reply -> assertEquals(refused(StorageErrorCode.OPERATION_TIMED_OUT), reply));
        await(() -> assertEquals(epoch + 1, store.epoch(ID)));
        store.releaseHeld();
        assertInstanceOf(QueueReply.Enqueued.class, ask(queue, put("c")));
        assertEquals(List.of("c"), texts(receive(queue, 32)));
        assertEquals(epoch + 1, store.epoch(ID));
    }

    @Test
    void busyQueueServesAgainWhenTheReadThatMadeItBusyHasEnded() {
        ActorRef<QueueCommand> first = live("");
        ask(first, put("a"));
        QueueMessage a = receive(first, 1).getFirst();
        stop(first);
        ActorRef<QueueCommand> second = spawn("recent-bytes = 1 MiB, lease-cache = 0");
        ask(second, new QueueRequest.Count(ENTITY, probe.ref()));
        store.holdReads();
        TestProbe<QueueReply> deleter = kit.createTestProbe();
        second.tell(new QueueRequest.Delete(ENTITY, a.messageId(), "AAAAAAAAAAAAAAAAAAAAAA", deleter.ref()));
        int puts = 0;
        while (ask(second, put("x".repeat(60_000))) instanceof QueueReply.Enqueued) {
            assertTrue(++puts < 100, "never busy");
        }
        store.releaseHeld();
        assertEquals(refused(StorageErrorCode.POP_RECEIPT_MISMATCH), deleter.receiveMessage());
        assertInstanceOf(QueueReply.Enqueued.class, ask(second, put("welcome again")));
    }

    @Test
    void messagesThatReappearAfterARestartComeWithTheirTexts() {
        ActorRef<QueueCommand> first = live("");
        for (int i = 0; i < 100; i++) {
            ask(first, put("m" + i));
        }
        List<QueueMessage> received = receive(first, 32);
        for (int i = 1; i < 32; i += 2) {
            ask(first, new QueueRequest.Delete(ENTITY, received.get(i).messageId(), received.get(i).popReceipt(), probe.ref()));
        }
        stop(first);
        clock.advanceMillis(30_000);
        ActorRef<QueueCommand> second = spawn("");
        List<String> all = new ArrayList<>(texts(receive(second, 32)));
        all.addAll(texts(receive(second, 32)));
        all.addAll(texts(receive(second, 32)));
        assertEquals(84, all.size());
        assertEquals(List.of("m32", "m33"), all.subList(0, 2));
        assertEquals(List.of("m0", "m2", "m4"), all.subList(68, 71));
    }

    @Test
    void deleteOfAMessageThatIsNotInMemoryReadsItsRow() {
        ActorRef<QueueCommand> first = live("lease-cache = 0");
        ask(first, put("a"));
        QueueMessage a = receive(first, 1).getFirst();
        stop(first);
        ActorRef<QueueCommand> second = spawn("lease-cache = 0");
        store.holdReads();
        second.tell(new QueueRequest.Delete(ENTITY, a.messageId(), a.popReceipt(), probe.ref()));
        second.tell(new QueueRequest.Delete(ENTITY, a.messageId(), a.popReceipt(), probe.ref()));
        second.tell(new QueueRequest.Delete(ENTITY, a.messageId(), "AAAAAAAAAAAAAAAAAAAAAA", probe.ref()));
        store.releaseHeld();
        store.releaseHeld();
        List<QueueReply> replies = probe.receiveSeveralMessages(3);
        assertTrue(replies.contains(new QueueReply.Done()), replies.toString());
        assertEquals(1, replies.stream().filter(new QueueReply.Done()::equals).count(), replies.toString());
        assertEquals(new QueueReply.Counted(0), ask(second, new QueueRequest.Count(ENTITY, probe.ref())));
    }

    private ActorRef<QueueCommand> live(String settings) {
        ActorRef<QueueCommand> queue = spawn(settings);
        assertEquals(new QueueReply.Done(), ask(queue, new QueueRequest.Initialize(ENTITY, probe.ref())));
        return queue;
    }

    private ActorRef<QueueCommand> spawn(String settings) {
        return kit.spawn(QueuePartition.create(ID, needs(settings), Optional.empty()));
    }

    private QueuePartition.Needs needs(String settings) {
        SettingsReader reader = new SettingsReader(ConfigFactory.parseString("lazuli.partition.queue {" + settings + "}")
                .withFallback(ConfigFactory.parseString("lazuli.partition.queue { min-restart-backoff = 10ms, max-restart-backoff = 20ms }"))
                .withFallback(ConfigFactory.defaultReference())).under("lazuli.partition.queue");
        return new QueuePartition.Needs(store, QueuePartitionSettings.of(reader), clock, new Random(1)::nextLong);
    }

    private void stop(ActorRef<QueueCommand> queue) {
        queue.tell(QueueCommand.Stop.STOP);
        probe.expectTerminated(queue);
    }

    private QueueReply ask(ActorRef<QueueCommand> queue, QueueRequest request) {
        queue.tell(request);
        return probe.receiveMessage();
    }

    private QueueRequest put(String text) {
        return new QueueRequest.Put(ENTITY, draft(text), probe.ref());
    }

    private static MessageDraft draft(String text) {
        return new MessageDraft(text.getBytes(StandardCharsets.UTF_8), -1, 0);
    }

    private List<QueueMessage> receive(ActorRef<QueueCommand> queue, int count) {
        return ((QueueReply.Messages) ask(queue, new QueueRequest.Receive(ENTITY, count, 30_000, probe.ref()))).messages();
    }

    private static List<String> texts(List<QueueMessage> messages) {
        return messages.stream().map(message -> new String(message.text(), StandardCharsets.UTF_8)).toList();
    }

    private static QueueReply refused(StorageErrorCode error) {
        return new QueueReply.Refused(error);
    }
}
