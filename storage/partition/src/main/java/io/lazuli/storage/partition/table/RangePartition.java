package io.lazuli.storage.partition.table;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.Turns;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.RowsWanted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * The single writer of one range of a table or container, as its {@link RangeLogic} says: an entity of cluster sharding, placed where the range's Raft group is led. Owns nothing
 * that is not in rows; after a crash, a move or a pause it claims the partition anew and reads two rows, whatever the size of
 * the range. A second actor for the same range on a cut-off node does no harm: the store refuses its commits and confirmations,
 * and it answers nothing before one of these. Reads of rows do not come here, see DESIGN.md.
 *
 * <pre>
 * opening --claimed, header and size read--> serving --stop--> draining --all answered--> stopped
 *    |                                          |  |
 *    +---------- any failure of the store ------+  +--fenced--> stopped
 *                 restart with back-off
 * </pre>
 */
public final class RangePartition implements PartitionOpening.Kind<RangeCommand, RangeRequest, RangePartition.Opened> {

    /** What the actor tells itself. */
    sealed interface Internal extends RangeCommand {}

    /** @param error null if it could be opened, otherwise all else is */
    record Opened(Claim claim, Optional<RangeHeader> header, RangeSize size, Throwable error) implements Internal {}

    /**
     * The end of something that the incarnation with this epoch began. A restart keeps the actor's address, so such a message
     * may reach a later incarnation, which must not act on it: what it was about is not its own. {@code error} is null on success.
     */
    sealed interface Result extends Internal {

        long epoch();
    }

    record TurnSettled(long epoch, Turns.Turn<RangeReply> turn, ReadPoint at, Throwable error) implements Result {}

    /** @param at as of which the rows were read if it was not known before, otherwise null */
    record RowsFound(long epoch, RangeReads.Read read, ReadPoint at, List<Optional<byte[]>> rows, Throwable error) implements Result {}

    record PageSearched(long epoch, RowPage page, Throwable error) implements Result {}

    /** @param atTarget whether the step was one at the target, whose failures are not the range's */
    record MoveStepped(long epoch, RangeMover.StepResult result, boolean atTarget, Throwable error) implements Result {}

    enum Tick implements Internal {
        TICK
    }

    /** What a range needs besides its id: the logic of its kind, and so on. {@code reports} is called on the actor's thread and must not block. */
    public record Needs(RowStore store, RangeLogic<?> logic, RangeSettings settings, Clock clock, Consumer<RangeReport> reports) {}

    private static final PartitionOpening.Messages<RangeCommand, RangeRequest, Opened> MESSAGES = new PartitionOpening.Messages<>(
            RangeCommand.class, RangeRequest.class, Opened.class, RangeCommand.Stop.STOP);

    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;

    private RangePartition(PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
    }

    /** @param shard whom to ask for passivation, empty outside of sharding: the actor then stops when idle */
    public static Behavior<RangeCommand> create(
            PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        RangeSettings settings = needs.settings();
        return PartitionOpening.create(partition,
                new PartitionOpening.Limits(settings.maxPendingRequests(), settings.minRestartBackoffMillis(), settings.maxRestartBackoffMillis()),
                MESSAGES, new RangePartition(partition, needs, shard));
    }

    @Override
    public CompletionStage<Opened> open() {
        RowStore store = needs.store();
        RowsWanted rows = new RowsWanted(
                Optional.empty(), List.of(RangeRows.headerKey(partition.name()), RangeRows.sizeKey(partition.name())));
        return store.claim(partition).thenCompose(claim -> store.read(partition, rows, claim.at()).thenApply(read -> new Opened(
                claim, read.values().get(0).map(RangeHeader::decode), RangeSize.of(read.values().get(1)), null)));
    }

    @Override
    public Opened failed(Throwable error) {
        return new Opened(null, null, null, error);
    }

    @Override
    public Throwable error(Opened opened) {
        return opened.error;
    }

    @Override
    public void refuse(RangeRequest request) {
        request.replyTo().tell(new RangeReply.Refused(StorageErrorCode.SERVER_BUSY));
    }

    @Override
    public Behavior<RangeCommand> serve(ActorContext<RangeCommand> context, Opened opened) {
        context.getLog().debug("range {} serves, epoch {}", partition, opened.claim.epoch());
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TICK, Duration.ofMillis(needs.settings().tickIntervalMillis()));
            return new ServingRange(context, partition, needs, shard, opened).behavior();
        });
    }
}
