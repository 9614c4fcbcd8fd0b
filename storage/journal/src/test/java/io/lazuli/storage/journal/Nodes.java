package io.lazuli.storage.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.store.RowStore;
import java.util.UUID;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Actor systems with the journal as their persistence, one per node, for tests. */
final class Nodes {

    private static final Config CONFIG = ConfigFactory.parseString("""
            pekko.persistence {
              journal.plugin = "lazuli.journal.events"
              snapshot-store.plugin = "lazuli.journal.snapshots"
              publish-plugin-commands = on
            }
            pekko.actor {
              serializers.test-event = "io.lazuli.storage.journal.TestEventSerializer"
              serialization-bindings."io.lazuli.storage.journal.TestEvent" = test-event
            }
            """);

    private Nodes() {}

    static ActorSystem<Void> start(RowStore rowStore) {
        return start(rowStore, "");
    }

    static ActorSystem<Void> start(RowStore rowStore, String config) {
        ActorSystem<Void> system = startWithoutStore(config);
        JournalStore.get(system).provide(rowStore);
        return system;
    }

    static ActorSystem<Void> startWithoutStore(String config) {
        return ActorSystem.create(
                Behaviors.empty(), "node", ConfigFactory.parseString(config).withFallback(CONFIG).withFallback(ConfigFactory.load()));
    }

    static ActorRef spawn(ActorSystem<?> system, Props props) {
        return ((ExtendedActorSystem) Adapter.toClassic(system)).systemActorOf(props, "test-" + UUID.randomUUID());
    }

    static void stop(ActorSystem<?> system) throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get();
    }
}
