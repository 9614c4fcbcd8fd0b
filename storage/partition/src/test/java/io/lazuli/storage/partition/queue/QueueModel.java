package io.lazuli.storage.partition.queue;

import io.lazuli.storage.model.StorageErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A queue as the protocol describes it, with everything in one list: what {@link QueueState} must be equal to. */
final class QueueModel {

    static final class Message {
        final String id;
        final int order;
        final long insertedAtMillis;
        final long expiresAtMillis;
        String receipt;
        long visibleAtMillis;
        int dequeueCount;
        String text;

        Message(String id, int order, long insertedAtMillis, long expiresAtMillis, String receipt, long visibleAtMillis, String text) {
            this.id = id;
            this.order = order;
            this.insertedAtMillis = insertedAtMillis;
            this.expiresAtMillis = expiresAtMillis;
            this.receipt = receipt;
            this.visibleAtMillis = visibleAtMillis;
            this.text = text;
        }

        private Message copy() {
            Message copy = new Message(id, order, insertedAtMillis, expiresAtMillis, receipt, visibleAtMillis, text);
            copy.dequeueCount = dequeueCount;
            return copy;
        }
    }

    private final List<Message> messages = new ArrayList<>();
    private int nextOrder;

    QueueModel copy() {
        QueueModel copy = new QueueModel();
        messages.forEach(message -> copy.messages.add(message.copy()));
        copy.nextOrder = nextOrder;
        return copy;
    }

    void put(String id, String receipt, long nowMillis, long timeToLiveMillis, long visibilityTimeoutMillis, String text) {
        long expiresAtMillis = timeToLiveMillis < 0 ? Long.MAX_VALUE : nowMillis + timeToLiveMillis;
        messages.add(new Message(id, nextOrder++, nowMillis, expiresAtMillis, receipt, nowMillis + visibilityTimeoutMillis, text));
    }

    List<Message> visible(int count, long nowMillis) {
        return messages.stream()
                .filter(alive(nowMillis)).filter(message -> message.visibleAtMillis <= nowMillis)
                .sorted(Comparator.<Message>comparingLong(message -> message.visibleAtMillis).thenComparingInt(message -> message.order))
                .limit(count).toList();
    }

    Optional<StorageErrorCode> refusal(String id, String receipt, long nowMillis) {
        Optional<Message> message = find(id, nowMillis);
        if (message.isEmpty()) {
            return Optional.of(StorageErrorCode.MESSAGE_NOT_FOUND);
        }
        return message.get().receipt.equals(receipt) ? Optional.empty() : Optional.of(StorageErrorCode.POP_RECEIPT_MISMATCH);
    }

    Optional<Message> find(String id, long nowMillis) {
        return messages.stream().filter(message -> message.id.equals(id)).filter(alive(nowMillis)).findFirst();
    }

    void delete(String id) {
        messages.removeIf(message -> message.id.equals(id));
    }

    void clear() {
        messages.clear();
    }

    int alive(List<Message> into, long nowMillis) {
        messages.stream().filter(alive(nowMillis)).forEach(into::add);
        return into.size();
    }

    int all() {
        return messages.size();
    }

    private static Predicate<Message> alive(long nowMillis) {
        return message -> message.expiresAtMillis > nowMillis;
    }
}
