package io.lazuli.storage.partition.table;

import java.util.Arrays;

/** A row's key that can be looked up and sorted: ordered by unsigned bytes. The array is given away. */
record RowKey(byte[] bytes) implements Comparable<RowKey> {

    @Override
    public int compareTo(RowKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
