package io.lazuli.storage.protocol.table.batch;

import io.lazuli.storage.partition.table.EntityLimits;

/** How much of everything a batch may have. Source: "Performing entity group transactions". */
public final class BatchLimits {

    public static final int MAX_OPERATIONS = EntityLimits.MAX_TRANSACTION_WRITES;
    public static final int MAX_BODY_BYTES = EntityLimits.MAX_TRANSACTION_BYTES;

    private BatchLimits() {}
}
