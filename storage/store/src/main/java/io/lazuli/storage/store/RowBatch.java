package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import java.util.List;

/**
 * Changes to one partition's rows that happen together or not at all, in list order.
 *
 * @param epoch the writer's {@linkplain Claim claim}
 * @param ops at least one; the whole batch is at most {@link StoreLimits#MAX_BATCH_BYTES} when encoded
 */
public record RowBatch(PartitionId partition, long epoch, List<RowOp> ops) {

    public RowBatch {
        ops = List.copyOf(ops);
        if (ops.isEmpty()) {
            throw new IllegalArgumentException("an empty batch");
        }
    }
}
