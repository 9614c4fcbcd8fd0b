package io.lazuli.storage.partition.queue;

import io.lazuli.storage.partition.queue.Lease.LeaseKey;
import java.util.Collection;
import java.util.TreeMap;

/**
 * The beginning of the visibility index: all leases that come before {@link #bound}, those that become visible first. A new
 * lease beyond the bound is left to the rows; when too many come before it, the bound moves forward and the last are let
 * go; when the window runs empty and the bound's time has come, the next page is read. No bound means that the whole
 * index is in the window. Texts are loaded only for the few leases at the very front that are due.
 */
final class LeaseWindow {

    /** A lease and, once it was needed, its message. */
    static final class Entry {

        private final Lease lease;
        private MessageRow row;

        private Entry(Lease lease) {
            this.lease = lease;
        }

        Lease lease() {
            return lease;
        }

        /** Null until {@link #show}. */
        MessageRow row() {
            return row;
        }

        void show(MessageRow row) {
            this.row = row;
        }
    }

    private final TreeMap<LeaseKey, Entry> entries = new TreeMap<>();
    private final int maxLeases;
    private LeaseKey bound;

    LeaseWindow(int maxLeases, LeaseKey bound) {
        this.maxLeases = maxLeases;
        this.bound = bound;
    }

    void add(Lease lease) {
        LeaseKey place = lease.place();
        if (bound != null && place.compareTo(bound) >= 0) {
            return;
        }
        entries.put(place, new Entry(lease));
        if (entries.size() > maxLeases) {
            int keep = maxLeases * 3 / 4;
            while (entries.size() > keep) {
                bound = entries.pollLastEntry().getKey();
            }
        }
    }

    void remove(Lease lease) {
        entries.remove(lease.place());
    }

    /** Null if it is not in the window. */
    Entry get(LeaseKey place) {
        return entries.get(place);
    }

    /** Those whose time has come, first first. */
    Collection<Entry> due(long nowMillis) {
        return entries.headMap(new LeaseKey(nowMillis, Long.MAX_VALUE), true).values();
    }

    /** True if rows beyond the window may be due. */
    boolean endsBefore(long nowMillis) {
        return bound != null && bound.visibleAtMillis() <= nowMillis;
    }

    /** True when the window is a quarter full or less and rows beyond it may be due. */
    boolean wantsRows(long nowMillis) {
        return endsBefore(nowMillis) && entries.size() <= maxLeases / 4;
    }

    /** How many to read at a time. */
    int pageLeases() {
        return Math.max(1, maxLeases / 2);
    }

    LeaseKey bound() {
        return bound;
    }

    /** All leases before {@code place}, or all if it is null, are going to be {@linkplain #add added}. */
    void extendTo(LeaseKey place) {
        bound = place;
    }

    /** No lease is earlier than this, and none that is given out from {@code nowMillis} on will be. */
    long floorMillis(long nowMillis) {
        long first = !entries.isEmpty() ? entries.firstKey().visibleAtMillis() : bound != null ? bound.visibleAtMillis() : nowMillis;
        return Math.min(first, nowMillis);
    }

    void clear() {
        entries.clear();
        bound = null;
    }

    int size() {
        return entries.size();
    }
}
