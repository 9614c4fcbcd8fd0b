package io.lazuli.storage.store;

/**
 * How fresh a read must be. {@link #latest()}: linearizable, everything acknowledged before the call is seen (passes the
 * group's read barrier). {@link #at}: a replica that has applied at least that index, which every commit and claim
 * returns; enough for a partition's only writer that reads its own rows back, and free of a barrier.
 *
 * @param index the applied index to have reached, or -1 for the newest
 */
public record ReadPoint(long index) {

    private static final ReadPoint LATEST = new ReadPoint(-1);

    public ReadPoint {
        if (index < -1) {
            throw new IllegalArgumentException("index " + index);
        }
    }

    public static ReadPoint latest() {
        return LATEST;
    }

    public static ReadPoint at(long index) {
        return new ReadPoint(index);
    }

    public boolean isLatest() {
        return index == -1;
    }

    /** The fresher of the two. */
    public ReadPoint later(ReadPoint other) {
        return isLatest() || !other.isLatest() && index >= other.index ? this : other;
    }
}
