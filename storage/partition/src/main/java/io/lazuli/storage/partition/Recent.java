package io.lazuli.storage.partition;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * What was changed lately, per key, in the order of the batches that carry the changes. It is laid over whatever is
 * read from rows, because a read sees the rows as of some batch and the state runs ahead of that. So an entry may be
 * forgotten only when its batch was durable before the oldest read that is still under way began ("the floor"); beyond
 * that, as many entries are kept as serve as a cache.
 */
public final class Recent<K, V> {

    /** @param batch the number of the batch that carries the change */
    record Stamped<V>(V value, long batch) {}

    private final LinkedHashMap<K, Stamped<V>> entries = new LinkedHashMap<>();
    private final int keepEntries;
    private final long keepBytes;
    private final ToIntFunction<V> bytesOf;
    private long bytes;

    /** @param keepEntries how many, and of {@code keepBytes} in all, are kept beyond what must be */
    public Recent(int keepEntries, long keepBytes, ToIntFunction<V> bytesOf) {
        this.keepEntries = keepEntries;
        this.keepBytes = keepBytes;
        this.bytesOf = bytesOf;
    }

    public void put(K key, V value, long batch) {
        Stamped<V> former = entries.remove(key);
        if (former != null) {
            bytes -= bytesOf.applyAsInt(former.value);
        }
        entries.put(key, new Stamped<>(value, batch));
        bytes += bytesOf.applyAsInt(value);
    }

    /** Null if nothing is known. */
    public V get(K key) {
        Stamped<V> entry = entries.get(key);
        return entry == null ? null : entry.value;
    }

    /** Null if it was not changed by a batch after {@code batch}. */
    public V changedAfter(K key, long batch) {
        Stamped<V> entry = entries.get(key);
        return entry == null || entry.batch <= batch ? null : entry.value;
    }

    /** The values changed by batches after {@code batch}, newest first. */
    public Iterable<V> after(long batch) {
        return () -> entries.sequencedValues().reversed().stream()
                .takeWhile(entry -> entry.batch > batch).map(Stamped::value).iterator();
    }

    /** The keys changed by batches after {@code batch}, newest first. */
    public Iterable<K> keysAfter(long batch) {
        return () -> entries.sequencedEntrySet().reversed().stream()
                .takeWhile(entry -> entry.getValue().batch > batch).map(Map.Entry::getKey).iterator();
    }

    public void trim(long floor) {
        Iterator<Map.Entry<K, Stamped<V>>> eldest = entries.entrySet().iterator();
        while ((entries.size() > keepEntries || bytes > keepBytes) && eldest.hasNext()) {
            Stamped<V> entry = eldest.next().getValue();
            if (entry.batch > floor) {
                return;
            }
            bytes -= bytesOf.applyAsInt(entry.value);
            eldest.remove();
        }
    }

    /** Changes the values of these keys. */
    public void replaceIf(Predicate<K> wanted, V value, long batch) {
        List<K> keys = entries.keySet().stream().filter(wanted).toList();
        keys.forEach(key -> put(key, value, batch));
    }

    public void removeIf(Predicate<K> unwanted) {
        entries.entrySet().removeIf(entry -> {
            boolean remove = unwanted.test(entry.getKey());
            bytes -= remove ? bytesOf.applyAsInt(entry.getValue().value) : 0;
            return remove;
        });
    }

    public void clear() {
        entries.clear();
        bytes = 0;
    }

    public int size() {
        return entries.size();
    }

    public long bytes() {
        return bytes;
    }
}
