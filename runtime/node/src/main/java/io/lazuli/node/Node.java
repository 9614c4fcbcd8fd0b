package io.lazuli.node;

import com.typesafe.config.Config;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a node as a member of the cluster, from its start until it has left or has been downed by the others.
 * {@link NodeStart} builds it; {@code DESIGN.md} tells in which order its parts start and end.
 */
final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    /** All phases of the end together, with room; below {@link NodeEnd}'s patience. */
    private static final long END_TIMEOUT_MILLIS = 90_000;
    private static final int STUCK_EXIT_CODE = 3;

    private final ActorSystem<?> system;
    private final Runnable closeRest;
    /** Completes if the end has begun and takes too long. */
    private final CompletableFuture<Done> overdue = new CompletableFuture<>();

    /** @param closeRest ends what has no actors, after the actor system */
    Node(ActorSystem<?> system, Runnable closeRest) {
        this.system = system;
        this.closeRest = closeRest;
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "watch-the-end", () -> {
            overdue.completeOnTimeout(Done.getInstance(), END_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            return CompletableFuture.completedFuture(Done.getInstance());
        });
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
            CompletableFuture.anyOf(terminated(), overdue).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the actor system ended with a failure", e.getCause());
        }
        if (!terminated().isDone()) {
            // Whatever holds on, perhaps a role's code, would hold on to the data as well: end like a crash, which loses nothing.
            LOG.error("the actor system does not end; the process ends without it");
            Runtime.getRuntime().halt(STUCK_EXIT_CODE);
        }
        closeRest.run();
    }

    /** Ends an actor system that is still running, for a start that failed on the way. */
    void leaveAndAwait() throws Exception {
        leave();
        terminated().get(END_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Done> terminated() {
        return system.getWhenTerminated().toCompletableFuture();
    }
}
