package io.lazuli.storage.partition.queue;

import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.ServiceProperties;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * The queue service as its front ends see it: finds the partition, asks it, and retries once where a partition has moved.
 * Arguments are already validated against the protocol (names, ranges, sizes); the caller has authenticated.
 *
 * <p>Fails with {@link io.lazuli.storage.model.StorageException}: QueueNotFound, QueueAlreadyExists, QueueBeingDeleted,
 * MessageNotFound, PopReceiptMismatch, ServerBusy (a partition is full or between two nodes), OperationTimedOut.
 * A reply to a change means that the change is durable on a majority; a read is linearizable.
 */
public interface QueueService {

    CompletionStage<QueueListing> listQueues(String account, String prefix, String marker, int maxResults, boolean includeMetadata);

    /** Completes with true if the queue was created, false if it exists with the same metadata; else QueueAlreadyExists. */
    CompletionStage<Boolean> createQueue(String account, String queue, Map<String, String> metadata);

    CompletionStage<Void> deleteQueue(String account, String queue);

    CompletionStage<QueueProperties> getProperties(String account, String queue);

    CompletionStage<Void> setMetadata(String account, String queue, Map<String, String> metadata);

    CompletionStage<List<AccessPolicy>> getAccessPolicies(String account, String queue);

    CompletionStage<Void> setAccessPolicies(String account, String queue, List<AccessPolicy> policies);

    CompletionStage<ServiceProperties> getServiceProperties(String account);

    /**
     * Has them changed as they are: {@code change} is asked again if they have been changed meanwhile, so of several changes none is lost. Completes
     * with what is kept; ServerBusy if others were always quicker.
     */
    CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change);

    CompletionStage<EnqueuedMessage> put(String account, String queue, MessageDraft draft);

    /** Up to {@code count} (1 to 32) visible messages, each invisible from now for {@code visibilityTimeoutMillis}. */
    CompletionStage<List<QueueMessage>> receive(String account, String queue, int count, long visibilityTimeoutMillis);

    /** Up to {@code count} (1 to 32) visible messages, unchanged; {@code popReceipt} and {@code nextVisibleAtMillis} mean nothing. */
    CompletionStage<List<QueueMessage>> peek(String account, String queue, int count);

    /**
     * Fails with OutOfRangeQueryParameterValue if the message would be hidden beyond its expiry.
     *
     * @param text the new text, or null to keep it
     */
    CompletionStage<UpdatedMessage> update(
            String account, String queue, String messageId, String popReceipt, byte[] text, long visibilityTimeoutMillis);

    CompletionStage<Void> delete(String account, String queue, String messageId, String popReceipt);

    CompletionStage<Void> clear(String account, String queue);

    /** @param nextMarker where the next page starts, empty if there is none */
    record QueueListing(List<QueueEntry> queues, String nextMarker) {}

    /** @param metadata empty unless asked for */
    record QueueEntry(String name, Map<String, String> metadata) {}

    record QueueProperties(Map<String, String> metadata, long approximateMessageCount) {}

    /** @param timeToLiveMillis -1 for never; {@code text} is the message's UTF-8 text, at most 64 KiB, given away */
    record MessageDraft(byte[] text, long timeToLiveMillis, long visibilityTimeoutMillis) {}

    record EnqueuedMessage(String messageId, String popReceipt, long insertedAtMillis, long expiresAtMillis, long nextVisibleAtMillis) {}

    record QueueMessage(
            String messageId, String popReceipt, long insertedAtMillis, long expiresAtMillis, long nextVisibleAtMillis,
            int dequeueCount, byte[] text) {}

    record UpdatedMessage(String popReceipt, long nextVisibleAtMillis) {}
}
