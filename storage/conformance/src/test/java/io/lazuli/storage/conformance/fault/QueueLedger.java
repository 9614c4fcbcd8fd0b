package io.lazuli.storage.conformance.fault;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients of one queue saw, message by message, and what follows from it: whether a message was lost, came back after an
 * acknowledged delete, or was given to two readers at the same time. Each put has an id of its own, also when a client
 * repeats one that failed, so a put is either acknowledged or nobody knows.
 *
 * <p>All times are {@link System#nanoTime()} of the one process in which the clients live. A judgement never accuses the cloud
 * of what may have been the order of events on the way: an event at the cloud lies between the beginning of the request and
 * the arrival of its answer.
 */
final class QueueLedger {

    private final long visibilityTimeoutNanos;
    private final Set<String> acknowledgedPuts = ConcurrentHashMap.newKeySet();
    private final Set<String> unknownPuts = ConcurrentHashMap.newKeySet();
    /** When the receive began that delivered a message last. */
    private final Map<String, Long> lastDeliveryBegan = new ConcurrentHashMap<>();
    private final Map<String, Long> acknowledgedDeletes = new ConcurrentHashMap<>();
    private final Set<String> unknownDeletes = ConcurrentHashMap.newKeySet();
    private final Set<String> reappeared = ConcurrentHashMap.newKeySet();
    private final Set<String> seenTwice = ConcurrentHashMap.newKeySet();
    private final Set<String> refusedDeletes = ConcurrentHashMap.newKeySet();
    private final Set<String> strange = ConcurrentHashMap.newKeySet();
    private final AtomicLong deliveries = new AtomicLong();

    QueueLedger(long visibilityTimeoutNanos) {
        this.visibilityTimeoutNanos = visibilityTimeoutNanos;
    }

    void putAcknowledged(String id) {
        acknowledgedPuts.add(id);
    }

    void putUnknown(String id) {
        unknownPuts.add(id);
    }

    /** @param beganNanos when the request was sent; @param arrivedNanos when its answer had arrived */
    void delivered(String id, long beganNanos, long arrivedNanos) {
        deliveries.incrementAndGet();
        Long before = lastDeliveryBegan.put(id, beganNanos);
        if (before != null && arrivedNanos < before + visibilityTimeoutNanos) {
            seenTwice.add(id);
        }
        seen(id, beganNanos);
    }

    /** A peek or a receive that began at {@code beganNanos} showed the message. */
    void seen(String id, long beganNanos) {
        Long deletedNanos = acknowledgedDeletes.get(id);
        if (deletedNanos != null && beganNanos > deletedNanos) {
            reappeared.add(id);
        }
    }

    void deleteAcknowledged(String id, long arrivedNanos) {
        acknowledgedDeletes.putIfAbsent(id, arrivedNanos);
    }

    /** The delete may have happened: its answer was lost, or a repetition was told that there is no such message. */
    void deleteUnknown(String id) {
        unknownDeletes.add(id);
    }

    /** The cloud did not know the pop receipt of a message that is invisible to everybody else. */
    void deleteRefused(String id, long receiveBeganNanos, long arrivedNanos) {
        if (arrivedNanos < receiveBeganNanos + visibilityTimeoutNanos) {
            refusedDeletes.add(id);
        }
    }

    /** Text that no client ever put. */
    void stranger(String text) {
        strange.add(text);
    }

    long acknowledgedPuts() {
        return acknowledgedPuts.size();
    }

    long unknownPuts() {
        return unknownPuts.size();
    }

    long deliveries() {
        return deliveries.get();
    }

    long acknowledgedDeletes() {
        return acknowledgedDeletes.size();
    }

    /** Acknowledged and certainly not deleted: they must still be in the queue. */
    Set<String> outstanding() {
        Set<String> outstanding = new TreeSet<>(acknowledgedPuts);
        outstanding.removeAll(acknowledgedDeletes.keySet());
        outstanding.removeAll(unknownDeletes);
        return outstanding;
    }

    Set<String> reappearedAfterDelete() {
        return new TreeSet<>(reappeared);
    }

    Set<String> seenByTwoReaders() {
        return new TreeSet<>(seenTwice);
    }

    Set<String> refusedDeletes() {
        return new TreeSet<>(refusedDeletes);
    }

    Set<String> neverSent() {
        return new TreeSet<>(strange);
    }
}
