package io.lazuli.storage.partition;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.RangeCommand;
import io.lazuli.storage.partition.table.RangeLogic;
import io.lazuli.storage.partition.table.RangePartition;
import io.lazuli.storage.partition.table.RangeReport;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.RangeSettings;
import io.lazuli.storage.partition.table.directory.RangeName;
import io.lazuli.storage.partition.table.directory.TableDirectory;
import io.lazuli.storage.partition.table.directory.TableDirectoryCommand;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage;
import io.lazuli.storage.store.RowStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Starts the ranges and the directories of tables or of containers, which know each other. */
final class RangeSharding {

    /** Where requests leave to. */
    record Started(ActorRef<RangeRequest> ranges, ActorRef<TableDirectoryMessage> directories) {}

    /** What tables and containers have in their own ways. */
    record Kind(EntityTypeKey<RangeCommand> ranges, EntityTypeKey<TableDirectoryCommand> directories, RangeLogic<?> logic,
            RangeSettings rangeSettings, Function<ActorRef<RangeRequest>, TableDirectory.Needs> directoryNeeds) {}

    private final ClusterSharding sharding;
    private final ClusterShardingSettings settings;
    private final RowStore store;
    private final Supplier<ShardAllocationStrategy> allocation;
    private final Clock clock;

    RangeSharding(ClusterSharding sharding, ClusterShardingSettings settings, RowStore store,
            Supplier<ShardAllocationStrategy> allocation, Clock clock) {
        this.sharding = sharding;
        this.settings = settings;
        this.store = store;
        this.allocation = allocation;
        this.clock = clock;
    }

    Started start(Kind kind) {
        CompletableFuture<ActorRef<TableDirectoryMessage>> told = new CompletableFuture<>();
        ActorRef<RangeRequest> ranges = sharding.init(Entity
                .of(kind.ranges, entity -> RangePartition.create(PartitionId.parse(entity.getEntityId()),
                        new RangePartition.Needs(store, kind.logic, kind.rangeSettings, clock, report -> told.thenAccept(known -> report(known, report))),
                        Optional.of(entity.getShard())))
                .withMessageExtractor(new GroupMessageExtractor<RangeRequest, RangeCommand>(RangeRequest::entityId))
                .withAllocationStrategy(allocation.get())
                .withStopMessage(RangeCommand.Stop.STOP)
                .withSettings(settings)
                .withRole(MemberFacts.STORAGE));

        ActorRef<TableDirectoryMessage> directories = sharding.init(Entity
                .of(kind.directories, entity -> TableDirectory.create(PartitionId.parse(entity.getEntityId()),
                        kind.directoryNeeds.apply(ranges),
                        Optional.of(entity.getShard())))
                .withMessageExtractor(new GroupMessageExtractor<TableDirectoryMessage, TableDirectoryCommand>(TableDirectoryMessage::entityId))
                .withAllocationStrategy(allocation.get())
                .withStopMessage(TableDirectoryCommand.Stop.STOP)
                .withSettings(settings)
                .withRole(MemberFacts.STORAGE));
        told.complete(directories);
        return new Started(ranges, directories);
    }

    /** To the directory of the range's account. */
    private static void report(ActorRef<TableDirectoryMessage> directories, RangeReport report) {
        String directory = RangeName.of(PartitionId.parse(report.partition())).directory().toString();
        directories.tell(new TableDirectoryMessage.Report(directory, report));
    }
}
