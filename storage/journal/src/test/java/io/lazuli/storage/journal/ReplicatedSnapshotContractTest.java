package io.lazuli.storage.journal;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.Persistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The same on the replicated store. */
class ReplicatedSnapshotContractTest extends SnapshotStoreContract {

    @TempDir
    static Path directory;

    private static RealNode node;

    @BeforeAll
    static void start() throws Exception {
        node = new RealNode(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Override
    protected ActorSystem system() {
        return Adapter.toClassic(node.system);
    }

    @Override
    protected ActorRef snapshotStore() {
        return Persistence.get(node.system).snapshotStoreFor("lazuli.journal.snapshots", ConfigFactory.empty());
    }
}
