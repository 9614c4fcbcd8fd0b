package io.lazuli.storage.protocol.table.batch;

import io.lazuli.storage.partition.table.EntityLimits;

/** How much of everything a batch may have. Source: "Performing entity group transactions" (operations and bytes); the others are ours. */
public final class BatchLimits {

    public static final int MAX_OPERATIONS = EntityLimits.MAX_TRANSACTION_WRITES;
    public static final int MAX_BODY_BYTES = EntityLimits.MAX_TRANSACTION_BYTES;
    /** A request line or header: an address with two keys of the largest size in escaped UTF-8, a projection and a filter. */
    static final int MAX_LINE_BYTES = 64 * 1024;
    static final int MAX_HEADERS = 64;
    /** RFC 2046, 5.1.1. */
    static final int MAX_BOUNDARY_CHARS = 70;

    private BatchLimits() {}
}
