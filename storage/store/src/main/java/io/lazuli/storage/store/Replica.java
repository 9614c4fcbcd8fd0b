package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.raft.RaftGroup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One group's replica on this node: the Raft group, its state machine, its committer. Calls of {@link GroupAccess} succeed
 * while it leads, and a {@linkplain #hasApplied sufficiently fresh} read always.
 */
final class Replica implements GroupAccess, AutoCloseable {

    private final RaftGroup raft;
    private final RowStateMachine machine;
    private final GroupCommitter committer;
    private final ReadPool readPool;
    private final PointReads pointReads = new PointReads(this::readKeys);

    Replica(RaftGroup raft, RowStateMachine machine, ReadPool readPool, StoreSettings settings) {
        this.raft = raft;
        this.machine = machine;
        this.readPool = readPool;
        this.committer = new GroupCommitter(raft::submit, settings.maxEntryBytes(), settings.maxPendingBytes());
    }

    RaftGroup raft() {
        return raft;
    }

    boolean hasApplied(long index) {
        return machine.appliedIndex() >= index;
    }

    @Override
    public CompletionStage<ItemResult> submit(byte[] item) {
        return committer.submit(item);
    }

    @Override
    public CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch) {
        PartitionPrefix prefix = PartitionPrefix.of(partition);
        return raft.readBarrier().thenCompose(index -> {
            long cached = machine.cachedEpoch(prefix);
            if (cached >= 0) {
                return CompletableFuture.completedStage(confirmed(partition, epoch, cached));
            }
            return readPool.read(() -> confirmed(partition, epoch, machine.epoch(prefix)));
        });
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at) {
        PartitionPrefix prefix = PartitionPrefix.of(partition);
        return reached(at).thenCompose(reached -> readPool.read(() -> Optional.ofNullable(machine.get(prefix, key))));
    }

    @Override
    public CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at) {
        if (at.isLatest() && wanted.range().isEmpty()) {
            return pointReads.read(partition, wanted.keys());
        }
        PartitionPrefix prefix = PartitionPrefix.of(partition);
        return reached(at).thenCompose(reached -> readPool.read(() -> machine.read(prefix, wanted)));
    }

    /** Each by itself, of the latest state; of the first ones only, at least one, where the values of all would be too large for one answer. */
    CompletionStage<List<RowsRead>> readKeys(List<PointReads.Wanted> reads) {
        return reached(ReadPoint.latest()).thenCompose(reached -> readPool.read(() -> machine.readKeys(reads)));
    }

    @Override
    public CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at) {
        PartitionPrefix prefix = PartitionPrefix.of(partition);
        return reached(at).thenCompose(reached -> readPool.read(() -> machine.scan(prefix, range)));
    }

    @Override
    public CompletionStage<List<String>> partitions(PartitionKind kind, String afterName, int max) {
        return reached(ReadPoint.latest()).thenCompose(reached -> readPool.read(() -> machine.partitions(kind, afterName, max)));
    }

    @Override
    public void close() {
        raft.close();
        machine.close();
    }

    /** Behind a barrier, what this replica has applied is as fresh as the barrier, whose index may be of an entry without data. */
    private ReadPoint confirmed(PartitionId partition, long epoch, long newestEpoch) {
        if (epoch != newestEpoch) {
            throw new FencedException(partition, epoch, newestEpoch);
        }
        return ReadPoint.at(machine.appliedIndex());
    }

    private CompletionStage<Void> reached(ReadPoint at) {
        if (!at.isLatest() && hasApplied(at.index())) {
            return CompletableFuture.completedStage(null);
        }
        return raft.readBarrier().thenAccept(index -> {
            if (index < at.index()) {
                throw new StoreUnavailableException("index " + at.index() + " is not reached yet", true);
            }
        });
    }
}
