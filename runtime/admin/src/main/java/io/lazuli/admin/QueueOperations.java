package io.lazuli.admin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Queues of the cloud's own storage account, as far as managing a cloud needs them; the node module provides it.
 * Arguments are validated by the caller. Stages fail with {@link AdminException}, which carries the status and the
 * storage service's error code (e.g. 404 {@code QueueNotFound}).
 */
public interface QueueOperations {

    /** Queues in the order of their names, from {@code marker} (empty: the first) on. */
    CompletionStage<QueuePage> list(String marker, int maxResults);

    /** Completes with true if the queue was created, false if it existed. */
    CompletionStage<Boolean> create(String queue);

    CompletionStage<Void> delete(String queue);

    /** Adds a message of at most 64 KiB of UTF-8 that is kept for 7 days; completes with its id. */
    CompletionStage<String> put(String queue, String text);

    /** Up to {@code count} (1 to 32) messages, invisible to others for {@code visibilityTimeoutMillis}. */
    CompletionStage<List<QueueMessage>> receive(String queue, int count, long visibilityTimeoutMillis);

    CompletionStage<Void> deleteMessage(String queue, String messageId, String popReceipt);

    /** Up to {@code count} (1 to 32) messages, unchanged; they have no pop receipt. */
    CompletionStage<List<QueueMessage>> peek(String queue, int count);

    /** @param nextMarker where the next page starts */
    record QueuePage(List<QueueInfo> queues, Optional<String> nextMarker) {
        public QueuePage {
            queues = List.copyOf(queues);
        }
    }

    record QueueInfo(String name, long approximateMessageCount) {}

    /** @param popReceipt empty if peeked */
    record QueueMessage(
            String id, String popReceipt, String text, int dequeueCount, long insertedAtMillis, long expiresAtMillis) {}
}
