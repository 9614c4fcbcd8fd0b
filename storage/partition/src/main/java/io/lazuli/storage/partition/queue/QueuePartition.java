package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.event.Level;

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
public final class QueuePartition {

    private static final double BACKOFF_JITTER = 0.2;

    /** What the actor tells itself. */
    sealed interface Internal extends QueueCommand {}

    record Opened(Claim claim, QueueHeader header, Progress progress) implements Internal {}

    record OpeningFailed(Throwable cause) implements Internal {}

    /**
     * The end of something that the incarnation with this epoch began. A restart keeps the actor's address, so such a message
     * may reach a later incarnation, which must not act on it: what it was about is not its own.
     */
    sealed interface Result extends Internal {

        long epoch();
    }

    /** @param error null if the turn succeeded */
    record TurnSettled(long epoch, ServingQueue.Turn turn, ReadPoint at, Throwable error) implements Result {}

    /** @param request whom a look-up is for, otherwise null; {@code error} is null if the read succeeded */
    record RowsRead(long epoch, RowRead read, QueueRequest request, RowRead.Rows rows, Throwable error) implements Result {}

    enum Tick implements Internal {
        TICK
    }

    /** What a partition needs besides its id. {@code random} gives unpredictable numbers and is not shared between threads. */
    public record Needs(RowStore store, QueuePartitionSettings settings, Clock clock, LongSupplier random) {}

    private final ActorContext<QueueCommand> context;
    private final StashBuffer<QueueCommand> stash;
    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;

    private QueuePartition(ActorContext<QueueCommand> context, StashBuffer<QueueCommand> stash, PartitionId partition, Needs needs,
            Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.context = context;
        this.stash = stash;
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
    }

    /** @param shard whom to ask for passivation, empty outside of sharding: the actor then stops when idle */
    public static Behavior<QueueCommand> create(
            PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        QueuePartitionSettings settings = needs.settings();
        Behavior<QueueCommand> opening = Behaviors.setup(context -> Behaviors.withStash(settings.maxPendingRequests(),
                stash -> new QueuePartition(context, stash, partition, needs, shard).opening()));
        return Behaviors.supervise(opening).onFailure(Exception.class, SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(settings.minRestartBackoffMillis()), Duration.ofMillis(settings.maxRestartBackoffMillis()),
                BACKOFF_JITTER).withStashCapacity(settings.maxPendingRequests()).withLogLevel(Level.WARN));
    }

    private Behavior<QueueCommand> opening() {
        context.pipeToSelf(open(), (opened, error) -> error == null ? opened : new OpeningFailed(error));
        return Behaviors.receive(QueueCommand.class)
                .onMessage(QueueRequest.class, this::stashed)
                .onMessage(Opened.class, this::opened)
                .onMessage(OpeningFailed.class, this::openingFailed)
                .onMessage(Result.class, ofFormerIncarnation -> Behaviors.same())
                .onMessage(QueueCommand.Stop.class, stop -> refuseStashed(Behaviors.stopped()))
                .build();
    }

    private CompletionStage<Opened> open() {
        RowStore store = needs.store();
        return store.claim(partition).thenCompose(claim ->
                store.get(partition, QueueRows.headerKey(), claim.at()).thenCombine(
                        store.get(partition, QueueRows.progressKey(), claim.at()),
                        (header, progress) -> new Opened(claim, QueueHeader.of(header), Progress.of(progress))));
    }

    private Behavior<QueueCommand> stashed(QueueRequest request) {
        if (stash.isFull()) {
            request.replyTo().tell(new QueueReply.Refused(StorageErrorCode.SERVER_BUSY));
        } else {
            stash.stash(request);
        }
        return Behaviors.same();
    }

    private Behavior<QueueCommand> opened(Opened opened) {
        context.getLog().debug("queue partition {} serves, epoch {}", partition, opened.claim.epoch());
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TICK, Duration.ofMillis(needs.settings().tickIntervalMillis()));
            return stash.unstashAll(new ServingQueue(context, partition, needs, shard, opened).behavior());
        });
    }

    private Behavior<QueueCommand> openingFailed(OpeningFailed failed) {
        refuseStashed(Behaviors.same());
        throw new PartitionFailedException(partition, failed.cause);
    }

    private Behavior<QueueCommand> refuseStashed(Behavior<QueueCommand> next) {
        stash.forEach(command -> {
            if (command instanceof QueueRequest request) {
                request.replyTo().tell(new QueueReply.Refused(StorageErrorCode.SERVER_BUSY));
            }
        });
        stash.clear();
        return next;
    }
}
