package io.lazuli.storage.protocol.table;

import io.lazuli.security.GrantedKeys;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.protocol.table.filter.Filter;
import io.lazuli.storage.protocol.table.filter.KeyRange;
import java.util.Arrays;
import java.util.List;

/** Arithmetic of key ranges. */
final class KeySpans {

    private static final byte[] START = new byte[0];

    private KeySpans() {}

    /** The entities that a signature allows, both of its ends inclusive. */
    static KeyRange of(GrantedKeys allowed) {
        byte[] from = allowed.startPartitionKey() == null ? START
                : allowed.startRowKey() == null ? EntityKey.firstOf(allowed.startPartitionKey())
                : new EntityKey(allowed.startPartitionKey(), allowed.startRowKey()).encode();
        byte[] to = allowed.endPartitionKey() == null ? null
                : allowed.endRowKey() == null ? EntityKey.behindAllOf(allowed.endPartitionKey())
                : new EntityKey(allowed.endPartitionKey(), allowed.endRowKey()).behind();
        return new KeyRange(from, to);
    }

    static KeyRange intersection(KeyRange left, KeyRange right) {
        byte[] from = Arrays.compareUnsigned(left.fromInclusive(), right.fromInclusive()) >= 0 ? left.fromInclusive() : right.fromInclusive();
        byte[] to = left.toExclusive() == null ? right.toExclusive()
                : right.toExclusive() == null || Arrays.compareUnsigned(left.toExclusive(), right.toExclusive()) <= 0 ? left.toExclusive()
                : right.toExclusive();
        return new KeyRange(from, to);
    }

    static boolean isEmpty(KeyRange range) {
        return range.toExclusive() != null && Arrays.compareUnsigned(range.fromInclusive(), range.toExclusive()) >= 0;
    }

    /** The one entity that a range is about; null if there may be more. */
    static EntityKey onlyKey(KeyRange range) {
        byte[] from = range.fromInclusive();
        byte[] to = range.toExclusive();
        boolean one = to != null && to.length == from.length + 1 && to[from.length] == 0 && Arrays.mismatch(from, to) == from.length;
        for (int i = 0; one && i < from.length; i++) {
            if (from[i] == 0) {
                return EntityKey.decode(from);
            }
        }
        return null;
    }

    /** Whether key ranges leave little for a filter to do. */
    static boolean isAboutKeys(Filter filter) {
        return switch (filter) {
            case Filter.And and -> isAboutKeys(and.parts());
            case Filter.Or or -> isAboutKeys(or.parts());
            case Filter.Not not -> isAboutKeys(not.part());
            case Filter.Constant constant -> true;
            case Filter.Comparison comparison ->
                    comparison.property().equals(EntityKeys.PARTITION_KEY) || comparison.property().equals(EntityKeys.ROW_KEY);
        };
    }

    private static boolean isAboutKeys(List<Filter> parts) {
        for (Filter part : parts) {
            if (!isAboutKeys(part)) {
                return false;
            }
        }
        return true;
    }
}
