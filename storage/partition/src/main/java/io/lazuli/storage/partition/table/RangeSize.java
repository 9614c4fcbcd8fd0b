package io.lazuli.storage.partition.table;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a range weighs, a row that is written with every batch that changes it: exact for what is committed, except that a split
 * divides it by estimate.
 *
 * @param bytes of the entities' row keys and values
 * @param latestTicks the largest Timestamp given so far: the next one is larger, whatever the clock says
 */
record RangeSize(long entities, long bytes, long latestTicks) {

    static final RangeSize NOTHING = new RangeSize(0, 0, 0);

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 3 * Long.BYTES;

    RangeSize {
        entities = Math.max(0, entities);
        bytes = Math.max(0, bytes);
    }

    RangeSize plus(RangeSize other) {
        return new RangeSize(entities + other.entities, bytes + other.bytes, Math.max(latestTicks, other.latestTicks));
    }

    /** About {@code share} of it, 0 to 1. */
    RangeSize part(double share) {
        return new RangeSize(Math.round(entities * share), Math.round(bytes * share), latestTicks);
    }

    /** What is left without {@code part}. */
    RangeSize without(RangeSize part) {
        return new RangeSize(entities - part.entities, bytes - part.bytes, latestTicks);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES).put(VERSION).putLong(entities).putLong(bytes).putLong(latestTicks).array();
    }

    /** @param row empty if the range has never been written to */
    static RangeSize of(Optional<byte[]> row) {
        if (row.isEmpty()) {
            return NOTHING;
        }
        byte[] value = row.get();
        if (value.length != BYTES || value[0] != VERSION) {
            throw new IllegalArgumentException("a range's size of " + value.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, BYTES - 1);
        return new RangeSize(in.getLong(), in.getLong(), in.getLong());
    }
}
