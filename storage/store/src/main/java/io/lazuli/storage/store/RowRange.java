package io.lazuli.storage.store;

/**
 * Which rows a scan reads: {@code fromInclusive <= key < toExclusive} in ascending key order, at most {@code maxRows}
 * (1 to {@link StoreLimits#MAX_PAGE_ROWS}) and about {@code maxBytes} of keys and values (1 to
 * {@link StoreLimits#MAX_PAGE_BYTES}; at least one row is returned where there is one). An empty {@code fromInclusive}
 * is the partition's start and a null {@code toExclusive} its end. {@code reverse} reads the same range from its end.
 */
public record RowRange(byte[] fromInclusive, byte[] toExclusive, int maxRows, int maxBytes, boolean reverse) {

    public RowRange {
        if (maxRows < 1 || maxRows > StoreLimits.MAX_PAGE_ROWS) {
            throw new IllegalArgumentException("maxRows " + maxRows);
        }
        if (maxBytes < 1 || maxBytes > StoreLimits.MAX_PAGE_BYTES) {
            throw new IllegalArgumentException("maxBytes " + maxBytes);
        }
    }

    public static RowRange ascending(byte[] fromInclusive, byte[] toExclusive, int maxRows) {
        return new RowRange(fromInclusive, toExclusive, maxRows, StoreLimits.MAX_PAGE_BYTES, false);
    }
}
