package io.lazuli.storage.partition;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests of actors. Those of one class share an actor system, which logs errors only. */
public abstract class ActorTest {

    protected static ActorTestKit kit;

    @BeforeAll
    static void startActors() {
        kit = ActorTestKit.create(ConfigFactory.parseString("pekko.loglevel = ERROR").withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stopActors() {
        kit.shutdownTestKit();
    }

    /** Waits until it holds, as long as the actor system's tests are patient. */
    protected static void await(Runnable holds) {
        kit.createTestProbe().awaitAssert(() -> {
            holds.run();
            return null;
        });
    }
}
