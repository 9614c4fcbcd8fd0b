package io.lazuli.storage.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.raft.RaftHost;
import io.lazuli.storage.store.raft.RaftPorts;
import io.lazuli.storage.store.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** A cloud's store in one JVM: real Raft on loopback ports, a Pekko cluster, and a directory for each node. */
final class TestCloud implements AutoCloseable {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final long POLL_MILLIS = 20;
    /** Nothing is given up because the machine is slow. */
    private static final String PATIENT = "lazuli.store.request-timeout = 60 s\n";

    private final Path root;
    private final StoreSettings settings;
    private final Config raftConfig;
    private final List<Node> nodes = new ArrayList<>();

    /** One node, alive or stopped. */
    static final class Node implements AutoCloseable {
        final NodeId id;
        final Optional<RaftHost> raft;
        final Optional<StoreNode> storeNode;
        final ActorSystem<Void> system;
        final Stores stores;

        private Node(NodeId id, Optional<RaftHost> raft, Optional<StoreNode> storeNode, ActorSystem<Void> system, Stores stores) {
            this.id = id;
            this.raft = raft;
            this.storeNode = storeNode;
            this.system = system;
            this.stores = stores;
        }

        StoreNode storage() {
            return storeNode.orElseThrow();
        }

        @Override
        public void close() {
            stores.close();
            storeNode.ifPresent(StoreNode::close);
            raft.ifPresent(RaftHost::close);
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    TestCloud(Path root, String overrides) {
        this.root = root;
        this.settings = TestSettings.of(PATIENT + overrides);
        this.raftConfig = ConfigFactory.parseString(overrides).withFallback(ConfigFactory.parseResources("reference.conf")).resolve();
    }

    Node startStorage(int number) throws IOException {
        return start(number, 0, true);
    }

    /** Returns when all nodes know it: one whose only acquaintance stops before that is told of no leader, because it is no member. */
    Node startCompute(int number) throws IOException {
        Node node = start(number, 0, false);
        Cluster cluster = Cluster.get(node.system);
        awaitThat("node " + number + " is a member", () -> cluster.selfMember().status().equals(MemberStatus.up()));
        return node;
    }

    /** Starts a node again in its directory and at its Raft port. */
    Node restart(int number, int raftPort) throws IOException {
        return start(number, raftPort, true);
    }

    List<Node> nodes() {
        return nodes;
    }

    Node leaderOf(int group) {
        AtomicReference<Node> leader = new AtomicReference<>();
        awaitThat("group " + group + " has a leader", () -> {
            leader.set(nodes.stream().filter(node -> leads(node, group)).findFirst().orElse(null));
            return leader.get() != null;
        });
        return leader.get();
    }

    void stop(Node node) {
        nodes.remove(node);
        node.close();
    }

    Path directory(int number) {
        return root.resolve("node-" + number);
    }

    int voters(int group) {
        return leaderOf(group).storage().replica(group).map(replica -> replica.raft().status().peers().size()).orElse(0);
    }

    static void awaitThat(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TIMEOUT_NANOS) {
                throw new AssertionError("waited too long until " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        List.copyOf(nodes).forEach(this::stop);
    }

    private static boolean leads(Node node, int group) {
        return node.storeNode.map(storage -> storage.leads(group)).orElse(false);
    }

    private Node start(int number, int raftPort, boolean storage) throws IOException {
        NodeId id = new NodeId("node-" + number);
        Optional<RaftHost> raft = Optional.empty();
        Optional<StoreNode> storeNode = Optional.empty();
        if (storage) {
            RaftHost host = RaftPorts.start(RaftSettings.of(raftConfig, "test", "127.0.0.1", raftPort));
            raft = Optional.of(host);
            storeNode = Optional.of(StoreNode.start(settings, id, host.self().address(), directory(number), nodes.isEmpty(), host::open));
        }
        MemberFacts facts = new MemberFacts(
                id, Set.of(storage ? MemberFacts.STORAGE : MemberFacts.COMPUTE), raft.map(host -> host.self().address()), Optional.empty(),
                id.value());
        Config config = ConfigFactory.parseString("""
                pekko {
                  loglevel = WARNING
                  actor.provider = cluster
                  remote.artery {
                    transport = tcp
                    canonical { hostname = "127.0.0.1", port = 0 }
                    large-message-destinations = ["/system/lazuli-store-gate"]
                    advanced { maximum-frame-size = 4 MiB, maximum-large-frame-size = 9 MiB, large-buffer-pool-size = 2 }
                  }
                  cluster.jmx.enabled = off
                  cluster.gossip-interval = 200 ms
                  cluster.leader-actions-interval = 200 ms
                  cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
                  coordinated-shutdown.run-by-actor-system-terminate = off
                }""")
                .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(facts.toClusterRoles()))
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "test", config);
        Stores stores = Stores.start(system, settings, storeNode, Map::of);
        Node node = new Node(id, raft, storeNode, system, stores);
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(nodes.isEmpty()
                ? cluster.selfMember().address()
                : Cluster.get(nodes.getFirst().system).selfMember().address()));
        nodes.add(node);
        return node;
    }
}
