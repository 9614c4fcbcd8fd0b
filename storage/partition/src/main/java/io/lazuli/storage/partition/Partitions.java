package io.lazuli.storage.partition;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.account.AccountCommand;
import io.lazuli.storage.partition.account.AccountPartition;
import io.lazuli.storage.partition.account.AccountRequest;
import io.lazuli.storage.partition.queue.QueueCommand;
import io.lazuli.storage.partition.queue.QueuePartition;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.table.EntityLogic;
import io.lazuli.storage.partition.table.RangeCommand;
import io.lazuli.storage.partition.table.RangeReport;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.TableRange;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.directory.RangeName;
import io.lazuli.storage.partition.table.directory.TableDirectory;
import io.lazuli.storage.partition.table.directory.TableDirectoryCommand;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage;
import io.lazuli.storage.store.LeaderBoard;
import io.lazuli.storage.store.RowStore;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Starts the partitions of a node: on a storage node their actors may live here, elsewhere requests only leave from here.
 * Call it once on every node, after the store; it ends with the actor system.
 */
public final class Partitions {

    public static final EntityTypeKey<QueueCommand> QUEUES = EntityTypeKey.create(QueueCommand.class, "queue-partition");
    public static final EntityTypeKey<AccountCommand> ACCOUNTS = EntityTypeKey.create(AccountCommand.class, "account-partition");

    /** A name that the node's configuration knows: large messages have connections of their own. */
    public static final EntityTypeKey<RangeCommand> TABLE_RANGES = EntityTypeKey.create(RangeCommand.class, "table-range");
    public static final EntityTypeKey<TableDirectoryCommand> TABLE_DIRECTORIES =
            EntityTypeKey.create(TableDirectoryCommand.class, "table-directory");

    /** What the front ends of a node use. */
    public record Services(QueueService queues, TableService tables) {}

    private Partitions() {}

    /** Partitions passivate themselves; everything else about sharding is as the system's {@code pekko.cluster.sharding} says. */
    public static Services start(
            ActorSystem<?> system, RowStore store, LeaderBoard leaders, PartitionSettings settings, Clock clock) {
        ClusterSharding sharding = ClusterSharding.get(system);
        Address self = Cluster.get(system).selfMember().address();
        SecureRandom random = new SecureRandom();
        ClusterShardingSettings shardingSettings = ClusterShardingSettings.create(system).withNoPassivationStrategy();

        ActorRef<QueueRequest> queues = sharding.init(Entity
                .of(QUEUES, entity -> QueuePartition.create(PartitionId.parse(entity.getEntityId()),
                        new QueuePartition.Needs(store, settings.queue(), clock, new SecureNumbers(random)),
                        Optional.of(entity.getShard())))
                .withMessageExtractor(new GroupMessageExtractor<QueueRequest, QueueCommand>(QueueRequest::entityId))
                .withAllocationStrategy(new LeaderAllocation(leaders, self, () -> unreachable(system), clock))
                .withStopMessage(QueueCommand.Stop.STOP)
                .withSettings(shardingSettings)
                .withRole(MemberFacts.STORAGE));

        ActorRef<AccountRequest> accounts = sharding.init(Entity
                .of(ACCOUNTS, entity -> AccountPartition.create(PartitionId.parse(entity.getEntityId()),
                        new AccountPartition.Needs(store, queues, leaders::groups, settings.account()),
                        Optional.of(entity.getShard())))
                .withMessageExtractor(new GroupMessageExtractor<AccountRequest, AccountCommand>(AccountRequest::entityId))
                .withAllocationStrategy(new LeaderAllocation(leaders, self, () -> unreachable(system), clock))
                .withStopMessage(AccountCommand.Stop.STOP)
                .withSettings(shardingSettings)
                .withRole(MemberFacts.STORAGE));

        CompletableFuture<ActorRef<TableDirectoryMessage>> directories = new CompletableFuture<>();
        ActorRef<RangeRequest> ranges = sharding.init(Entity
                .of(TABLE_RANGES, entity -> TableRange.create(PartitionId.parse(entity.getEntityId()),
                        new TableRange.Needs(store, new EntityLogic(), settings.table(), clock, report -> directories.thenAccept(known -> report(known, report))),
                        Optional.of(entity.getShard())))
                .withMessageExtractor(new GroupMessageExtractor<RangeRequest, RangeCommand>(RangeRequest::entityId))
                .withAllocationStrategy(new LeaderAllocation(leaders, self, () -> unreachable(system), clock))
                .withStopMessage(RangeCommand.Stop.STOP)
                .withSettings(shardingSettings)
                .withRole(MemberFacts.STORAGE));

        ActorRef<TableDirectoryMessage> tableDirectories = sharding.init(Entity
                .of(TABLE_DIRECTORIES, entity -> TableDirectory.create(PartitionId.parse(entity.getEntityId()),
                        new TableDirectory.Needs(store, ranges, leaders::groups, settings.tableDirectory(), clock),
                        Optional.of(entity.getShard())))
                .withMessageExtractor(new GroupMessageExtractor<TableDirectoryMessage, TableDirectoryCommand>(TableDirectoryMessage::entityId))
                .withAllocationStrategy(new LeaderAllocation(leaders, self, () -> unreachable(system), clock))
                .withStopMessage(TableDirectoryCommand.Stop.STOP)
                .withSettings(shardingSettings)
                .withRole(MemberFacts.STORAGE));

        directories.complete(tableDirectories);
        return new Services(
                new PartitionedQueueService(system, store, queues, accounts, settings),
                new PartitionedTableService(system, store, ranges, tableDirectories, settings));
    }

    /** To the directory of the range's account. */
    private static void report(ActorRef<TableDirectoryMessage> directories, RangeReport report) {
        String directory = RangeName.of(PartitionId.parse(report.partition())).directory().toString();
        directories.tell(new TableDirectoryMessage.Report(directory, report));
    }

    private static Set<Address> unreachable(ActorSystem<?> system) {
        return Cluster.get(system).state().getUnreachable().stream().map(Member::address).collect(Collectors.toUnmodifiableSet());
    }
}
