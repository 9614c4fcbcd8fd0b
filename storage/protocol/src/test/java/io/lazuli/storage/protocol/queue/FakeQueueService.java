package io.lazuli.storage.protocol.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.protocol.service.FakeService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The queue service in memory, with the semantics that the interface promises: order by visibility then insertion, pop
 * receipts that rotate, expiry, the documented errors. Answers on {@code executor}'s threads, as the real one answers on
 * threads that are no event loops.
 */
public final class FakeQueueService extends FakeService implements QueueService {

    private static final long NEVER_MILLIS = 253_402_300_799_000L;

    private static final class Message {
        final String id = UUID.randomUUID().toString();
        final long sequence;
        final long insertedAtMillis;
        final long expiresAtMillis;
        byte[] text;
        long visibleAtMillis;
        int dequeueCount;
        String popReceipt;

        Message(long sequence, byte[] text, long insertedAtMillis, long expiresAtMillis, long visibleAtMillis) {
            this.sequence = sequence;
            this.text = text;
            this.insertedAtMillis = insertedAtMillis;
            this.expiresAtMillis = expiresAtMillis;
            this.visibleAtMillis = visibleAtMillis;
        }
    }

    private static final class Queue {
        Map<String, String> metadata;
        List<AccessPolicy> policies = List.of();
        final Map<String, Message> byId = new HashMap<>();
        final TreeSet<Message> byVisibility = new TreeSet<>(
                Comparator.<Message>comparingLong(message -> message.visibleAtMillis).thenComparingLong(message -> message.sequence));
    }

    private final Clock clock;
    private final Map<String, TreeMap<String, Queue>> accounts = new HashMap<>();
    private long sequence;
    private long receipts;

    public FakeQueueService(Clock clock, Executor executor) {
        super(executor);
        this.clock = clock;
    }

    @Override
    public CompletionStage<QueueListing> listQueues(String account, String prefix, String marker, int maxResults, boolean includeMetadata) {
        return answer(() -> {
            List<QueueEntry> entries = new ArrayList<>();
            String next = "";
            for (Map.Entry<String, Queue> entry : queues(account).tailMap(marker.compareTo(prefix) > 0 ? marker : prefix, true).entrySet()) {
                if (!entry.getKey().startsWith(prefix)) {
                    break;
                }
                if (entries.size() == maxResults) {
                    next = entry.getKey();
                    break;
                }
                entries.add(new QueueEntry(entry.getKey(), includeMetadata ? entry.getValue().metadata : Map.of()));
            }
            return new QueueListing(entries, next);
        });
    }

    @Override
    public CompletionStage<Boolean> createQueue(String account, String queue, Map<String, String> metadata) {
        return answer(() -> {
            Queue existing = queues(account).get(queue);
            if (existing == null) {
                Queue created = new Queue();
                created.metadata = Map.copyOf(metadata);
                queues(account).put(queue, created);
                return true;
            }
            if (existing.metadata.equals(metadata)) {
                return false;
            }
            throw new StorageException(StorageErrorCode.QUEUE_ALREADY_EXISTS);
        });
    }

    @Override
    public CompletionStage<Void> deleteQueue(String account, String queue) {
        return answer(() -> {
            find(account, queue);
            queues(account).remove(queue);
            return null;
        });
    }

    @Override
    public CompletionStage<QueueProperties> getProperties(String account, String queue) {
        return answer(() -> {
            Queue found = find(account, queue);
            expire(found);
            return new QueueProperties(found.metadata, found.byId.size());
        });
    }

    @Override
    public CompletionStage<Void> setMetadata(String account, String queue, Map<String, String> metadata) {
        return answer(() -> {
            find(account, queue).metadata = Map.copyOf(metadata);
            return null;
        });
    }

    @Override
    public CompletionStage<List<AccessPolicy>> getAccessPolicies(String account, String queue) {
        return answer(() -> find(account, queue).policies);
    }

    @Override
    public CompletionStage<Void> setAccessPolicies(String account, String queue, List<AccessPolicy> policies) {
        return answer(() -> {
            find(account, queue).policies = List.copyOf(policies);
            return null;
        });
    }

    @Override
    public CompletionStage<EnqueuedMessage> put(String account, String queue, MessageDraft draft) {
        return answer(() -> {
            Queue found = find(account, queue);
            long now = clock.epochMillis();
            Message message = new Message(
                    ++sequence, draft.text(), now,
                    draft.timeToLiveMillis() < 0 ? NEVER_MILLIS : Math.min(NEVER_MILLIS, now + draft.timeToLiveMillis()),
                    now + draft.visibilityTimeoutMillis());
            message.popReceipt = newReceipt();
            found.byId.put(message.id, message);
            found.byVisibility.add(message);
            return new EnqueuedMessage(message.id, message.popReceipt, message.insertedAtMillis, message.expiresAtMillis, message.visibleAtMillis);
        });
    }

    @Override
    public CompletionStage<List<QueueMessage>> receive(String account, String queue, int count, long visibilityTimeoutMillis) {
        return answer(() -> {
            Queue found = find(account, queue);
            List<QueueMessage> received = new ArrayList<>();
            for (Message message : visible(found, count)) {
                found.byVisibility.remove(message);
                message.visibleAtMillis = clock.epochMillis() + visibilityTimeoutMillis;
                message.dequeueCount++;
                message.popReceipt = newReceipt();
                found.byVisibility.add(message);
                received.add(view(message));
            }
            return received;
        });
    }

    @Override
    public CompletionStage<List<QueueMessage>> peek(String account, String queue, int count) {
        return answer(() -> visible(find(account, queue), count).stream().map(FakeQueueService::view).toList());
    }

    @Override
    public CompletionStage<UpdatedMessage> update(
            String account, String queue, String messageId, String popReceipt, byte[] text, long visibilityTimeoutMillis) {
        return answer(() -> {
            Queue found = find(account, queue);
            Message message = held(found, messageId, popReceipt);
            long visibleAtMillis = clock.epochMillis() + visibilityTimeoutMillis;
            if (visibleAtMillis > message.expiresAtMillis) {
                throw new StorageException(StorageErrorCode.OUT_OF_RANGE_QUERY_PARAMETER_VALUE);
            }
            found.byVisibility.remove(message);
            message.visibleAtMillis = visibleAtMillis;
            message.popReceipt = newReceipt();
            if (text != null) {
                message.text = text;
            }
            found.byVisibility.add(message);
            return new UpdatedMessage(message.popReceipt, message.visibleAtMillis);
        });
    }

    @Override
    public CompletionStage<Void> delete(String account, String queue, String messageId, String popReceipt) {
        return answer(() -> {
            Queue found = find(account, queue);
            remove(found, held(found, messageId, popReceipt));
            return null;
        });
    }

    @Override
    public CompletionStage<Void> clear(String account, String queue) {
        return answer(() -> {
            Queue found = find(account, queue);
            found.byId.clear();
            found.byVisibility.clear();
            return null;
        });
    }

    private List<Message> visible(Queue queue, int count) {
        expire(queue);
        List<Message> visible = new ArrayList<>();
        for (Message message : queue.byVisibility) {
            if (visible.size() == count || message.visibleAtMillis > clock.epochMillis()) {
                break;
            }
            visible.add(message);
        }
        return visible;
    }

    private Message held(Queue queue, String messageId, String popReceipt) {
        Message message = queue.byId.get(messageId);
        if (message == null || message.expiresAtMillis <= clock.epochMillis()) {
            throw new StorageException(StorageErrorCode.MESSAGE_NOT_FOUND);
        }
        if (!message.popReceipt.equals(popReceipt)) {
            throw new StorageException(StorageErrorCode.POP_RECEIPT_MISMATCH);
        }
        return message;
    }

    /** Only what stands at the head and has expired: enough to be right, and cheap in a long queue. */
    private void expire(Queue queue) {
        while (!queue.byVisibility.isEmpty() && queue.byVisibility.first().expiresAtMillis <= clock.epochMillis()) {
            remove(queue, queue.byVisibility.first());
        }
    }

    private static void remove(Queue queue, Message message) {
        queue.byVisibility.remove(message);
        queue.byId.remove(message.id);
    }

    private static QueueMessage view(Message message) {
        return new QueueMessage(
                message.id, message.popReceipt, message.insertedAtMillis, message.expiresAtMillis, message.visibleAtMillis,
                message.dequeueCount, message.text);
    }

    private String newReceipt() {
        return Base64.getEncoder().encodeToString(("receipt-+/-" + ++receipts).getBytes(StandardCharsets.UTF_8));
    }

    private TreeMap<String, Queue> queues(String account) {
        return accounts.computeIfAbsent(account, name -> new TreeMap<>());
    }

    private Queue find(String account, String queue) {
        Queue found = queues(account).get(queue);
        if (found == null) {
            throw new StorageException(StorageErrorCode.QUEUE_NOT_FOUND);
        }
        return found;
    }
}
