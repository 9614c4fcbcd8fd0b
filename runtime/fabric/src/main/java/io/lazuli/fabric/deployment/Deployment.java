package io.lazuli.fabric.deployment;

import io.lazuli.fabric.deployment.DeploymentState.Decision;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.wire.WireMessage;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/**
 * The desired state of one deployment: a sharded entity whose id is the deployment's name. It exists so that a change
 * is durable, and decided by one writer, before anybody acts on it; it knows nothing of nodes and of what runs.
 *
 * <p>Survives a crash: everything, as events in the journal (all decisions are in {@link DeploymentState}). Bounded:
 * one state in memory, a snapshot every {@link #EVENTS_PER_SNAPSHOT} events; what arrives while an event is written is
 * stashed by Pekko ({@code pekko.persistence.typed.stash-capacity}), what does not fit is dropped and asked again.
 * If the journal fails, the entity restarts with back-off and answers nothing meanwhile.
 */
public final class Deployment
        extends EventSourcedBehaviorWithEnforcedReplies<Deployment.Command, DeploymentEvent, DeploymentState> {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "deployment");

    static final int EVENTS_PER_SNAPSHOT = 50;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration RESTART_MIN = Duration.ofMillis(200);
    private static final Duration RESTART_MAX = Duration.ofSeconds(5);
    private static final double RESTART_JITTER = 0.2;

    public sealed interface Command extends WireMessage {}

    public record Ask(DeploymentRequest request, ActorRef<DeploymentReply> replyTo) implements Command {}

    private final String name;
    private final int maxInstancesPerRole;
    private final Clock clock;

    public static Behavior<Command> create(String name, int maxInstancesPerRole, Clock clock) {
        return new Deployment(name, maxInstancesPerRole, clock);
    }

    private Deployment(String name, int maxInstancesPerRole, Clock clock) {
        super(PersistenceId.of(TYPE_KEY.name(), name),
                SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, RESTART_JITTER));
        this.name = name;
        this.maxInstancesPerRole = maxInstancesPerRole;
        this.clock = clock;
    }

    @Override
    public DeploymentState emptyState() {
        return DeploymentState.absent(name);
    }

    @Override
    public CommandHandlerWithReply<Command, DeploymentEvent, DeploymentState> commandHandler() {
        return newCommandHandlerWithReplyBuilder().forAnyState().onCommand(Ask.class, this::onAsk).build();
    }

    private ReplyEffect<DeploymentEvent, DeploymentState> onAsk(DeploymentState state, Ask ask) {
        Decision decision = state.decide(ask.request(), maxInstancesPerRole, clock.epochMillis());
        if (decision.refusal().isPresent()) {
            return Effect().reply(ask.replyTo(), decision.refusal().get());
        }
        if (decision.event().isPresent()) {
            return Effect().persist(decision.event().get()).thenReply(ask.replyTo(), DeploymentReply.Done::new);
        }
        return Effect().reply(ask.replyTo(), new DeploymentReply.Done(state));
    }

    @Override
    public EventHandler<DeploymentState, DeploymentEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent(DeploymentState::apply);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }

    @Override
    public SnapshotAdapter<DeploymentState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(DeploymentState state) {
                return new DeploymentSnapshot(state);
            }

            @Override
            public DeploymentState fromJournal(Object from) {
                return ((DeploymentSnapshot) from).state();
            }
        };
    }
}
