package io.lazuli.storage.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.StoreNode;
import io.lazuli.storage.store.StoreSettings;
import io.lazuli.storage.store.Stores;
import io.lazuli.storage.store.raft.RaftHost;
import io.lazuli.storage.store.raft.RaftSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** A cloud of one storage node as it really is: Raft, RocksDB and a cluster of one. */
final class RealNode implements AutoCloseable {

    private final RaftHost raft;
    private final StoreNode storeNode;
    private final Stores stores;
    final ActorSystem<Void> system;

    RealNode(Path directory) throws IOException {
        // Nothing is given up because the machine is slow.
        Config config = ConfigFactory.parseString("lazuli.store.request-timeout = 60 s").withFallback(ConfigFactory.load());
        raft = RaftHost.start(RaftSettings.of(config, "test", "127.0.0.1", 0));
        NodeId id = new NodeId("node-1");
        storeNode = StoreNode.start(StoreSettings.of(config), id, raft.self().address(), directory, true, raft::open);
        MemberFacts facts = new MemberFacts(id, Set.of(MemberFacts.STORAGE), Optional.of(raft.self().address()), Optional.empty(), "one");
        system = Nodes.startWithoutStore(ConfigFactory.parseString("""
                pekko.actor.provider = cluster
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                pekko.cluster.jmx.enabled = off
                """).withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(facts.toClusterRoles())).root().render());
        stores = Stores.start(system, StoreSettings.of(config), Optional.of(storeNode), Map::of);
        Cluster.get(system).manager().tell(Join.create(Cluster.get(system).selfMember().address()));
        JournalStore.get(system).provide(stores.rowStore());
    }

    @Override
    public void close() throws Exception {
        stores.close();
        storeNode.close();
        raft.close();
        Nodes.stop(system);
    }
}
