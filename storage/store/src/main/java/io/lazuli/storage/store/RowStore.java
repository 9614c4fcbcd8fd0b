package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The replicated ordered store as every user of it sees it, the same on a node that leads a group, on one that follows
 * and on one that has no replica at all: calls go to the leader in-process where this node leads the group, and over
 * the cluster's messages elsewhere.
 *
 * <p>Rows belong to a partition and are ordered by their key's unsigned bytes; the ranges of a table that are in one group share
 * their rows ({@link io.lazuli.storage.model.PartitionKind#TABLE_RANGE}). A partition has one writer at a time: it
 * {@linkplain #claim claims} an epoch, and whatever it commits or confirms under an epoch that is no longer the newest is
 * refused with {@link FencedException}, decided inside the replicated state machine.
 *
 * <p>Completed stages run their dependents on a store thread: hand the result over ({@code pipeToSelf}) and return.
 * Failures: {@link FencedException}; {@link StoreUnavailableException} when no leader answered in time or the group's
 * pending bytes are at their limit (for a commit the outcome is then unknown unless {@code definitelyNotApplied}).
 */
public interface RowStore {

    /** Makes the caller the partition's only writer. The claim is durable before it is returned. */
    CompletionStage<Claim> claim(PartitionId partition);

    /**
     * Applies a batch atomically; completes when it is on disk on a majority and applied at the leader. Batches that one
     * writer submits are applied, and answered, in the order of submission; after a failed one the writer must stop and claim anew.
     */
    CompletionStage<ReadPoint> commit(RowBatch batch);

    /** Proves, linearizably and without a write, that {@code epoch} is still the partition's newest. */
    CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch);

    /** The row's value as of {@code at} or later. */
    CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at);

    /**
     * A page of rows and single rows, all as of one moment, {@code at} or later.
     */
    CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at);

    /** One page of rows in key order as of {@code at} or later. */
    CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at);

    /**
     * The partitions of a kind that have rows in a group now, by the bytes of their names.
     *
     * @param kind none of ranges, which share their rows
     * @param afterName those behind it; empty for all
     * @param max 1 to {@link StoreLimits#MAX_PAGE_PARTITIONS}; fewer are returned only if these are the last ones
     */
    CompletionStage<List<PartitionId>> partitions(int group, PartitionKind kind, String afterName, int max);
}
