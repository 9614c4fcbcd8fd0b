package io.lazuli.fabric.controller;

import io.lazuli.fabric.FabricSettings;
import io.lazuli.fabric.controller.Controller.DeploymentRead;
import io.lazuli.fabric.controller.Controller.ReadAgain;
import io.lazuli.fabric.deployment.Deployment;
import io.lazuli.fabric.deployment.DeploymentReply;
import io.lazuli.fabric.deployment.DeploymentRequest;
import io.lazuli.fabric.deployment.DeploymentState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The controller's questions to the deployments' entities: reads wait until fewer than {@link #MAX_READS} are under way, and
 * what has never been read is read again until it answers. A part of the controller's actor; nothing survives a crash.
 */
final class DeploymentReader {

    static final int MAX_READS = 32;
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final ActorContext<Controller.Command> context;
    private final TimerScheduler<Controller.Command> timers;
    private final FabricSettings settings;
    private final Function<String, RecipientRef<Deployment.Command>> deployments;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Set<String> neverRead = new HashSet<>();

    DeploymentReader(
            ActorContext<Controller.Command> context, TimerScheduler<Controller.Command> timers, FabricSettings settings,
            Function<String, RecipientRef<Deployment.Command>> deployments) {
        this.context = context;
        this.timers = timers;
        this.settings = settings;
        this.deployments = deployments;
    }

    /** Reads these until each has answered once. */
    void readFirst(Collection<String> names) {
        neverRead.addAll(names);
        names.forEach(this::read);
    }

    boolean hasReadAll() {
        return neverRead.isEmpty();
    }

    void read(String name) {
        if (!inFlight.contains(name) && !waiting.contains(name)) {
            waiting.add(name);
        }
        readNext();
    }

    private void readNext() {
        while (inFlight.size() < MAX_READS && !waiting.isEmpty()) {
            String name = waiting.remove();
            inFlight.add(name);
            ask(name, new DeploymentRequest.Get(), DeploymentRead::new);
        }
    }

    void onRead(DeploymentRead read) {
        inFlight.remove(read.name());
        if (read.state().isPresent()) {
            neverRead.remove(read.name());
        } else if (neverRead.contains(read.name())) {
            context.getLog().warn("deployment '{}' does not answer; nothing is assigned before it has", read.name());
            timers.startSingleTimer("read " + read.name(), new ReadAgain(read.name()), RETRY_DELAY);
        }
        readNext();
    }

    /** @param answered from the name and the state, empty if the entity did not answer or refused */
    void ask(String name, DeploymentRequest request, BiFunction<String, Optional<DeploymentState>, Controller.Command> answered) {
        context.ask(
                DeploymentReply.class, deployments.apply(name), settings.askTimeout(), replyTo -> new Deployment.Ask(request, replyTo),
                (reply, failure) -> answered.apply(name, reply instanceof DeploymentReply.Done done ? Optional.of(done.state()) : Optional.empty()));
    }
}
