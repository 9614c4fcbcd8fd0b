package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.account.AccountCommand;
import io.lazuli.storage.partition.account.AccountPartition;
import io.lazuli.storage.partition.account.AccountReply;
import io.lazuli.storage.partition.account.AccountRequest;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.partition.queue.QueueService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue whose entry says DELETING and whose partition has not been destroyed yet. */
class DeletingQueueTest {

    private static final String ACCOUNT = "devstoreaccount1";
    private static final String ENTITY = "0.a." + ACCOUNT;
    /** No partition is told again, and nobody gives up, because the machine is slow. */
    private static final String PATIENT = "lazuli.partition { request-timeout = 60s, account.partition-timeout = 60s }";

    private ActorTestKit kit;
    private TestProbe<QueueRequest> partition;
    private TestProbe<AccountRequest> accounts;
    private QueueService queues;

    @BeforeEach
    void beginDeletion() {
        kit = ActorTestKit.create();
        partition = kit.createTestProbe();
        accounts = kit.createTestProbe();
        MemoryRowStore store = new MemoryRowStore();
        PartitionSettings settings = PartitionSettings.of(ConfigFactory.parseString(PATIENT).withFallback(ConfigFactory.load()));
        TestProbe<AccountReply> probe = kit.createTestProbe();
        TestProbe<QueueRequest> told = kit.createTestProbe();
        ActorRef<AccountCommand> account = kit.spawn(AccountPartition.create(PartitionId.parse(ENTITY),
                new AccountPartition.Needs(store, told.ref(), TreeSet::new, settings.account()), Optional.empty()));
        account.tell(new AccountRequest.CreateQueue(ENTITY, "orders", Map.of(), probe.ref()));
        told.expectMessageClass(QueueRequest.Initialize.class).replyTo().tell(new QueueReply.Done());
        probe.receiveMessage();
        account.tell(new AccountRequest.DeleteQueue(ENTITY, "orders", probe.ref()));
        told.expectMessageClass(QueueRequest.Destroy.class);
        queues = new PartitionedQueueService(kit.system(), store, partition.ref(), accounts.ref(), settings);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void servesThoseWhoDoNotKnowTheWayAsLongAsThoseWhoDo() {
        CompletableFuture<?> peeked = queues.peek(ACCOUNT, "orders", 1).toCompletableFuture();
        partition.expectMessageClass(QueueRequest.Peek.class).replyTo().tell(new QueueReply.Messages(List.of()));
        assertEquals(List.of(), peeked.join());
        CompletableFuture<?> policies = queues.getAccessPolicies(ACCOUNT, "orders").toCompletableFuture();
        partition.expectMessageClass(QueueRequest.Count.class).replyTo().tell(new QueueReply.Moved());
        assertEquals(StorageErrorCode.QUEUE_NOT_FOUND,
                ((StorageException) assertThrows(CompletionException.class, policies::join).getCause()).error());
    }

    @Test
    void whoeverComesAcrossItWakesTheAccount() {
        queues.peek(ACCOUNT, "orders", 1);
        assertEquals(ENTITY, accounts.expectMessageClass(AccountRequest.Resume.class).entityId());
        queues.listQueues(ACCOUNT, "", "", 10, false);
        assertEquals(ENTITY, accounts.expectMessageClass(AccountRequest.Resume.class).entityId());
    }
}
