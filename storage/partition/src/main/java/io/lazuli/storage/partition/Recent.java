package io.lazuli.storage.partition.queue;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * What was changed lately, per message, in the order of the batches that carry the changes. It is laid over whatever is
 * read from rows, because a read sees the rows as of some batch and the state runs ahead of that. So an entry may be
 * forgotten only when its batch was durable before the oldest read that is still under way began ("the floor"); beyond
 * that, as many entries are kept as serve as a cache.
 */
final class Recent<V> {

    /** @param batch the number of the batch that carries the change */
    record Stamped<V>(V value, long batch) {}

    private final LinkedHashMap<Long, Stamped<V>> entries = new LinkedHashMap<>();
    private final int keepEntries;
    private final ToIntFunction<V> bytesOf;
    private long bytes;

    Recent(int keepEntries, ToIntFunction<V> bytesOf) {
        this.keepEntries = keepEntries;
        this.bytesOf = bytesOf;
    }

    void put(long sequence, V value, long batch) {
        Stamped<V> former = entries.remove(sequence);
        if (former != null) {
            bytes -= bytesOf.applyAsInt(former.value);
        }
        entries.put(sequence, new Stamped<>(value, batch));
        bytes += bytesOf.applyAsInt(value);
    }

    /** Null if nothing is known. */
    V get(long sequence) {
        Stamped<V> entry = entries.get(sequence);
        return entry == null ? null : entry.value;
    }

    /** The entries changed by batches after {@code batch}, newest first. */
    Iterable<V> after(long batch) {
        return () -> entries.sequencedValues().reversed().stream()
                .takeWhile(entry -> entry.batch > batch).map(Stamped::value).iterator();
    }

    void trim(long floor) {
        Iterator<Map.Entry<Long, Stamped<V>>> eldest = entries.entrySet().iterator();
        while (entries.size() > keepEntries && eldest.hasNext()) {
            Stamped<V> entry = eldest.next().getValue();
            if (entry.batch > floor) {
                return;
            }
            bytes -= bytesOf.applyAsInt(entry.value);
            eldest.remove();
        }
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes;
    }
}
