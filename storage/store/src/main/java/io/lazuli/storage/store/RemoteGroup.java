package io.lazuli.storage.store;

import io.lazuli.kernel.Asking;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** A group whose leader is another node: asks that node's {@link StoreGate}, and waits a bounded time for each answer. */
final class RemoteGroup implements GroupAccess {

    private static final byte[] TO_END = {};

    private final int group;
    private final ActorRef<StoreGate.Command> gate;
    private final ActorSystem<?> system;
    private final Duration timeout;
    private final PointReads pointReads = new PointReads(this::readKeys);

    RemoteGroup(int group, ActorRef<StoreGate.Command> gate, ActorSystem<?> system, Duration timeout) {
        this.group = group;
        this.gate = gate;
        this.system = system;
        this.timeout = timeout;
    }

    @Override
    public CompletionStage<ItemResult> submit(byte[] item) {
        return ask(replyTo -> new StoreGate.Submit(group, item, replyTo), answer -> switch (answer) {
            case StoreGate.Submitted submitted -> new ItemResult(submitted.kind(), submitted.number(), submitted.index());
            default -> throw unexpected(answer);
        });
    }

    @Override
    public CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch) {
        return ask(replyTo -> new StoreGate.Confirm(partition.toString(), epoch, replyTo), answer -> switch (answer) {
            case StoreGate.Confirmed confirmed -> ReadPoint.at(confirmed.index());
            case StoreGate.Fenced fenced -> throw new FencedException(partition, epoch, fenced.newestEpoch());
            default -> throw unexpected(answer);
        });
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at) {
        return ask(replyTo -> new StoreGate.Get(partition.toString(), key, at.index(), replyTo), answer -> switch (answer) {
            case StoreGate.Found found -> found.found() ? Optional.of(found.value()) : Optional.empty();
            default -> throw unexpected(answer);
        });
    }

    @Override
    public CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at) {
        if (at.isLatest() && wanted.range().isEmpty()) {
            return pointReads.read(partition, wanted.keys());
        }
        return ask(
                replyTo -> new StoreGate.Read(
                        partition.toString(), wanted.range().map(StoreGate.ReadRange::of), wanted.keys(), at.index(), replyTo),
                answer -> switch (answer) {
                    case StoreGate.ReadRows rows -> rows.read();
                    default -> throw unexpected(answer);
                });
    }

    @Override
    public CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at) {
        byte[] to = range.toExclusive();
        if (to != null && to.length == 0) {
            return CompletableFuture.completedStage(new RowPage(List.of(), false));
        }
        return ask(
                replyTo -> new StoreGate.Scan(
                        partition.toString(), range.fromInclusive(), to == null ? TO_END : to, range.maxRows(), range.maxBytes(),
                        range.reverse(), at.index(), replyTo),
                answer -> switch (answer) {
                    case StoreGate.Scanned scanned -> new RowPage(scanned.rows(), scanned.more());
                    default -> throw unexpected(answer);
                });
    }

    @Override
    public CompletionStage<List<String>> partitions(PartitionKind kind, String afterName, int max) {
        return ask(replyTo -> new StoreGate.ListPartitions(group, kind.code(), afterName, max, replyTo), answer -> switch (answer) {
            case StoreGate.Partitions found -> found.names();
            default -> throw unexpected(answer);
        });
    }

    private CompletionStage<List<RowsRead>> readKeys(List<PointReads.Wanted> reads) {
        List<StoreGate.KeysWanted> wanted =
                reads.stream().map(read -> new StoreGate.KeysWanted(read.partition().toString(), read.keys())).toList();
        return ask(replyTo -> new StoreGate.ReadKeys(group, wanted, replyTo), answer -> switch (answer) {
            case StoreGate.ReadMany many -> many.reads().stream().map(StoreGate.ReadRows::read).toList();
            default -> throw unexpected(answer);
        });
    }

    private <T> CompletionStage<T> ask(
            Function<ActorRef<StoreGate.Answer>, StoreGate.Command> request, Function<StoreGate.Answer, T> reading) {
        return Asking.<StoreGate.Command, StoreGate.Answer>ask(gate, request, timeout, system)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        Throwable cause = Failures.cause(failure);
                        throw cause instanceof TimeoutException
                                ? new StoreUnavailableException("the leader of group " + group + " did not answer in time", false)
                                : new CompletionException(cause);
                    }
                    if (answer instanceof StoreGate.Unavailable unavailable) {
                        throw new StoreUnavailableException(unavailable.reason(), unavailable.definitelyNotApplied());
                    }
                    return reading.apply(answer);
                });
    }

    private IllegalStateException unexpected(StoreGate.Answer answer) {
        return new IllegalStateException("group " + group + " answered with " + answer.getClass().getSimpleName());
    }
}
