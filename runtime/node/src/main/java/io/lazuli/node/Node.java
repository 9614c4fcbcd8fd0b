package io.lazuli.node;

import com.typesafe.config.Config;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * One life of a node as a member of the cluster, from its start until it has left or has been downed by the others.
 * {@link NodeStart} builds it; {@code DESIGN.md} tells in which order its parts start and end.
 */
final class Node {

    private final ActorSystem<?> system;
    private final Runnable closeRest;

    /** @param closeRest ends what has no actors, after the actor system */
    Node(ActorSystem<?> system, Runnable closeRest) {
        this.system = system;
        this.closeRest = closeRest;
    }

    /** @throws NodeStartException if a port is in use or the node's data cannot be opened */
    static Node start(Config config, NodeSettings settings, NodeDirectory directory, Joining joining) {
        return new NodeStart(config, settings, directory, joining).run();
    }

    /** Begins to leave in order; does nothing if the end has begun already. */
    void leave() {
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
    }

    /** Returns when all parts of the node have ended, whoever ended them. */
    void awaitTermination() throws InterruptedException {
        try {
            system.getWhenTerminated().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the actor system ended with a failure", e.getCause());
        } finally {
            closeRest.run();
        }
    }
}
