package io.lazuli.storage.chunk;

import static io.lazuli.storage.chunk.ChunkCloud.awaitThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.replication.StorageNodes;
import io.lazuli.storage.chunk.replication.StorageNodes.Site;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.store.LeaderBoard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;

/** From the cluster's members and the store's leader board to bytes on a storage node, called on a node that is none. */
class ChunksInClusterTest {

    private static final NodeId STORAGE = new NodeId("node-1");
    private static final NodeId EDGE = new NodeId("node-2");

    /** Node 1 holds group 0. */
    private static final class OneGroup implements LeaderBoard {

        @Override
        public Optional<Leader> leaderOf(int group) {
            return Optional.empty();
        }

        @Override
        public Optional<Replicas> replicasOf(int group) {
            return group == 0 ? Optional.of(new Replicas(0, 1, 1, List.of(STORAGE))) : Optional.empty();
        }

        @Override
        public SortedSet<Integer> groups() {
            return new TreeSet<>(Set.of(0, 1));
        }

        @Override
        public Subscription onChange(Consumer<Leader> listener) {
            return () -> { };
        }
    }

    private static ActorSystem<Void> member(MemberFacts facts) {
        Config config = ConfigFactory.parseString("""
                pekko {
                  loglevel = WARNING
                  actor.provider = cluster
                  remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
                  cluster.jmx.enabled = off
                  coordinated-shutdown.run-by-actor-system-terminate = off
                }""")
                .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(facts.toClusterRoles()))
                .withFallback(ConfigFactory.load());
        return ActorSystem.create(Behaviors.empty(), "test", config);
    }

    @Test
    void membersTellWhereChunksAre() throws Exception {
        ChunkSettings settings = ChunkCloud.settings("");
        Random random = ChunkCloud.random();
        MemoryChunks memory = new MemoryChunks();
        LeaderBoard board = new OneGroup();
        ChunkNode chunkNode = ChunkNode.start(settings, ChunkCloud.NAME, STORAGE, "127.0.0.1", 0, memory, Clock.system());
        ActorSystem<Void> storage = member(new MemberFacts(
                STORAGE, Set.of(MemberFacts.STORAGE), Optional.empty(), Optional.of("127.0.0.1:" + chunkNode.port()), "one"));
        ActorSystem<Void> edge = member(new MemberFacts(EDGE, Set.of(MemberFacts.EDGE), Optional.empty(), Optional.empty(), "two"));
        try (Chunks own = Chunks.start(storage, settings, ChunkCloud.NAME, STORAGE, board, Optional.of(chunkNode));
                Chunks elsewhere = Chunks.start(edge, settings, ChunkCloud.NAME, EDGE, board, Optional.empty())) {
            Cluster first = Cluster.get(storage);
            first.manager().tell(Join.create(first.selfMember().address()));
            Cluster.get(edge).manager().tell(Join.create(first.selfMember().address()));
            Site site = new Site("127.0.0.1", chunkNode.port(), true);
            StorageNodes expected = new StorageNodes(new java.util.TreeMap<>(Map.of(STORAGE, site)), Map.of(0, board.replicasOf(0).get()));
            awaitThat("the member is known", () -> ClusterNodes.look(edge, board).equals(expected));
            byte[] bytes = ChunkCloud.content(random, 100_000);
            ChunkRun run = ChunkCloud.write(elsewhere.store(), 0, bytes);
            assertArrayEquals(bytes, ChunkCloud.read(elsewhere.store(), run, 0, bytes.length));
            assertArrayEquals(bytes, ChunkCloud.read(own.store(), run, 0, bytes.length));
            assertEquals(List.of(ChunkId.of(run, 0)), memory.held());
        } finally {
            chunkNode.close();
            edge.terminate();
            storage.terminate();
            edge.getWhenTerminated().toCompletableFuture().join();
            storage.getWhenTerminated().toCompletableFuture().join();
        }
    }
}
