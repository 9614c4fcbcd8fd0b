package io.lazuli.fabric.account;

import io.lazuli.fabric.account.AccountBookState.Decision;
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
 * The keeper's memory: all accounts and its epoch. A child of the keeper, and apart from it so that what survives a crash
 * (all of this) and what does not (who has confirmed what) cannot be confused. All decisions are {@link AccountBookState}'s.
 *
 * <p>Every command is answered with the state after it, once that is durable. Bounded by {@code max-accounts}; a snapshot
 * every {@link #EVENTS_PER_SNAPSHOT} events.
 */
final class AccountBook extends EventSourcedBehaviorWithEnforcedReplies<AccountBook.Command, AccountEvent, AccountBookState> {

    private static final PersistenceId PERSISTENCE_ID = PersistenceId.of("fabric", "accounts");
    static final int EVENTS_PER_SNAPSHOT = 100;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final Duration RESTART_MIN = Duration.ofMillis(200);
    private static final Duration RESTART_MAX = Duration.ofSeconds(5);
    private static final double RESTART_JITTER = 0.2;

    sealed interface Command {}

    record RaiseEpoch(ActorRef<AccountBookState> replyTo) implements Command {}

    record Decide(AccountRequest request, ActorRef<Decided> replyTo) implements Command {}

    /** Nothing is left of the account. Does nothing unless it is being deleted. */
    record Forget(String name, ActorRef<AccountBookState> replyTo) implements Command {}

    /** The account's data may not be deleted. Does nothing unless it is being deleted. */
    record Restore(String name, ActorRef<AccountBookState> replyTo) implements Command {}

    /** @param decision what was done, or why nothing; @param state afterwards */
    record Decided(Decision decision, AccountBookState state) {}

    private final int maxAccounts;
    private final Clock clock;

    static Behavior<Command> create(int maxAccounts, Clock clock) {
        return new AccountBook(maxAccounts, clock);
    }

    private AccountBook(int maxAccounts, Clock clock) {
        super(PERSISTENCE_ID, SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, RESTART_JITTER));
        this.maxAccounts = maxAccounts;
        this.clock = clock;
    }

    @Override
    public AccountBookState emptyState() {
        return AccountBookState.empty();
    }

    @Override
    public CommandHandlerWithReply<Command, AccountEvent, AccountBookState> commandHandler() {
        return newCommandHandlerWithReplyBuilder().forAnyState()
                .onCommand(RaiseEpoch.class, (state, command) ->
                        Effect().persist(new AccountEvent.EpochRaised(state.epoch() + 1)).thenReply(command.replyTo(), after -> after))
                .onCommand(Decide.class, this::onDecide)
                .onCommand(Forget.class, (state, command) ->
                        endDeletion(state, new AccountEvent.Gone(command.name(), clock.epochMillis()), command.name(), command.replyTo()))
                .onCommand(Restore.class, (state, command) ->
                        endDeletion(state, new AccountEvent.DeletionRefused(command.name(), clock.epochMillis()), command.name(), command.replyTo()))
                .build();
    }

    private ReplyEffect<AccountEvent, AccountBookState> onDecide(AccountBookState state, Decide command) {
        Decision decision = state.decide(command.request(), maxAccounts, clock.epochMillis());
        return decision.event().isPresent()
                ? Effect().persist(decision.event().get()).thenReply(command.replyTo(), after -> new Decided(decision, after))
                : Effect().reply(command.replyTo(), new Decided(decision, state));
    }

    private ReplyEffect<AccountEvent, AccountBookState> endDeletion(
            AccountBookState state, AccountEvent end, String name, ActorRef<AccountBookState> replyTo) {
        Account account = state.accounts().get(name);
        return account != null && account.phase() == Account.Phase.DELETING
                ? Effect().persist(end).thenReply(replyTo, after -> after)
                : Effect().reply(replyTo, state);
    }

    @Override
    public EventHandler<AccountBookState, AccountEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent(AccountBookState::apply);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT);
    }
}
