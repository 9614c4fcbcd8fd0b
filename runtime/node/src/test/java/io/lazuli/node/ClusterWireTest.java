package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.node.TestWireCatalog.Ping;
import io.lazuli.node.TestWireCatalog.Pong;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Two nodes with the node's own Pekko configuration: what Pekko says to itself travels without Java serialization too. */
class ClusterWireTest {

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final ServiceKey<Ping> SERVICE = ServiceKey.create(Ping.class, "ping");
    private static final EntityTypeKey<Ping> ENTITY = EntityTypeKey.create(Ping.class, "ping");
    private static final Config CONFIG = ConfigFactory.parseString("""
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.actor.warn-about-java-serializer-usage = on
            pekko.cluster.min-nr-of-members = 2
            """).withFallback(ConfigFactory.parseResources("lazuli-pekko.conf")).withFallback(ConfigFactory.load());

    private final Complaints complaints = new Complaints();
    private final ActorTestKit left = ActorTestKit.create("cloud", CONFIG);
    private final ActorTestKit right = ActorTestKit.create("cloud", CONFIG);

    /** Everything that is logged of serialization that failed or fell back to Java's. */
    private static final class Complaints extends AppenderBase<ILoggingEvent> {

        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            String message = event.getFormattedMessage();
            if (event.getLevel().isGreaterOrEqual(Level.WARN) && message.toLowerCase(java.util.Locale.ROOT).contains("seriali")) {
                heard.add(message);
            }
        }
    }

    @BeforeEach
    void join() {
        complaints.start();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(complaints);
        Cluster.get(left.system()).manager().tell(Join.create(Cluster.get(left.system()).selfMember().address()));
        Cluster.get(right.system()).manager().tell(Join.create(Cluster.get(left.system()).selfMember().address()));
    }

    @AfterEach
    void stop() {
        right.shutdownTestKit();
        left.shutdownTestKit();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(complaints);
    }

    @Test
    void receptionistShardingAndSingletonSpeakWithoutJavaSerialization() {
        receptionistFindsTheOtherNode();
        entitiesAnswerOnBothNodes();
        singletonAnswersBothNodes();
        assertEquals(List.of(), complaints.heard);
    }

    private void receptionistFindsTheOtherNode() {
        right.system().receptionist().tell(Receptionist.register(SERVICE, right.spawn(answering("service"))));
        TestProbe<Receptionist.Listing> listings = left.createTestProbe();
        left.system().receptionist().tell(Receptionist.subscribe(SERVICE, listings.getRef()));
        Set<ActorRef<Ping>> found = Set.of();
        while (found.isEmpty()) {
            found = listings.receiveMessage(WAIT).getServiceInstances(SERVICE);
        }
        assertEquals("service", ask(left, found.iterator().next()));
    }

    private void entitiesAnswerOnBothNodes() {
        for (ActorTestKit kit : List.of(left, right)) {
            String node = String.valueOf(Cluster.get(kit.system()).selfMember().address().getPort().get());
            ClusterSharding.get(kit.system()).init(Entity.of(ENTITY, context -> answering(node)));
        }
        Set<String> answered = new TreeSet<>();
        // Until the other node's region is known, all new ones live on this node.
        long start = System.nanoTime();
        for (int i = 0; answered.size() < 2 && System.nanoTime() - start < WAIT.toNanos(); i++) {
            TestProbe<Pong> probe = left.createTestProbe();
            ClusterSharding.get(left.system()).entityRefFor(ENTITY, "entity-" + i).tell(new Ping(probe.getRef()));
            answered.add(probe.receiveMessage(WAIT).from());
        }
        assertEquals(2, answered.size(), answered.toString());
    }

    private void singletonAnswersBothNodes() {
        ActorRef<Ping> fromLeft = ClusterSingleton.get(left.system()).init(SingletonActor.of(answering("singleton"), "ping"));
        ActorRef<Ping> fromRight = ClusterSingleton.get(right.system()).init(SingletonActor.of(answering("singleton"), "ping"));
        assertEquals("singleton", ask(left, fromLeft));
        assertEquals("singleton", ask(right, fromRight));
    }

    private static Behavior<Ping> answering(String name) {
        return Behaviors.receiveMessage(ping -> {
            ping.replyTo().tell(new Pong(name));
            return Behaviors.same();
        });
    }

    private static String ask(ActorTestKit kit, ActorRef<Ping> actor) {
        TestProbe<Pong> probe = kit.createTestProbe();
        actor.tell(new Ping(probe.getRef()));
        return probe.receiveMessage(WAIT).from();
    }
}
