package io.lazuli.storage.journal;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.Persistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RowJournalContractTest extends JournalContract {

    private static MemoryRowStore rows;
    private static org.apache.pekko.actor.typed.ActorSystem<Void> node;

    @BeforeAll
    static void start() {
        rows = new MemoryRowStore();
        node = Nodes.start(rows);
    }

    @AfterAll
    static void stop() throws Exception {
        Nodes.stop(node);
        rows.close();
    }

    @Override
    protected ActorSystem system() {
        return Adapter.toClassic(node);
    }

    @Override
    protected ActorRef journal() {
        return Persistence.get(node).journalFor("lazuli.journal.events", ConfigFactory.empty());
    }
}
