package io.lazuli.storage.partition.queue;

import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import java.util.List;
import java.util.Optional;

/**
 * Rows that {@link QueueState} wants to see, as of the newest durable batch or later. Whoever holds the state reads them
 * and hands the result back; every read must be handed back or the state dropped.
 */
sealed interface RowRead {

    /** The newest batch that was durable when the read began: what was changed later may be missing from the result. */
    long seenBatch();

    record Scan(long seenBatch, RowRange range) implements RowRead {}

    record Texts(long seenBatch, List<Lease> leases) implements RowRead {}

    /** The lease, if {@code leaseKey} is not null and such a row exists; otherwise the message. */
    record LookUp(long seenBatch, byte[] leaseKey, byte[] messageKey) implements RowRead {}

    /** What a read found. */
    sealed interface Rows {

        record Page(RowPage page) implements Rows {}

        /** @param messages for each lease asked for the message's row */
        record Messages(List<Optional<byte[]>> messages) implements Rows {}

        record Found(Optional<byte[]> lease, Optional<byte[]> message) implements Rows {}
    }
}
