package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

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
public final class AccountPartition implements PartitionOpening.Kind<AccountCommand, AccountRequest, AccountPartition.Opened> {

    /** What the actor tells itself. In each record {@code error} is null on success. */
    sealed interface Internal extends AccountCommand {}

    record Opened(Claim claim, long nextNumber, Throwable error) implements Internal {}

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

    private static final PartitionOpening.Messages<AccountCommand, AccountRequest, Opened> MESSAGES = new PartitionOpening.Messages<>(
            AccountCommand.class, AccountRequest.class, Opened.class, AccountCommand.Stop.STOP);

    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;

    private AccountPartition(PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
    }

    /** @param shard whom to ask for passivation, empty outside of sharding: the actor then stops when idle */
    public static Behavior<AccountCommand> create(
            PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        AccountPartitionSettings settings = needs.settings();
        return PartitionOpening.create(partition,
                new PartitionOpening.Limits(settings.maxPendingRequests(), settings.minRestartBackoffMillis(), settings.maxRestartBackoffMillis()),
                MESSAGES, new AccountPartition(partition, needs, shard));
    }

    @Override
    public CompletionStage<Opened> open() {
        RowStore store = needs.store();
        return store.claim(partition).thenCompose(claim -> store.get(partition, DirectoryRows.counterKey(), claim.at())
                .thenApply(counter -> new Opened(claim, DirectoryRows.counterOf(counter), null)));
    }

    @Override
    public Opened failed(Throwable error) {
        return new Opened(null, 0, error);
    }

    @Override
    public Throwable error(Opened opened) {
        return opened.error;
    }

    @Override
    public void refuse(AccountRequest request) {
        request.replyTo().tell(new AccountReply.Refused(StorageErrorCode.SERVER_BUSY));
    }

    @Override
    public Behavior<AccountCommand> serve(ActorContext<AccountCommand> context, Opened opened) {
        context.getLog().debug("account partition {} serves, epoch {}", partition, opened.claim.epoch());
        context.setReceiveTimeout(Duration.ofMillis(needs.settings().idleTimeoutMillis()), Idle.IDLE);
        return new ServingAccount(context, partition, needs, shard, opened).behavior();
    }
}
