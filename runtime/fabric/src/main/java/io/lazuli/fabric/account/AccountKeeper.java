package io.lazuli.fabric.account;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.account.Account.Phase;
import io.lazuli.fabric.account.AccountBook.Decided;
import io.lazuli.fabric.account.AccountReply.Changed;
import io.lazuli.fabric.account.AccountReply.Found;
import io.lazuli.fabric.account.AccountReply.Listed;
import io.lazuli.fabric.account.AccountReply.Refused;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The keeper of the storage accounts, one in the cluster. It changes the {@link AccountBook}, tells every edge node what
 * became of it, answers a change when all of them know it or {@code confirm-timeout} has passed, and deletes the data of
 * accounts that are deleted.
 *
 * <pre>
 *              epoch raised                    its ticks stood still, or somebody has seen a later epoch
 *   LOADING ───────────────────▶ RUNNING ─────────────────────────────────────────────────────────────────▶ LOADING
 * </pre>
 *
 * A keeper whose process stood still may have been replaced without knowing it; it answers nobody before it has raised the
 * epoch in the journal, and edge nodes heed only the latest. Survives a crash: the book. The rest is heard again: edge nodes
 * report, and data that are being deleted are deleted anew. Bounded: {@link #MAX_WAITING} changes that wait for edge nodes,
 * pages of {@link #MAX_PAGE} accounts, {@link Purges#MAX_RUNNING} deletions.
 */
public final class AccountKeeper extends AbstractBehavior<AccountKeeper.Command> {

    static final int MAX_PAGE = 500;
    private static final int MAX_WAITING = 1_000;
    /** Reports that a new keeper waits for at most before it believes that it has heard all edge nodes. */
    private static final int SETTLE_REPORTS = 2;
    /** Ticks that may be missed before the keeper asks itself whether it still is the keeper. */
    private static final int MISSED_TICKS = 5;
    private static final Duration RAISE_RETRY = Duration.ofMillis(500);

    public sealed interface Command {}

    /** Answered Changed or Refused. */
    public record Change(AccountRequest request, ActorRef<AccountReply> replyTo) implements Command, WireMessage {}

    /** Answered Found or Refused. */
    public record Get(String name, ActorRef<AccountReply> replyTo) implements Command, WireMessage {}

    /** Accounts in the order of their names, from {@code fromName} on: answered Listed or Refused. */
    public record ListAccounts(String fromName, int maxAccounts, ActorRef<AccountReply> replyTo) implements Command, WireMessage {}

    /**
     * What an edge node knows: answered with what it lacks, perhaps nothing.
     *
     * @param epoch the latest it has heard of
     * @param sentNanos given back in the answer
     */
    public record Report(NodeId node, long epoch, AccountsKnown known, long sentNanos, ActorRef<AccountKeyFeed.Page> copy)
            implements Command, WireMessage {}

    private record EpochRaised(Optional<AccountBookState> state) implements Command {}

    private record Answered(Change change, Optional<Decided> decided) implements Command {}

    private record CopyGone(ActorRef<AccountKeyFeed.Page> copy) implements Command {}

    private record PurgeEnded(String account, long beganNanos, Optional<Throwable> failure) implements Command {}

    private record DeletionEnded(String account, Optional<AccountBookState> state) implements Command {}

    private enum Tick implements Command { TICK, RAISE_EPOCH }

    private record Waiting(long version, Account account, long deadlineNanos, ActorRef<AccountReply> replyTo) {}

    private final AccountSettings settings;
    private final Set<String> configured;
    private final AccountData data;
    private final Clock clock;
    private final TimerScheduler<Command> timers;
    private final ActorRef<AccountBook.Command> bookKeeper;
    private final Confirmations<ActorRef<AccountKeyFeed.Page>> confirmations;
    private final Purges purges;
    private final List<Waiting> waiting = new ArrayList<>();
    private final long startedNanos;

    private AccountBookState book = AccountBookState.empty();
    private boolean running;
    private boolean raising;
    private long tickedNanos;

    /** @param configured names of accounts that the nodes' configuration has */
    public static Behavior<Command> create(AccountSettings settings, Set<String> configured, AccountData data, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new AccountKeeper(context, timers, settings, configured, data, clock)));
    }

    private AccountKeeper(
            ActorContext<Command> context, TimerScheduler<Command> timers, AccountSettings settings, Set<String> configured,
            AccountData data, Clock clock) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.configured = Set.copyOf(configured);
        this.data = data;
        this.clock = clock;
        this.purges = new Purges(settings.deleteQuiet().toNanos(), settings.purgeRetry().toNanos());
        this.startedNanos = clock.nanos();
        this.confirmations = new Confirmations<>(settings.lease().toNanos(), startedNanos);
        this.tickedNanos = startedNanos;
        this.bookKeeper = context.spawn(AccountBook.create(settings.maxAccounts(), clock), "book");
        context.watch(bookKeeper);
        raiseEpoch();
        timers.startTimerWithFixedDelay(Tick.TICK, settings.reportInterval());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Change.class, this::onChange)
                .onMessage(Get.class, this::onGet)
                .onMessage(ListAccounts.class, this::onListAccounts)
                .onMessage(Report.class, this::onReport)
                .onMessage(EpochRaised.class, this::onEpochRaised)
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(CopyGone.class, this::onCopyGone)
                .onMessage(PurgeEnded.class, this::onPurgeEnded)
                .onMessage(DeletionEnded.class, this::onDeletionEnded)
                .onMessageEquals(Tick.TICK, this::onTick)
                .onMessageEquals(Tick.RAISE_EPOCH, this::onRaiseEpoch)
                .build();
    }

    private Behavior<Command> onChange(Change change) {
        String name = change.request().name();
        if (configured.contains(name)) {
            change.replyTo().tell(change.request() instanceof AccountRequest.Create
                    ? new Refused(FabricErrorCode.ACCOUNT_ALREADY_EXISTS, "an account named '" + name + "' exists in the nodes' configuration")
                    : new Refused(FabricErrorCode.ACCOUNT_CONFIGURED, "account '" + name + "' can be changed only in the nodes' configuration"));
        } else if (!isKeeper() || waiting.size() >= MAX_WAITING) {
            change.replyTo().tell(notNow());
        } else {
            getContext().ask(
                    Decided.class, bookKeeper, settings.askTimeout(), replyTo -> new AccountBook.Decide(change.request(), replyTo),
                    (decided, failure) -> new Answered(change, Optional.ofNullable(decided)));
        }
        return this;
    }

    private Behavior<Command> onGet(Get get) {
        Account account = book.accounts().get(get.name());
        get.replyTo().tell(!isKeeper() ? notNow()
                : account == null ? AccountBookState.notFound(get.name()).refusal().orElseThrow() : new Found(account));
        return this;
    }

    private Behavior<Command> onListAccounts(ListAccounts list) {
        if (!isKeeper()) {
            list.replyTo().tell(notNow());
            return this;
        }
        int max = Math.clamp(list.maxAccounts(), 1, MAX_PAGE);
        List<Account> found = book.accounts().tailMap(list.fromName()).values().stream().limit(max + 1L).toList();
        list.replyTo().tell(found.size() <= max ? new Listed(found, Optional.empty())
                : new Listed(found.subList(0, max), Optional.of(found.getLast().name())));
        return this;
    }

    private Behavior<Command> onReport(Report report) {
        if (report.epoch() > book.epoch()) {
            raiseEpoch();
        }
        if (isKeeper()) {
            if (confirmations.heard(report.copy(), report.node(), report.known(), clock.nanos())) {
                getContext().watchWith(report.copy(), new CopyGone(report.copy()));
            }
            report.copy().tell(page(report.known(), report.sentNanos()));
            answerConfirmed();
        }
        return this;
    }

    private Behavior<Command> onEpochRaised(EpochRaised raised) {
        raising = false;
        if (raised.state().isPresent()) {
            running = true;
            tickedNanos = clock.nanos();
            became(raised.state().get());
        } else {
            timers.startSingleTimer(Tick.RAISE_EPOCH, RAISE_RETRY);
        }
        return this;
    }

    private Behavior<Command> onAnswered(Answered answered) {
        ActorRef<AccountReply> replyTo = answered.change().replyTo();
        if (answered.decided().isEmpty()) {
            replyTo.tell(notNow());
            return this;
        }
        Decided decided = answered.decided().get();
        became(decided.state());
        Account account = decided.state().accounts().get(answered.change().request().name());
        if (decided.decision().refusal().isPresent()) {
            replyTo.tell(decided.decision().refusal().get());
        } else {
            waiting.add(new Waiting(account.changedAtVersion(), account, clock.nanos() + settings.confirmTimeout().toNanos(), replyTo));
            answerConfirmed();
        }
        return this;
    }

    private Behavior<Command> onCopyGone(CopyGone gone) {
        confirmations.gone(gone.copy());
        answerConfirmed();
        return this;
    }

    private Behavior<Command> onPurgeEnded(PurgeEnded ended) {
        String account = ended.account();
        Throwable problem = ended.failure().map(Failures::cause).orElse(null);
        boolean retained = problem instanceof DataRetainedException;
        if (retained) {
            getContext().getLog().warn("account {} cannot be deleted and will be as it was: {}", account, problem.getMessage());
        } else if (problem != null) {
            getContext().getLog().warn("the data of account {} could not be deleted; tried again", account, problem);
        }
        if (purges.ended(account, ended.beganNanos(), problem != null && !retained, clock.nanos())) {
            getContext().ask(
                    AccountBookState.class, bookKeeper, settings.askTimeout(),
                    replyTo -> retained ? new AccountBook.Restore(account, replyTo) : new AccountBook.Forget(account, replyTo),
                    (state, failure) -> new DeletionEnded(account, Optional.ofNullable(state)));
        }
        return this;
    }

    private Behavior<Command> onDeletionEnded(DeletionEnded ended) {
        if (ended.state().isPresent()) {
            purges.over(ended.account());
            became(ended.state().get());
        } else {
            purges.perhapsOver(ended.account(), clock.nanos());
            raiseEpoch();
        }
        return this;
    }

    private Behavior<Command> onTick() {
        if (isKeeper()) {
            tickedNanos = clock.nanos();
            answerConfirmed();
            purge();
        }
        return this;
    }

    private Behavior<Command> onRaiseEpoch() {
        raiseEpoch();
        return this;
    }

    /** Whether nobody else can have become the keeper meanwhile; if that is not sure, it begins to find out. */
    private boolean isKeeper() {
        if (running && clock.nanos() - tickedNanos > MISSED_TICKS * settings.reportInterval().toNanos()) {
            raiseEpoch();
        }
        return running;
    }

    private void raiseEpoch() {
        running = false;
        if (!raising) {
            raising = true;
            getContext().ask(
                    AccountBookState.class, bookKeeper, settings.askTimeout(), AccountBook.RaiseEpoch::new,
                    (state, failure) -> new EpochRaised(Optional.ofNullable(state)));
        }
    }

    /** Answers of the book may overtake none, but an old one may come after a time-out. */
    private void became(AccountBookState state) {
        if (state.version() >= book.version() && state.epoch() >= book.epoch()) {
            boolean changed = state.version() > book.version();
            book = state;
            if (changed) {
                confirmations.forEach((copy, known) -> copy.tell(page(known, AccountKeyFeed.Page.UNASKED)));
            }
        }
    }

    private AccountKeyFeed.Page page(AccountsKnown known, long sentNanos) {
        return new AccountKeyFeed.Page(book.epoch(), sentNanos, book.since(known, MAX_PAGE));
    }

    private void answerConfirmed() {
        long now = clock.nanos();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            Set<NodeId> lacking = confirmations.lacking(one.version(), now);
            if (lacking.isEmpty() && isSettled() || now - one.deadlineNanos() >= 0) {
                one.replyTo().tell(new Changed(one.account(), lacking));
                all.remove();
            }
        }
    }

    /** Whether every edge node has had the time to report to this keeper. */
    private boolean isSettled() {
        return clock.nanos() - startedNanos > SETTLE_REPORTS * settings.reportInterval().toNanos();
    }

    private void purge() {
        long now = clock.nanos();
        List<Account> deleting = book.accounts().values().stream().filter(account -> account.phase() == Phase.DELETING).toList();
        purges.keepOnly(deleting.stream().collect(Collectors.toMap(Account::name, Account::changedAtVersion)));
        deleting.stream()
                .filter(account -> isSettled() && confirmations.lacking(account.changedAtVersion(), now).isEmpty())
                .forEach(account -> purges.keysAreVoid(
                        account.name(), account.changedAtVersion(), confirmations.unheardUntilNanos(), now));
        for (String account : purges.begin(now)) {
            // What the configuration has by now is no longer this account's.
            CompletionStage<Void> purged = configured.contains(account)
                    ? CompletableFuture.completedStage(null) : data.purge(account);
            getContext().pipeToSelf(
                    purged, (done, failure) -> new PurgeEnded(account, now, Optional.ofNullable(failure)));
        }
    }

    private static Refused notNow() {
        return new Refused(FabricErrorCode.UNAVAILABLE, "the accounts cannot be read or changed at this moment; try again");
    }
}
