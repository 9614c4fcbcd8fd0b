package io.lazuli.storage.partition.table.directory;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.store.Claim;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * The single writer of one account's directory of tables or of containers: an entity of cluster sharding, which exists as soon as somebody asks for it.
 * Creates and deletes them, and splits, merges and moves their ranges as it sees fit ({@link RangePlan}). Of the entries it holds
 * nothing in memory but the changes under way; of ranges in use it remembers the map and what they report ({@link WatchedTable},
 * bounded in number, lost with the actor). What a crash leaves unfinished (entries {@linkplain TableEntry#isUnfinished unfinished}, {@link RangeIntent}s) the next
 * owner finds by its rows and takes up.
 *
 * <pre>
 * opening --claimed, counter read--> serving --stop or fenced--> stopped
 *    +---------- any failure of the store ------+   restart with back-off
 * </pre>
 */
public final class TableDirectory implements PartitionOpening.Kind<TableDirectoryCommand, TableDirectoryRequest, TableDirectory.Opened> {

    /** What the actor tells itself. In each record {@code error} is null on success. */
    sealed interface Internal extends TableDirectoryCommand {}

    record Opened(Claim claim, long nextNumber, Throwable error) implements Internal {}

    /**
     * The end of something that the incarnation with this epoch began. A restart keeps the actor's address, so such a message
     * may reach a later incarnation, which must not act on it: what it was about is not its own.
     */
    sealed interface Result extends Internal {

        long epoch();
    }

    record WorkFound(long epoch, RowPage page, Throwable error) implements Result {}

    /** @param other the entry of what is to be restored; otherwise empty */
    record EntriesRead(Optional<byte[]> row, Optional<byte[]> other) {}

    record EntryRead(long epoch, TableOperation operation, EntriesRead entries, Throwable error) implements Result {}

    /** @param keys of entries to be purged */
    record OverdueFound(long epoch, List<String> keys, long nowMillis, Throwable error) implements Result {}

    /** The first commit of an operation, or its confirmation, or its last commit. */
    record Settled(long epoch, TableOperation operation, boolean last, ReadPoint at, Throwable error) implements Result {}

    /** The operation's request has waited as long as whoever sent it does. */
    record RequestOverdue(long epoch, TableOperation operation) implements Result {}

    /** @param beyondTheMap ranges that the table's intent names */
    record TableRead(List<RangeRow> ranges, List<PartitionId> beyondTheMap) {}

    record TaskRead(long epoch, TableOperation operation, TableRead table, Throwable error) implements Result {}

    record Searched(long epoch, TableOperation operation, Boolean found, Throwable error) implements Result {}

    record SearchAgain(long epoch, TableOperation operation) implements Result {}

    record IntentsFound(long epoch, RowPage page, Throwable error) implements Result {}

    record TableWatched(long epoch, long number, TableRead table, Throwable error) implements Result {}

    /** The action's intent is a row now. */
    record IntentSettled(long epoch, RangeActions.Action action, ReadPoint at, Throwable error) implements Result {}

    /** What the action's intent leads to is in the map now. */
    record OutcomeSettled(long epoch, RangeActions.Action action, ReadPoint at, Throwable error) implements Result {}

    record RangeAnswered(long epoch, Errands.Errand errand, RangeReply reply, Throwable error) implements Result {}

    record TellAgain(long epoch, Errands.Errand errand) implements Result {}

    enum Tick implements Internal {
        TICK
    }

    /** Finds out of a container, of an account, by its number, whether it holds a blob that is immutable now; all that is durable before counts. */
    public interface ImmutabilitySearch extends BiFunction<String, Long, CompletionStage<Boolean>> {}

    /** What a directory needs besides its id. {@code groups} are the Raft groups that ranges are spread over. */
    public record Needs(
            RowStore store, ActorRef<RangeRequest> ranges, Supplier<SortedSet<Integer>> groups, TableDirectorySettings settings, Clock clock,
            ImmutabilitySearch immutability) {

        /** Of tables. */
        public Needs(RowStore store, ActorRef<RangeRequest> ranges, Supplier<SortedSet<Integer>> groups, TableDirectorySettings settings, Clock clock) {
            this(store, ranges, groups, settings, clock, (account, number) -> {
                throw new IllegalStateException("tables hold no blobs");
            });
        }
    }

    private static final PartitionOpening.Messages<TableDirectoryCommand, TableDirectoryRequest, Opened> MESSAGES =
            new PartitionOpening.Messages<>(
                    TableDirectoryCommand.class, TableDirectoryRequest.class, Opened.class, TableDirectoryCommand.Stop.STOP);

    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;

    private TableDirectory(PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
    }

    /** @param shard whom to ask for passivation, empty outside of sharding: the actor then stops when idle */
    public static Behavior<TableDirectoryCommand> create(
            PartitionId partition, Needs needs, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        TableDirectorySettings settings = needs.settings();
        return PartitionOpening.create(partition,
                new PartitionOpening.Limits(settings.maxPendingRequests(), settings.minRestartBackoffMillis(), settings.maxRestartBackoffMillis()),
                MESSAGES, new TableDirectory(partition, needs, shard));
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
    public void refuse(TableDirectoryRequest request) {
        request.replyTo().tell(new TableDirectoryReply.Refused(StorageErrorCode.SERVER_BUSY));
    }

    @Override
    public Behavior<TableDirectoryCommand> serve(ActorContext<TableDirectoryCommand> context, Opened opened) {
        context.getLog().debug("directory {} serves, epoch {}", partition, opened.claim.epoch());
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TICK, Duration.ofMillis(needs.settings().checkIntervalMillis()));
            return new ServingDirectory(new Incarnation(context, partition, needs, opened), shard).behavior();
        });
    }
}
