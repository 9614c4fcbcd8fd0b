package io.lazuli.fabric.controller;

import io.lazuli.fabric.Samples;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceSpec;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.host.NodeAgentProtocol.Assign;
import io.lazuli.host.NodeAgentProtocol.LogPage;
import io.lazuli.host.NodeAgentProtocol.ReadLog;
import io.lazuli.host.NodeAgentProtocol.Report;
import io.lazuli.host.NodeReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** A node agent that runs nothing: what it is assigned is ready at once; what it stops goes on stopping until a test lets it stop. */
public final class FakeAgent extends AbstractBehavior<NodeAgentProtocol.Command> {

    /** From now on what is to stop has stopped at once. */
    public record LetStop() implements NodeAgentProtocol.LocalCommand {}

    /** From now on it answers. */
    public record WakeUp() implements NodeAgentProtocol.LocalCommand {}

    private final int node;
    private final ActorRef<Assign> seen;
    private final Map<InstanceKey, InstanceStatus> instances = new TreeMap<>();
    private ActorRef<NodeReport> subscriber;
    private long epoch;
    private boolean awake;
    private boolean stopsAtOnce;

    /** @param seen gets every assignment that is obeyed */
    public static Behavior<NodeAgentProtocol.Command> create(int node, ActorRef<Assign> seen, boolean awake, long epoch, InstanceStatus... running) {
        return Behaviors.setup(context -> new FakeAgent(context, node, seen, awake, epoch, List.of(running)));
    }

    private FakeAgent(
            ActorContext<NodeAgentProtocol.Command> context, int node, ActorRef<Assign> seen, boolean awake, long epoch,
            List<InstanceStatus> running) {
        super(context);
        this.node = node;
        this.seen = seen;
        this.awake = awake;
        this.epoch = epoch;
        running.forEach(status -> instances.put(status.key(), status));
    }

    @Override
    public Receive<NodeAgentProtocol.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Assign.class, this::onAssign)
                .onMessage(Report.class, this::onReport)
                .onMessage(ReadLog.class, this::onReadLog)
                .onMessage(LetStop.class, this::onLetStop)
                .onMessage(WakeUp.class, this::onWakeUp)
                .build();
    }

    private Behavior<NodeAgentProtocol.Command> onAssign(Assign assign) {
        if (awake && assign.controllerEpoch() >= epoch) {
            epoch = assign.controllerEpoch();
            instances.replaceAll((key, status) -> status(key, status.generation(), InstanceState.STOPPING));
            for (InstanceSpec spec : assign.instances()) {
                instances.put(spec.key(), status(spec.key(), spec.generation(), InstanceState.READY));
            }
            removeStopped();
            assign.replyTo().tell(report());
            seen.tell(assign);
        }
        return this;
    }

    private Behavior<NodeAgentProtocol.Command> onReport(Report report) {
        subscriber = report.subscriber();
        if (awake) {
            subscriber.tell(report());
        }
        return this;
    }

    private Behavior<NodeAgentProtocol.Command> onReadLog(ReadLog read) {
        read.replyTo().tell(new LogPage(read.key(), read.offset() + 5, "hello"));
        return this;
    }

    private Behavior<NodeAgentProtocol.Command> onLetStop(LetStop letStop) {
        stopsAtOnce = true;
        removeStopped();
        tellSubscriber();
        return this;
    }

    private Behavior<NodeAgentProtocol.Command> onWakeUp(WakeUp wakeUp) {
        awake = true;
        tellSubscriber();
        return this;
    }

    private void tellSubscriber() {
        if (subscriber != null) {
            subscriber.tell(report());
        }
    }

    private void removeStopped() {
        if (stopsAtOnce) {
            instances.values().removeIf(status -> status.state() == InstanceState.STOPPING);
        }
    }

    private NodeReport report() {
        return Samples.report(node, epoch, instances.values().toArray(InstanceStatus[]::new));
    }

    private static InstanceStatus status(InstanceKey key, long generation, InstanceState state) {
        return Samples.status(key.toString(), generation, state, 100);
    }
}
