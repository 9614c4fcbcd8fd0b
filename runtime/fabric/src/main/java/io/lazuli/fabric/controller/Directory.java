package io.lazuli.fabric.controller;

import io.lazuli.fabric.controller.DirectoryEvent.EpochRaised;
import io.lazuli.fabric.controller.DirectoryEvent.NameForgotten;
import io.lazuli.fabric.controller.DirectoryEvent.NameRegistered;
import io.lazuli.kernel.Clock;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/**
 * The controller's memory: its epoch and the names there may be deployments for. A child of the controller, and apart
 * from it so that what survives a crash (all of this) and what does not (all the rest) cannot be confused.
 *
 * <p>Every command is answered with the state after it, once that is durable. Bounded by the controller, which limits the
 * number of names; a snapshot every {@link #EVENTS_PER_SNAPSHOT} events.
 */
final class Directory extends EventSourcedBehaviorWithEnforcedReplies<Directory.Command, DirectoryEvent, DirectoryState> {

    private static final PersistenceId PERSISTENCE_ID = PersistenceId.of("fabric", "controller");
    private static final int EVENTS_PER_SNAPSHOT = 100;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration RESTART_MIN = Duration.ofMillis(200);
    private static final Duration RESTART_MAX = Duration.ofSeconds(5);
    private static final double RESTART_JITTER = 0.2;

    sealed interface Command {}

    record RaiseEpoch(ActorRef<DirectoryState> replyTo) implements Command {}

    record Register(String name, String packageDigest, ActorRef<DirectoryState> replyTo) implements Command {}

    /** Does nothing if the name has been registered anew since. */
    record Forget(String name, long registration, ActorRef<DirectoryState> replyTo) implements Command {}

    private final Clock clock;

    static Behavior<Command> create(Clock clock) {
        return new Directory(clock);
    }

    private Directory(Clock clock) {
        super(PERSISTENCE_ID, SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, RESTART_JITTER));
        this.clock = clock;
    }

    @Override
    public DirectoryState emptyState() {
        return DirectoryState.empty();
    }

    @Override
    public CommandHandlerWithReply<Command, DirectoryEvent, DirectoryState> commandHandler() {
        return newCommandHandlerWithReplyBuilder().forAnyState()
                .onCommand(RaiseEpoch.class, (state, command) ->
                        persist(new EpochRaised(state.epoch() + 1), command.replyTo()))
                .onCommand(Register.class, (state, command) -> persist(
                        new NameRegistered(command.name(), command.packageDigest(), state.registrations() + 1, clock.epochMillis()),
                        command.replyTo()))
                .onCommand(Forget.class, this::onForget)
                .build();
    }

    private ReplyEffect<DirectoryEvent, DirectoryState> onForget(DirectoryState state, Forget command) {
        DirectoryState.Entry entry = state.entries().get(command.name());
        return entry != null && entry.registration() == command.registration()
                ? persist(new NameForgotten(command.name(), command.registration()), command.replyTo())
                : Effect().reply(command.replyTo(), state);
    }

    private ReplyEffect<DirectoryEvent, DirectoryState> persist(DirectoryEvent event, ActorRef<DirectoryState> replyTo) {
        return Effect().persist(event).thenReply(replyTo, state -> state);
    }

    @Override
    public EventHandler<DirectoryState, DirectoryEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent(DirectoryState::apply);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }
}
