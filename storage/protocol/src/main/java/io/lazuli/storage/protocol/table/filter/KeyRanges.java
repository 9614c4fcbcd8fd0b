package io.lazuli.storage.protocol.table.filter;

import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.protocol.table.EntityKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Where the entities that match a filter can be: its conditions on PartitionKey and RowKey become ranges of keys, everything else is
 * taken as possible. Never leaves out a match.
 *
 * <p>The filter becomes a union of boxes (an interval of partition keys by one of row keys): {@code and} intersects, {@code or}
 * unites, {@code not} is pushed down to the comparisons. In key order a box is one range only if its partition key is fixed; else
 * the row keys do not narrow it. Bounded: where boxes would become more than {@link #MAX_RANGES}, an intersection keeps the shorter
 * side, a union the one box around all.
 */
public final class KeyRanges {

    public static final int MAX_RANGES = 256;

    private static final byte KEY_END = 0;
    private static final byte AFTER_KEY_END = 1;
    private static final List<Box> EVERYTHING = List.of(new Box(Interval.ALL, Interval.ALL));
    private static final List<Box> NOTHING = List.of();

    private record Box(Interval partitionKeys, Interval rowKeys) {}

    private KeyRanges() {}

    /** Disjoint, in ascending order, with a gap between each two; none if nothing can match. */
    public static List<KeyRange> of(Filter filter) {
        List<KeyRange> ranges = new ArrayList<>();
        for (Box box : boxes(filter, false)) {
            ranges.add(range(box));
        }
        ranges.sort(Comparator.comparing(KeyRange::fromInclusive, Arrays::compareUnsigned));
        return merged(ranges);
    }

    /** All keys, as without a filter. */
    public static List<KeyRange> all() {
        return List.of(new KeyRange(new byte[0], null));
    }

    private static List<Box> boxes(Filter filter, boolean negated) {
        return switch (filter) {
            case Filter.Constant constant -> constant.value() != negated ? EVERYTHING : NOTHING;
            case Filter.Not not -> boxes(not.part(), !negated);
            case Filter.And and -> negated ? union(and.parts(), true) : intersection(and.parts(), false);
            case Filter.Or or -> negated ? intersection(or.parts(), true) : union(or.parts(), false);
            case Filter.Comparison comparison -> comparison(comparison, negated);
        };
    }

    private static List<Box> union(List<Filter> parts, boolean negated) {
        List<Box> all = new ArrayList<>();
        for (Filter part : parts) {
            all.addAll(boxes(part, negated));
            if (all.size() > MAX_RANGES) {
                Box hull = all.getFirst();
                for (Box box : all) {
                    hull = new Box(hull.partitionKeys.hull(box.partitionKeys), hull.rowKeys.hull(box.rowKeys));
                }
                all.clear();
                all.add(hull);
            }
        }
        return all;
    }

    private static List<Box> intersection(List<Filter> parts, boolean negated) {
        List<Box> left = EVERYTHING;
        for (Filter part : parts) {
            left = intersection(left, boxes(part, negated));
        }
        return left;
    }

    private static List<Box> intersection(List<Box> left, List<Box> right) {
        List<Box> common = new ArrayList<>();
        for (Box a : left) {
            for (Box b : right) {
                Box both = new Box(a.partitionKeys.intersect(b.partitionKeys), a.rowKeys.intersect(b.rowKeys));
                if (!both.partitionKeys.isEmpty() && !both.rowKeys.isEmpty()) {
                    common.add(both);
                    if (common.size() > MAX_RANGES) {
                        return left.size() <= right.size() ? left : right;
                    }
                }
            }
        }
        return common;
    }

    private static List<Box> comparison(Filter.Comparison comparison, boolean negated) {
        boolean partition = comparison.property().equals(EntityKeys.PARTITION_KEY);
        if (!partition && !comparison.property().equals(EntityKeys.ROW_KEY)) {
            return EVERYTHING;
        }
        if (!(comparison.literal() instanceof EdmValue.OfString literal)) {
            return negated ? EVERYTHING : NOTHING;
        }
        String value = literal.value();
        List<Interval> intervals = switch (negated ? comparison.operator().negated() : comparison.operator()) {
            case EQ -> List.of(Interval.only(value));
            case NE -> List.of(Interval.before(value), Interval.after(value));
            case GT -> List.of(Interval.after(value));
            case GE -> List.of(Interval.since(value));
            case LT -> List.of(Interval.before(value));
            case LE -> List.of(Interval.upTo(value));
        };
        List<Box> boxes = new ArrayList<>(intervals.size());
        for (Interval interval : intervals) {
            if (!interval.isEmpty()) {
                boxes.add(partition ? new Box(interval, Interval.ALL) : new Box(Interval.ALL, interval));
            }
        }
        return boxes;
    }

    private static KeyRange range(Box box) {
        Interval partitionKeys = box.partitionKeys;
        if (!partitionKeys.isPoint()) {
            return new KeyRange(bound(partitionKeys.from()), partitionKeys.to() == null ? null : bound(partitionKeys.to()));
        }
        byte[] partitionKey = partitionKeys.from();
        byte[] to = box.rowKeys.to() == null ? joined(partitionKey, AFTER_KEY_END, new byte[0]) : joined(partitionKey, KEY_END, box.rowKeys.to());
        return new KeyRange(joined(partitionKey, KEY_END, box.rowKeys.from()), to);
    }

    /** A bound of partition keys as one of entity keys. No partition key holds NUL: a bound with NUL stands behind all entities of what is before it. */
    private static byte[] bound(byte[] partitionKey) {
        for (int i = 0; i < partitionKey.length; i++) {
            if (partitionKey[i] == KEY_END) {
                return joined(Arrays.copyOf(partitionKey, i), AFTER_KEY_END, new byte[0]);
            }
        }
        return partitionKey;
    }

    private static byte[] joined(byte[] partitionKey, byte separator, byte[] rowKey) {
        byte[] key = Arrays.copyOf(partitionKey, partitionKey.length + 1 + rowKey.length);
        key[partitionKey.length] = separator;
        System.arraycopy(rowKey, 0, key, partitionKey.length + 1, rowKey.length);
        return key;
    }

    private static List<KeyRange> merged(List<KeyRange> sorted) {
        List<KeyRange> merged = new ArrayList<>(sorted.size());
        for (KeyRange range : sorted) {
            KeyRange last = merged.isEmpty() ? null : merged.getLast();
            if (last == null || last.toExclusive() != null && Arrays.compareUnsigned(last.toExclusive(), range.fromInclusive()) < 0) {
                merged.add(range);
            } else if (last.toExclusive() != null
                    && (range.toExclusive() == null || Arrays.compareUnsigned(range.toExclusive(), last.toExclusive()) > 0)) {
                merged.set(merged.size() - 1, new KeyRange(last.fromInclusive(), range.toExclusive()));
            }
        }
        return merged;
    }
}
