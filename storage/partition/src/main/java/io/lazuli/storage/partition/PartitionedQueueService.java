package io.lazuli.storage.partition;

import io.lazuli.kernel.Asking;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.RouteCache.QueueName;
import io.lazuli.storage.partition.account.AccountReply;
import io.lazuli.storage.partition.account.AccountRequest;
import io.lazuli.storage.partition.account.Directory;
import io.lazuli.storage.partition.account.DirectoryEntry;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The queue service on one node: finds the partition of a queue in the account's directory, remembers the way, and asks. A
 * partition that answers {@link QueueReply.Moved} is not the queue's any more (it was deleted, perhaps created anew): the way
 * is looked up again, linearizably, and the request is repeated once. Keeps no other state.
 */
final class PartitionedQueueService implements QueueService {

    /** Every account's directory is in this group. */
    private static final int ACCOUNT_GROUP = 0;

    private final Directory directory;
    private final RouteCache routes;
    private final ActorRef<QueueRequest> queues;
    private final ActorRef<AccountRequest> accounts;
    private final Duration requestTimeout;
    private final ActorSystem<?> system;

    PartitionedQueueService(ActorSystem<?> system, RowStore store, ActorRef<QueueRequest> queues, ActorRef<AccountRequest> accounts,
            PartitionSettings settings) {
        this.directory = new Directory(store, this::resume);
        this.routes = new RouteCache(settings.maxRoutes());
        this.queues = queues;
        this.accounts = accounts;
        this.requestTimeout = Duration.ofMillis(settings.requestTimeoutMillis());
        this.system = system;
    }

    @Override
    public CompletionStage<QueueListing> listQueues(
            String account, String prefix, String marker, int maxResults, boolean includeMetadata) {
        return ServiceFailures.inProtocol(directory.list(partitionOf(account), prefix, marker, maxResults, includeMetadata));
    }

    @Override
    public CompletionStage<Boolean> createQueue(String account, String queue, Map<String, String> metadata) {
        return askAccount(account, (id, replyTo) -> new AccountRequest.CreateQueue(id, queue, metadata, replyTo))
                .thenApply(reply -> ((AccountReply.Created) reply).isNew());
    }

    @Override
    public CompletionStage<Void> deleteQueue(String account, String queue) {
        return done(askAccount(account, (id, replyTo) -> new AccountRequest.DeleteQueue(id, queue, replyTo)));
    }

    @Override
    public CompletionStage<QueueProperties> getProperties(String account, String queue) {
        return count(account, queue, true);
    }

    private CompletionStage<QueueProperties> count(String account, String queue, boolean mayRepeat) {
        CompletionStage<DirectoryEntry> found = entry(account, queue);
        return found.thenCompose(entry -> askPartition(
                entry.partition().toString(), QueueRequest.Count::new).thenCompose(reply -> switch (reply) {
                    case QueueReply.Counted counted ->
                            CompletableFuture.completedStage(new QueueProperties(entry.metadata(), counted.messageCount()));
                    case QueueReply.Moved moved when mayRepeat -> count(account, queue, false);
                    default -> failed(reply);
                }));
    }

    @Override
    public CompletionStage<Void> setMetadata(String account, String queue, Map<String, String> metadata) {
        return done(askAccount(account, (id, replyTo) -> new AccountRequest.SetMetadata(id, queue, metadata, replyTo)));
    }

    @Override
    public CompletionStage<List<AccessPolicy>> getAccessPolicies(String account, String queue) {
        return entry(account, queue).thenCompose(entry -> entry.state() == DirectoryEntry.State.LIVE
                ? CompletableFuture.completedStage(entry.policies())
                : askPartition(entry.partition().toString(), QueueRequest.Count::new)
                        .thenCompose(PartitionedQueueService::answered).thenApply(serving -> entry.policies()));
    }

    @Override
    public CompletionStage<Void> setAccessPolicies(String account, String queue, List<AccessPolicy> policies) {
        return done(askAccount(account, (id, replyTo) -> new AccountRequest.SetAccessPolicies(id, queue, policies, replyTo)));
    }

    @Override
    public CompletionStage<ServiceProperties> getServiceProperties(String account) {
        return ServiceFailures.inProtocol(directory.serviceProperties(partitionOf(account)));
    }

    @Override
    public CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change) {
        return new PropertiesChange(() -> getServiceProperties(account), (expected, changed) -> askAccount(
                account, (id, replyTo) -> new AccountRequest.SetServiceProperties(id, expected, changed, replyTo))
                .thenApply(reply -> reply instanceof AccountReply.Done)).make(change);
    }

    @Override
    public CompletionStage<EnqueuedMessage> put(String account, String queue, MessageDraft draft) {
        return askQueue(account, queue, (id, replyTo) -> new QueueRequest.Put(id, draft, replyTo))
                .thenApply(reply -> ((QueueReply.Enqueued) reply).message());
    }

    @Override
    public CompletionStage<List<QueueMessage>> receive(String account, String queue, int count, long visibilityTimeoutMillis) {
        return askQueue(account, queue, (id, replyTo) -> new QueueRequest.Receive(id, count, visibilityTimeoutMillis, replyTo))
                .thenApply(reply -> ((QueueReply.Messages) reply).messages());
    }

    @Override
    public CompletionStage<List<QueueMessage>> peek(String account, String queue, int count) {
        return askQueue(account, queue, (id, replyTo) -> new QueueRequest.Peek(id, count, replyTo))
                .thenApply(reply -> ((QueueReply.Messages) reply).messages());
    }

    @Override
    public CompletionStage<UpdatedMessage> update(
            String account, String queue, String messageId, String popReceipt, byte[] text, long visibilityTimeoutMillis) {
        return askQueue(account, queue,
                (id, replyTo) -> new QueueRequest.Update(id, messageId, popReceipt, text, visibilityTimeoutMillis, replyTo))
                .thenApply(reply -> ((QueueReply.Updated) reply).message());
    }

    @Override
    public CompletionStage<Void> delete(String account, String queue, String messageId, String popReceipt) {
        return done(askQueue(account, queue, (id, replyTo) -> new QueueRequest.Delete(id, messageId, popReceipt, replyTo)));
    }

    @Override
    public CompletionStage<Void> clear(String account, String queue) {
        return done(askQueue(account, queue, QueueRequest.Clear::new));
    }

    /** Completes with a reply that is neither Refused nor Moved. */
    private CompletionStage<QueueReply> askQueue(
            String account, String queue, BiFunction<String, ActorRef<QueueReply>, QueueRequest> request) {
        QueueName name = new QueueName(account, queue);
        Optional<String> known = routes.get(name);
        if (known.isEmpty()) {
            return askResolved(name, request);
        }
        return askPartition(known.get(), request).thenCompose(reply -> {
            if (reply instanceof QueueReply.Moved) {
                routes.forget(name, known.get());
                return askResolved(name, request);
            }
            return answered(reply);
        });
    }

    private CompletionStage<QueueReply> askResolved(QueueName name, BiFunction<String, ActorRef<QueueReply>, QueueRequest> request) {
        return entry(name.account(), name.queue()).thenCompose(entry -> {
            String partition = entry.partition().toString();
            routes.put(name, partition);
            return askPartition(partition, request).thenCompose(PartitionedQueueService::answered);
        });
    }

    private CompletionStage<QueueReply> askPartition(String partition, BiFunction<String, ActorRef<QueueReply>, QueueRequest> request) {
        return ServiceFailures.inProtocol(Asking.<QueueRequest, QueueReply>ask(
                queues, replyTo -> request.apply(partition, replyTo), requestTimeout, system));
    }

    private CompletionStage<AccountReply> askAccount(String account, BiFunction<String, ActorRef<AccountReply>, AccountRequest> request) {
        String partition = partitionOf(account).toString();
        return ServiceFailures.inProtocol(Asking.<AccountRequest, AccountReply>ask(
                accounts, replyTo -> request.apply(partition, replyTo), requestTimeout, system))
                .thenCompose(reply -> reply instanceof AccountReply.Refused refused
                        ? CompletableFuture.failedStage(new StorageException(refused.error()))
                        : CompletableFuture.completedStage(reply));
    }

    /** Fire and forget: whoever sees the unfinished entry next asks again. */
    private void resume(PartitionId account) {
        askAccount(account.name(), AccountRequest.Resume::new);
    }

    /**
     * The queue's entry, if it is live or being deleted; else QueueNotFound. Linearizable. Only its partition knows whether a
     * queue that is being deleted still serves: it does for those that know the way to it, so it must for all.
     */
    private CompletionStage<DirectoryEntry> entry(String account, String queue) {
        return ServiceFailures.inProtocol(directory.find(partitionOf(account), queue)).thenApply(found -> found
                .filter(entry -> entry.state() != DirectoryEntry.State.CREATING)
                .orElseThrow(() -> new StorageException(StorageErrorCode.QUEUE_NOT_FOUND)));
    }

    private static PartitionId partitionOf(String account) {
        return new PartitionId(ACCOUNT_GROUP, PartitionKind.ACCOUNT, account);
    }

    private static CompletionStage<QueueReply> answered(QueueReply reply) {
        return reply instanceof QueueReply.Refused || reply instanceof QueueReply.Moved
                ? failed(reply)
                : CompletableFuture.completedStage(reply);
    }

    private static <T> CompletionStage<T> failed(QueueReply reply) {
        return CompletableFuture.failedStage(new StorageException(
                reply instanceof QueueReply.Refused refused ? refused.error() : StorageErrorCode.QUEUE_NOT_FOUND));
    }

    private static CompletionStage<Void> done(CompletionStage<?> reply) {
        return reply.thenApply(ignored -> null);
    }
}
