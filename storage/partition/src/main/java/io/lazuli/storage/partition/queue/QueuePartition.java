package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.Turns;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * The single writer of one queue: an entity of cluster sharding, placed where the partition's Raft group is led. Owns
 * nothing that is not in rows; after a crash, a move or a pause it claims the partition anew and reads two rows, whatever
 * the length of the queue. A second actor for the same partition on a cut-off node does no harm: the store refuses its
 * commits and confirmations, and it answers nothing before one of these.
 *
 * <pre>
 * opening --claimed, header and progress read--> serving --stop--> draining --all answered--> stopped
 *    |                                             |  |
 *    +---------- any failure of the store ---------+  +--fenced--> stopped
 *                 restart with back-off
 * </pre>
 *
 * <p>Requests that arrive while it opens are stashed up to {@code maxPendingRequests}, then refused with ServerBusy.
 */
public final class QueuePartition implements PartitionOpening.Kind<QueueCommand, QueueRequest, QueuePartition.Opened> {

    /** What the actor tells itself. */
    sealed interface Internal extends QueueCommand {}

    /** @param error null if it could be opened, otherwise all else is */
    record Opened(Claim claim, QueueHeader header, Progress progress, Throwable error) implements Internal {}

    /**
     * The end of something that the incarnation with this epoch began. A restart keeps the actor's address, so such a message
     * may reach a later incarnation, which must not act on it: what it was about is not its own.
     */
    sealed interface Result extends Internal {

        long epoch();
    }

    /** @param error null if the turn succeeded */
    record TurnSettled(long epoch, Turns.Turn<QueueReply> turn, ReadPoint at, Throwable error) implements Result {}

    /** @param request whom a look-up is for, otherwise null; {@code error} is null if the read succeeded */
    record RowsRead(long epoch, RowRead read, QueueRequest request, RowRead.Rows rows, Throwable error) implements Result {}

    enum Tick implements Internal {
        TICK
    }

    /** What a partition needs besides its id. {@code random} gives unpredictable numbers and is not shared between threads. */
    public record Needs(RowStore store, QueuePartitionSettings settings, Clock clock, LongSupplier random) {}

    private static final PartitionOpening.Messages<QueueCommand, QueueRequest, Opened> MESSAGES = new PartitionOpening.Messages<>(
            QueueCommand.class, QueueRequest.class, Opened.class, QueueCommand.Stop.STOP);

    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;

    private QueuePartition(PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
    }

    /** @param shard whom to ask for passivation, empty outside of sharding: the actor then stops when idle */
    public static Behavior<QueueCommand> create(
            PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        QueuePartitionSettings settings = needs.settings();
        return PartitionOpening.create(partition,
                new PartitionOpening.Limits(settings.maxPendingRequests(), settings.minRestartBackoffMillis(), settings.maxRestartBackoffMillis()),
                MESSAGES, new QueuePartition(partition, needs, shard));
    }

    @Override
    public CompletionStage<Opened> open() {
        RowStore store = needs.store();
        return store.claim(partition).thenCompose(claim ->
                store.get(partition, QueueRows.headerKey(), claim.at()).thenCombine(
                        store.get(partition, QueueRows.progressKey(), claim.at()),
                        (header, progress) -> new Opened(claim, QueueHeader.of(header), Progress.of(progress), null)));
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
    public void refuse(QueueRequest request) {
        request.replyTo().tell(new QueueReply.Refused(StorageErrorCode.SERVER_BUSY));
    }

    @Override
    public Behavior<QueueCommand> serve(ActorContext<QueueCommand> context, Opened opened) {
        context.getLog().debug("queue partition {} serves, epoch {}", partition, opened.claim.epoch());
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TICK, Duration.ofMillis(needs.settings().tickIntervalMillis()));
            return new ServingQueue(context, partition, needs, shard, opened).behavior();
        });
    }
}
