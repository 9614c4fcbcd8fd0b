package io.lazuli.node;

import io.lazuli.admin.QueueOperations;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.partition.queue.QueueService.QueueEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The management API's queue operations on one storage account, through the same service as the storage front ends. */
final class AccountQueues implements QueueOperations {

    private static final long TIME_TO_LIVE_MILLIS = TimeUnit.DAYS.toMillis(7);

    private final QueueService queues;
    private final String account;

    AccountQueues(QueueService queues, String account) {
        this.queues = queues;
        this.account = account;
    }

    @Override
    public CompletionStage<QueuePage> list(String marker, int maxResults) {
        return answered(queues.listQueues(account, "", marker, maxResults, false).thenCompose(listing -> {
            List<CompletableFuture<Optional<QueueInfo>>> counted =
                    listing.queues().stream().map(this::counted).map(CompletionStage::toCompletableFuture).toList();
            return CompletableFuture.allOf(counted.toArray(CompletableFuture[]::new)).thenApply(done -> {
                List<QueueInfo> infos = new ArrayList<>();
                counted.forEach(info -> info.join().ifPresent(infos::add));
                return new QueuePage(infos, Optional.of(listing.nextMarker()).filter(next -> !next.isEmpty()));
            });
        }));
    }

    @Override
    public CompletionStage<Boolean> create(String queue) {
        return answered(queues.createQueue(account, queue, Map.of()));
    }

    @Override
    public CompletionStage<Void> delete(String queue) {
        return answered(queues.deleteQueue(account, queue));
    }

    @Override
    public CompletionStage<String> put(String queue, String text) {
        MessageDraft draft = new MessageDraft(text.getBytes(StandardCharsets.UTF_8), TIME_TO_LIVE_MILLIS, 0);
        return answered(queues.put(account, queue, draft).thenApply(QueueService.EnqueuedMessage::messageId));
    }

    @Override
    public CompletionStage<List<QueueMessage>> receive(String queue, int count, long visibilityTimeoutMillis) {
        return answered(queues.receive(account, queue, count, visibilityTimeoutMillis)
                .thenApply(messages -> messages.stream().map(message -> shown(message, message.popReceipt())).toList()));
    }

    @Override
    public CompletionStage<Void> deleteMessage(String queue, String messageId, String popReceipt) {
        return answered(queues.delete(account, queue, messageId, popReceipt));
    }

    @Override
    public CompletionStage<List<QueueMessage>> peek(String queue, int count) {
        return answered(queues.peek(account, queue, count)
                .thenApply(messages -> messages.stream().map(message -> shown(message, "")).toList()));
    }

    /** Empty if the queue was deleted after it was listed. */
    private CompletionStage<Optional<QueueInfo>> counted(QueueEntry entry) {
        return queues.getProperties(account, entry.name())
                .thenApply(properties -> Optional.of(new QueueInfo(entry.name(), properties.approximateMessageCount())))
                .exceptionally(failure -> {
                    if (Failures.cause(failure) instanceof StorageException storage && storage.error().status() == 404) {
                        return Optional.empty();
                    }
                    throw new CompletionException(Failures.cause(failure));
                });
    }

    private static QueueMessage shown(QueueService.QueueMessage message, String popReceipt) {
        return new QueueMessage(
                message.messageId(), popReceipt, new String(message.text(), StandardCharsets.UTF_8), message.dequeueCount(),
                message.insertedAtMillis(), message.expiresAtMillis());
    }

    private static <T> CompletionStage<T> answered(CompletionStage<T> stage) {
        return stage.exceptionallyCompose(failure -> CompletableFuture.failedStage(StorageFailures.forAdmin(failure)));
    }
}
