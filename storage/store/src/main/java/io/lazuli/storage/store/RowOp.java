package io.lazuli.storage.store;

/**
 * One change of a {@link RowBatch}. Keys are relative to the partition's rows, which the ranges of a table share: each keeps to its
 * own. The arrays are given away and never changed.
 */
public sealed interface RowOp {

    record Put(byte[] key, byte[] value) implements RowOp {}

    record Delete(byte[] key) implements RowOp {}

    /** Deletes the rows of {@code fromInclusive <= key < toExclusive}; a null {@code toExclusive} is the end of the partition's rows. */
    record DeleteRange(byte[] fromInclusive, byte[] toExclusive) implements RowOp {}
}
