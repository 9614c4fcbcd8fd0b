package io.lazuli.host.code;

import io.lazuli.host.log.InstanceLog;
import io.lazuli.host.log.InstanceLogger;
import io.lazuli.host.log.InstanceLogs;
import io.lazuli.host.queue.QueueClient;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;

/** Runs instances' code in this JVM; the same in a node and in a role host. */
public final class CodeRunner {

    private final InstanceLogs logs;
    private final PeerBoard peers;
    private final QueueClient queues;

    public CodeRunner(InstanceLogs logs, PeerBoard peers, QueueClient queues) {
        this.logs = logs;
        this.peers = peers;
        this.queues = queues;
    }

    /** Starts a worker, or an actor role by way of {@code spawner}; returns at once. */
    public InstanceCode start(CodeSpec spec, CodeEvents events, Consumer<Behavior<RoleActorSupervisor.Command>> spawner) {
        InstanceLog log = logs.of(spec.key());
        InstanceContext context = new InstanceContext(spec, peers, new InstanceLogger(spec.key().toString(), log), queues);
        return switch (spec.kind()) {
            case WORKER -> WorkerCode.start(spec, context, log, events);
            case ACTOR -> ActorCode.start(spec, context, log, events, spawner);
        };
    }
}
