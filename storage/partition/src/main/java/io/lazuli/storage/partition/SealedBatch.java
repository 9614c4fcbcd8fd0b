package io.lazuli.storage.partition;

import io.lazuli.storage.store.RowOp;
import java.util.List;

/**
 * Changes of rows that are to be committed together.
 *
 * @param number counts a partition's batches from 1 on; they are committed in this order
 */
public record SealedBatch(long number, List<RowOp> ops) {}
