package io.lazuli.host.process;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.host.code.RoleActorSupervisor;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The small local actor system of a role host, started with its first actor role. Safe for use by several threads. */
final class RoleActors {

    private static final Config SETTINGS = ConfigFactory.parseString("""
            pekko {
              loglevel = INFO
              stdout-loglevel = WARNING
              loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
              logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
              log-dead-letters = off
              jvm-exit-on-fatal-error = on
              daemonic = on
            }
            """);

    private ActorSystem<Spawn> system;

    private record Spawn(Behavior<RoleActorSupervisor.Command> supervisor) {}

    synchronized void spawn(Behavior<RoleActorSupervisor.Command> supervisor) {
        if (system == null) {
            Config config = SETTINGS.withFallback(ConfigFactory.defaultReference(RoleActors.class.getClassLoader())).resolve();
            system = ActorSystem.create(
                    guardian(), "roles", BootstrapSetup.create(config).withClassloader(RoleActors.class.getClassLoader()));
        }
        system.tell(new Spawn(supervisor));
    }

    private static Behavior<Spawn> guardian() {
        return Behaviors.receive((context, spawn) -> {
            context.spawnAnonymous(spawn.supervisor());
            return Behaviors.same();
        });
    }
}
