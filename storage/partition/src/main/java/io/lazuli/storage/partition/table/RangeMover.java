package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.RangeMove.Result;
import io.lazuli.storage.partition.table.RangeMove.Step;
import io.lazuli.storage.partition.table.RangePartition.MoveStepped;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.RowsWanted;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Does what a {@link RangeMove} says, one step at a time. Not to be used further once it has ended, or its actor. */
final class RangeMover {

    /** What a step needs of the range that moves. */
    record Source(PartitionId partition, long epoch, RangeState<?> state, Supplier<ReadPoint> durableAt) {}

    /** Brings the end of a step back to the actor. */
    interface Pipe extends BiConsumer<CompletionStage<StepResult>, Boolean> {}

    /**
     * @param claim null unless the step was to claim
     * @param lookUp null unless the step was to read single rows, which {@code rows} are
     */
    record StepResult(Result result, Claim claim, LookUp lookUp, List<Optional<byte[]>> rows) {

        static StepResult of(Result result) {
            return new StepResult(result, null, null, List.of());
        }
    }

    private final RowStore store;
    private final Source source;
    private final PartitionId target;
    private final RangeMove move;
    private final Pipe pipe;
    private RangeRequest.Move request;
    private Claim claim;
    private List<RowKey> wanted = List.of();
    private long handOverBatch;

    RangeMover(RowStore store, Source source, RangeRequest.Move request, RangeMove move, Pipe pipe) {
        this.store = store;
        this.source = source;
        this.target = PartitionId.parse(request.target());
        this.request = request;
        this.move = move;
        this.pipe = pipe;
    }

    RangeMove move() {
        return move;
    }

    RangeRequest.Move request() {
        return request;
    }

    /** Who asked last is answered; the one before has ceased to wait. */
    RangeRequest.Move askedAgain(RangeRequest.Move again) {
        RangeRequest.Move former = request;
        request = again;
        return former;
    }

    /** The reply if it has ended. */
    Optional<RangeReply> begin() {
        return perform(move.begin());
    }

    Optional<RangeReply> stepped(MoveStepped stepped, long nowNanos) {
        StepResult done = stepped.result();
        if (stepped.error() != null) {
            return perform(move.failed());
        }
        if (done.claim() != null) {
            claim = done.claim();
        }
        return perform(move.next(done.lookUp() == null ? done.result() : resolved(done), source.state.size(), nowNanos));
    }

    Optional<RangeReply> durable(long batch, long nowNanos) {
        if (handOverBatch == 0 || batch < handOverBatch) {
            return Optional.empty();
        }
        handOverBatch = 0;
        return perform(move.next(new Result.HandedOver(), source.state.size(), nowNanos));
    }

    private Result resolved(StepResult done) {
        done.lookUp().found(done.rows());
        List<RangeLogic.Seen> rows = new ArrayList<>();
        for (RowKey key : wanted) {
            RangeLogic.Seen row = source.state.row(key, done.lookUp());
            if (row == null) {
                break;
            }
            rows.add(row);
        }
        source.state.dropped(done.lookUp());
        return new Result.Rows(rows);
    }

    private Optional<RangeReply> perform(Step step) {
        switch (step) {
            case Step.LookAtTarget look -> pipe.accept(
                    store.get(target, RangeRows.headerKey(target.name()), claim == null ? ReadPoint.latest() : claim.at())
                            .thenApply(row -> StepResult.of(new Result.TargetHeader(row))), true);
            case Step.ClaimTarget claiming -> pipe.accept(
                    store.claim(target).thenApply(claimed -> new StepResult(new Result.Claimed(), claimed, null, List.of())), true);
            case Step.ConfirmSource confirming -> pipe.accept(
                    store.confirm(source.partition, source.epoch).thenApply(at -> StepResult.of(new Result.Confirmed())), false);
            case Step.CommitToTarget commit -> pipe.accept(
                    store.commit(new RowBatch(target, claim.epoch(), commit.ops())).thenApply(at -> StepResult.of(new Result.Committed())), true);
            case Step.ReadPage read -> {
                source.state.tellUndurable();
                pipe.accept(store.scan(source.partition, read.range(), source.durableAt.get())
                        .thenApply(page -> StepResult.of(new Result.Page(page))), false);
            }
            case Step.ReadRows read -> {
                wanted = read.keys();
                LookUp lookUp = source.state.lookUp(wanted);
                RowsWanted missing = new RowsWanted(Optional.empty(), lookUp.missing(StoreLimits.MAX_READ_KEYS));
                pipe.accept(store.read(source.partition, missing, source.durableAt.get())
                        .thenApply(rows -> new StepResult(null, null, lookUp, rows.values())), false);
            }
            case Step.HandOver handOver -> handOverBatch = source.state.handOver(request.target());
            case Step.End end -> {
                return Optional.of(end.reply());
            }
        }
        return Optional.empty();
    }
}
