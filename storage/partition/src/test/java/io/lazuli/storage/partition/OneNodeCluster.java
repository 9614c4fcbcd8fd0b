package io.lazuli.storage.partition;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.store.RowStore;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/**
 * A cluster of one node, which leads groups 0 and 1, for tests of whole services. Nothing in it is given up because the machine is slow:
 * what is lost here is lost for good.
 */
final class OneNodeCluster {

    final ActorTestKit kit;
    final PartitionSettings settings;
    private final FixedLeaders leaders = new FixedLeaders();

    /** @param more configuration, in HOCON; may be empty */
    OneNodeCluster(String more) {
        Config config = ConfigFactory.parseString(more).withFallback(ConfigFactory.parseString("""
                pekko.actor.provider = cluster
                pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                pekko.cluster { roles = [storage, edge, "node=node-1", "fault-domain=1"], jmx.enabled = off
                  periodic-tasks-initial-delay = 10ms, sharding.rebalance-interval = 100ms }
                pekko.coordinated-shutdown.run-by-actor-system-terminate = off
                lazuli.partition { request-timeout = 60s, account.partition-timeout = 30s
                  table-directory.range-timeout = 30s, container-directory.range-timeout = 30s }
                """)).withFallback(ConfigFactory.load());
        kit = ActorTestKit.create("lazuli", config);
        settings = PartitionSettings.of(config);
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        leaders.lead(0, cluster.selfMember().address());
        leaders.lead(1, cluster.selfMember().address());
    }

    /** Those of a node; called again, those of another, with routes of its own. */
    Partitions.Services services(RowStore store, ChunkStore chunks, Clock clock) {
        return services(store, chunks, (url, etag, offset) ->
                CompletableFuture.failedStage(new StorageException(StorageErrorCode.COPY_SOURCE_NOT_ALLOWED)), clock);
    }

    Partitions.Services services(RowStore store, ChunkStore chunks, OutsideSources outside, Clock clock) {
        return Partitions.start(kit.system(), store, leaders, chunks, outside, settings, clock);
    }
}
