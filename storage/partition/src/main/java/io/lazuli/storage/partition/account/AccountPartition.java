package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.event.Level;

/**
 * The single writer of one account's directory: an entity of cluster sharding. An account needs no creation; it exists as
 * soon as somebody asks for it. Holds no entry in memory, only the changes under way; what a crash leaves unfinished
 * (queues CREATING or DELETING) the next owner finds by the work rows and takes up.
 *
 * <pre>
 * opening --claimed, counter read--> serving --stop or fenced--> stopped
 *    +---------- any failure of the store ------+   restart with back-off
 * </pre>
 *
 * <p>Requests that arrive while it opens are stashed up to {@code maxPendingRequests}, then refused with ServerBusy.
 */
public final class AccountPartition {

    private static final double BACKOFF_JITTER = 0.2;

    /** What the actor tells itself. In each record {@code error} is null on success. */
    sealed interface Internal extends AccountCommand {}

    record Opened(Claim claim, long nextNumber) implements Internal {}

    record OpeningFailed(Throwable cause) implements Internal {}

    /**
     * The end of something that the incarnation with this epoch began. A restart keeps the actor's address, so such a message
     * may reach a later incarnation, which must not act on it: what it was about is not its own.
     */
    sealed interface Result extends Internal {

        long epoch();
    }

    record WorkFound(long epoch, RowPage page, Throwable error) implements Result {}

    record EntryRead(long epoch, ServingAccount.Operation operation, Optional<byte[]> row, Throwable error) implements Result {}

    /** The first commit of an operation, or its confirmation, or its last commit. */
    record Settled(long epoch, ServingAccount.Operation operation, boolean last, ReadPoint at, Throwable error) implements Result {}

    record PartitionAnswered(long epoch, ServingAccount.Operation operation, QueueReply reply, Throwable error) implements Result {}

    record TellAgain(long epoch, ServingAccount.Operation operation) implements Result {}

    /** The operation's request has waited as long as whoever sent it does. */
    record RequestOverdue(long epoch, ServingAccount.Operation operation) implements Result {}

    enum Idle implements Internal {
        IDLE
    }

    /** What a partition needs besides its id. {@code groups} are the Raft groups that new queues are spread over. */
    public record Needs(
            RowStore store, ActorRef<QueueRequest> queues, Supplier<SortedSet<Integer>> groups, AccountPartitionSettings settings) {}

    private final ActorContext<AccountCommand> context;
    private final StashBuffer<AccountCommand> stash;
    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;

    private AccountPartition(ActorContext<AccountCommand> context, StashBuffer<AccountCommand> stash, PartitionId partition,
            Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.context = context;
        this.stash = stash;
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
    }

    /** @param shard whom to ask for passivation, empty outside of sharding: the actor then stops when idle */
    public static Behavior<AccountCommand> create(
            PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        AccountPartitionSettings settings = needs.settings();
        Behavior<AccountCommand> opening = Behaviors.setup(context -> Behaviors.withStash(settings.maxPendingRequests(),
                stash -> new AccountPartition(context, stash, partition, needs, shard).opening()));
        return Behaviors.supervise(opening).onFailure(Exception.class, SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(settings.minRestartBackoffMillis()), Duration.ofMillis(settings.maxRestartBackoffMillis()),
                BACKOFF_JITTER).withStashCapacity(settings.maxPendingRequests()).withLogLevel(Level.WARN));
    }

    private Behavior<AccountCommand> opening() {
        RowStore store = needs.store();
        context.pipeToSelf(
                store.claim(partition).thenCompose(claim -> store.get(partition, AccountRows.counterKey(), claim.at())
                        .thenApply(counter -> new Opened(claim, AccountRows.counterOf(counter)))),
                (opened, error) -> error == null ? opened : new OpeningFailed(error));
        return Behaviors.receive(AccountCommand.class)
                .onMessage(AccountRequest.class, this::stashed)
                .onMessage(Opened.class, this::opened)
                .onMessage(OpeningFailed.class, this::openingFailed)
                .onMessage(Result.class, ofFormerIncarnation -> Behaviors.same())
                .onMessage(AccountCommand.Stop.class, stop -> {
                    refuseStashed();
                    return Behaviors.stopped();
                })
                .build();
    }

    private Behavior<AccountCommand> stashed(AccountRequest request) {
        if (stash.isFull()) {
            request.replyTo().tell(new AccountReply.Refused(StorageErrorCode.SERVER_BUSY));
        } else {
            stash.stash(request);
        }
        return Behaviors.same();
    }

    private Behavior<AccountCommand> opened(Opened opened) {
        context.getLog().debug("account partition {} serves, epoch {}", partition, opened.claim.epoch());
        context.setReceiveTimeout(Duration.ofMillis(needs.settings().idleTimeoutMillis()), Idle.IDLE);
        return stash.unstashAll(new ServingAccount(context, partition, needs, shard, opened).behavior());
    }

    private Behavior<AccountCommand> openingFailed(OpeningFailed failed) {
        refuseStashed();
        throw new IllegalStateException("account partition " + partition + " starts anew: " + failed.cause.getMessage(), failed.cause);
    }

    private void refuseStashed() {
        stash.forEach(command -> {
            if (command instanceof AccountRequest request) {
                request.replyTo().tell(new AccountReply.Refused(StorageErrorCode.SERVER_BUSY));
            }
        });
        stash.clear();
    }
}
