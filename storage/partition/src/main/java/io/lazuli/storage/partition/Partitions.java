package io.lazuli.storage.partition;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.account.AccountCommand;
import io.lazuli.storage.partition.account.AccountPartition;
import io.lazuli.storage.partition.account.AccountRequest;
import io.lazuli.storage.partition.blob.BlobDecisions;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.partition.blob.service.BlobUpkeep;
import io.lazuli.storage.partition.blob.service.ImmutableBlobs;
import io.lazuli.storage.partition.blob.service.PartitionedBlobService;
import io.lazuli.storage.partition.queue.QueueCommand;
import io.lazuli.storage.partition.queue.QueuePartition;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.table.EntityLogic;
import io.lazuli.storage.partition.table.RangeCommand;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.directory.TableDirectory;
import io.lazuli.storage.partition.table.directory.TableDirectoryCommand;
import io.lazuli.storage.store.LeaderBoard;
import io.lazuli.storage.store.RowStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

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

    /** As {@link #TABLE_RANGES}. */
    public static final EntityTypeKey<RangeCommand> BLOB_RANGES = EntityTypeKey.create(RangeCommand.class, "blob-range");
    public static final EntityTypeKey<TableDirectoryCommand> CONTAINER_DIRECTORIES =
            EntityTypeKey.create(TableDirectoryCommand.class, "container-directory");

    /** What the front ends of a node use. */
    public record Services(QueueService queues, TableService tables, BlobService blobs, BlobUpkeepStart blobUpkeep) {}

    /** Starts the cloud's job that looks after blobs, or finds the way to it: on every node. */
    public interface BlobUpkeepStart {

        ActorRef<BlobUpkeep.Command> start(ChunkUpkeep chunks);
    }

    private record Blobs(BlobService service, BlobUpkeepStart upkeep) {}

    private Partitions() {}

    /**
     * Partitions passivate themselves; everything else about sharding is as the system's {@code pekko.cluster.sharding} says.
     *
     * @param outside where background copies from outside of this cloud read
     */
    public static Services start(
            ActorSystem<?> system, RowStore store, LeaderBoard leaders, ChunkStore chunks, OutsideSources outside, PartitionSettings settings,
            Clock clock) {
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

        RangeSharding rangeSharding = new RangeSharding(sharding, shardingSettings, store,
                () -> new LeaderAllocation(leaders, self, () -> unreachable(system), clock), clock);
        RangeSharding.Started tables = rangeSharding.start(new RangeSharding.Kind(
                TABLE_RANGES, TABLE_DIRECTORIES, new EntityLogic(), settings.table(),
                ranges -> new TableDirectory.Needs(store, ranges, leaders::groups, settings.tableDirectory(), clock)));
        ImmutableBlobs immutableBlobs = new ImmutableBlobs(
                ContainerWays.rangesByNumber(store, settings), store, system.executionContext(), clock);
        RangeSharding.Started blobs = rangeSharding.start(new RangeSharding.Kind(
                BLOB_RANGES, CONTAINER_DIRECTORIES, new BlobDecisions(UUID::randomUUID), settings.blob(),
                ranges -> new TableDirectory.Needs(store, ranges, leaders::groups, settings.containerDirectory(), clock, immutableBlobs)));

        Blobs blobServices = blobs(system, store, blobs, chunks, outside, immutableBlobs, settings, clock);
        return new Services(
                new PartitionedQueueService(system, store, queues, accounts, settings),
                new PartitionedTableService(system, store, tables.ranges(), tables.directories(), settings),
                blobServices.service, blobServices.upkeep);
    }

    private static Blobs blobs(ActorSystem<?> system, RowStore store, RangeSharding.Started blobs, ChunkStore chunks,
            OutsideSources outside, ImmutableBlobs immutableBlobs, PartitionSettings settings, Clock clock) {
        ContainerWays ways = new ContainerWays(system, store, blobs, settings);
        ReadCounts counts = new ReadCounts();
        Duration readsInterval = Duration.ofMillis(settings.containerDirectory().readsIntervalMillis());
        system.scheduler().scheduleWithFixedDelay(
                readsInterval, readsInterval, () -> counts.tell(blobs.directories()::tell), system.executionContext());
        ExecutorService digesting = Executors.newFixedThreadPool(
                settings.blobService().digestThreads(), Thread.ofPlatform().name("blob-digest-", 0).daemon().factory());
        system.getWhenTerminated().whenComplete((done, error) -> digesting.shutdown());
        PartitionedBlobService service = new PartitionedBlobService(new PartitionedBlobService.Needs(
                ways, ways::ranges, ways, store, chunks, outside, immutableBlobs, counts::scanned, system.executionContext(), digesting, clock),
                settings.blobService());
        return new Blobs(service, upkeep -> ClusterSingleton.get(system).init(SingletonActor
                .of(Behaviors.supervise(service.upkeep(ways, upkeep, settings.blobUpkeep()))
                        .onFailure(SupervisorStrategy.restart()), "blob-upkeep")
                .withSettings(ClusterSingletonSettings.create(system).withRole(MemberFacts.STORAGE))));
    }

    private static Set<Address> unreachable(ActorSystem<?> system) {
        return Cluster.get(system).state().getUnreachable().stream().map(Member::address).collect(Collectors.toUnmodifiableSet());
    }
}
