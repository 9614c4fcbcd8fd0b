package io.lazuli.node;

import io.lazuli.node.NodeGuardian.Spawn;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The root of a node's actors. Starts children for the wiring, each restarted with back-off for as long as the node lives. */
final class NodeGuardian extends AbstractBehavior<Spawn<?>> {

    private static final Duration MIN_BACKOFF = Duration.ofMillis(200);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
    private static final double BACKOFF_JITTER = 0.2;

    /** Starts {@code behavior} as the child {@code name}. */
    record Spawn<T>(Behavior<T> behavior, String name, Props props, ActorRef<ActorRef<T>> replyTo) {}

    static Behavior<Spawn<?>> create() {
        return Behaviors.setup(NodeGuardian::new);
    }

    private NodeGuardian(ActorContext<Spawn<?>> context) {
        super(context);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Receive<Spawn<?>> createReceive() {
        return newReceiveBuilder().onMessage(Spawn.class, spawn -> onSpawn((Spawn<Object>) spawn)).build();
    }

    private <T> Behavior<Spawn<?>> onSpawn(Spawn<T> spawn) {
        Behavior<T> supervised = Behaviors.supervise(spawn.behavior())
                .onFailure(SupervisorStrategy.restartWithBackoff(MIN_BACKOFF, MAX_BACKOFF, BACKOFF_JITTER));
        spawn.replyTo().tell(getContext().spawn(supervised, spawn.name(), spawn.props()));
        return this;
    }
}
