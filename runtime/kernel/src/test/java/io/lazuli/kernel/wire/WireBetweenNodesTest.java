package io.lazuli.kernel.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.wire.TestCatalog.Answer;
import io.lazuli.kernel.wire.TestCatalog.Put;
import io.lazuli.kernel.wire.TestCatalog.Unregistered;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two actor systems that speak over Artery's TCP transport. */
class WireBetweenNodesTest {

    private static final Config CONFIG = ConfigFactory.parseString("""
            pekko.actor.provider = remote
            pekko.remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
            pekko.actor.warn-about-java-serializer-usage = on
            pekko.remote.use-unsafe-remote-features-outside-cluster = on
            """);

    private final ActorTestKit left = ActorTestKit.create("left", CONFIG.withFallback(ConfigFactory.load()));
    private final ActorTestKit right = ActorTestKit.create("right", CONFIG.withFallback(ConfigFactory.load()));

    @AfterEach
    void stop() {
        left.shutdownTestKit();
        right.shutdownTestKit();
    }

    @Test
    void answerComesBackThroughTheReferenceThatWasSent() {
        ActorRef<Put> echo = remoteEcho();
        TestProbe<Answer> probe = left.createTestProbe();
        byte[] value = new byte[1024];
        for (int i = 0; i < 200; i++) {
            value[i] = (byte) i;
            echo.tell(new Put(i, value.clone(), probe.getRef()));
            Answer answer = probe.receiveMessage();
            assertEquals(i, answer.epoch());
            assertArrayEquals(value, answer.value());
        }
    }

    @Test
    void unregisteredMessageIsRefusedAtTheSenderAndTheLinkWorksOn() {
        ActorRef<Put> echo = remoteEcho();
        LoggingTestKit.error("").withMessageRegex("(?s).*" + Unregistered.class.getSimpleName() + ".*")
                .expect(left.system(), () -> {
                    echo.unsafeUpcast().tell(new Unregistered("x"));
                    return null;
                });
        TestProbe<Answer> probe = left.createTestProbe();
        echo.tell(new Put(1, new byte[0], probe.getRef()));
        assertEquals(1, probe.receiveMessage().epoch());
    }

    private ActorRef<Put> remoteEcho() {
        ActorRef<Put> local = right.spawn(Behaviors.receiveMessage((Put put) -> {
            put.replyTo().tell(new Answer(put.epoch(), put.value()));
            return Behaviors.same();
        }), "echo");
        String path = ActorRefResolver.get(right.system()).toSerializationFormat(local);
        return ActorRefResolver.get(left.system()).resolveActorRef(path);
    }
}
