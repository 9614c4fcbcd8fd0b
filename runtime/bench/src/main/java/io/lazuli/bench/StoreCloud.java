package io.lazuli.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.StoreNode;
import io.lazuli.storage.store.StoreSettings;
import io.lazuli.storage.store.StoreStatus;
import io.lazuli.storage.store.Stores;
import io.lazuli.storage.store.raft.RaftHost;
import io.lazuli.storage.store.raft.RaftSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** A cloud's storage nodes without anything above the store, all in this process. */
final class StoreCloud implements AutoCloseable {

    private static final int MAX_REPLICAS = 3;
    private static final long READY_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final List<Replica> replicas;

    /** One storage node. */
    static final class Replica {

        private final NodeId node;
        private final RaftHost raft;
        private final StoreNode storeNode;
        private final ActorSystem<Void> system;
        private final Stores stores;

        private Replica(NodeId node, RaftHost raft, StoreNode storeNode, ActorSystem<Void> system, Stores stores) {
            this.node = node;
            this.raft = raft;
            this.storeNode = storeNode;
            this.system = system;
            this.stores = stores;
        }

        RowStore rowStore() {
            return stores.rowStore();
        }
    }

    private StoreCloud(List<Replica> replicas) {
        this.replicas = replicas;
    }

    static StoreCloud start(int nodes, int groups, Path data, Config overrides) throws IOException, InterruptedException {
        List<Replica> replicas = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            replicas.add(start(new NodeId("node-" + i), replicas, data.resolve("node-" + i), overrides));
        }
        StoreCloud cloud = new StoreCloud(replicas);
        long deadline = System.nanoTime() + READY_TIMEOUT_NANOS;
        while (!cloud.isWhole(nodes, groups)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the store is not whole: " + replicas.getFirst().stores.status().toCompletableFuture().join());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return cloud;
    }

    /** The replica that leads the group now. */
    Replica leaderOf(int group) {
        NodeId leader = replicas.getFirst().stores.leaderBoard().leaderOf(group).orElseThrow().node();
        return replicas.stream().filter(replica -> replica.node.equals(leader)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        replicas.forEach(replica -> replica.stores.close());
        replicas.forEach(replica -> replica.system.terminate());
        replicas.forEach(replica -> replica.system.getWhenTerminated().toCompletableFuture().join());
        replicas.forEach(replica -> replica.storeNode.close());
        replicas.forEach(replica -> replica.raft.close());
    }

    private boolean isWhole(int nodes, int groups) {
        StoreStatus status = replicas.getFirst().stores.status().toCompletableFuture().join();
        int expectedReplicas = Math.min(MAX_REPLICAS, nodes);
        return status.groups().size() >= Math.min(groups, nodes)
                && status.groups().stream().allMatch(
                        group -> group.leader().isPresent() && group.replicas().size() >= expectedReplicas);
    }

    private static Replica start(NodeId node, List<Replica> earlier, Path data, Config overrides) throws IOException {
        int raftPort = freePort();
        int clusterPort = freePort();
        String raftAddress = "127.0.0.1:" + raftPort;
        MemberFacts facts = new MemberFacts(node, Set.of(MemberFacts.STORAGE), Optional.of(raftAddress), Optional.empty(), node.value());
        Config config = overrides
                .withFallback(ConfigFactory.parseString(
                        "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = " + clusterPort + " }\n"
                                + "pekko.cluster.roles = [\"" + String.join("\",\"", facts.toClusterRoles()) + "\"]\n"))
                .withFallback(ConfigFactory.parseResources("lazuli-pekko.conf"))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
        RaftHost raft = RaftHost.start(RaftSettings.of(config, "bench", "127.0.0.1", raftPort));
        StoreSettings settings = StoreSettings.of(config);
        StoreNode storeNode = StoreNode.start(settings, node, raftAddress, data, earlier.isEmpty(), raft::open);
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "bench", config);
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(new JoinSeedNodes(List.of(
                earlier.isEmpty() ? cluster.selfMember().address() : Cluster.get(earlier.getFirst().system).selfMember().address())));
        return new Replica(node, raft, storeNode, system, Stores.start(system, settings, Optional.of(storeNode), Map::of));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
