package io.lazuli.fabric.account;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Keeps an edge node's {@link AccountKeyCache} right: says to the keeper what it knows, now and then and after every news,
 * and is told what it lacks. Keeps nothing over a restart; the cache goes on with what it has until this knows all again.
 */
public final class AccountKeyFeed extends AbstractBehavior<AccountKeyFeed.Command> {

    public sealed interface Command {}

    /**
     * News from the keeper.
     *
     * @param epoch of the keeper; of an older one than the latest nothing is heeded
     * @param reportNanos {@code sentNanos} of the report that this answers, or {@link #UNASKED}
     */
    public record Page(long epoch, long reportNanos, AccountChanges changes) implements Command, WireMessage {
        static final long UNASKED = Long.MIN_VALUE;
    }

    private enum Tick implements Command { REPORT }

    private final NodeId node;
    private final RecipientRef<? super AccountKeeper.Report> keeper;
    private final AccountKeyCache cache;
    private final Clock clock;
    private final ActorRef<Page> self;
    private final AccountCopy copy = new AccountCopy();
    private long epoch;

    public static Behavior<Command> create(
            NodeId node, RecipientRef<? super AccountKeeper.Report> keeper, AccountKeyCache cache, Duration reportInterval, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.REPORT, Duration.ZERO, reportInterval);
            return new AccountKeyFeed(context, node, keeper, cache, clock);
        }));
    }

    private AccountKeyFeed(
            ActorContext<Command> context, NodeId node, RecipientRef<? super AccountKeeper.Report> keeper, AccountKeyCache cache, Clock clock) {
        super(context);
        this.node = node;
        this.keeper = keeper;
        this.cache = cache;
        this.clock = clock;
        this.self = context.getSelf().narrow();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Page.class, this::onPage)
                .onMessageEquals(Tick.REPORT, this::onReport)
                .build();
    }

    private Behavior<Command> onPage(Page page) {
        if (page.epoch() < epoch) {
            return this;
        }
        epoch = page.epoch();
        AccountsKnown before = copy.known();
        copy.apply(page.changes());
        boolean complete = copy.known().complete() == page.changes().currentVersion();
        boolean news = copy.known().complete() != before.complete() || !page.changes().accounts().isEmpty();
        if (news && copy.known().complete() >= 0) {
            cache.honour(copy.honoured());
        }
        if (complete && page.reportNanos() != Page.UNASKED) {
            cache.wasRightAt(page.reportNanos());
        }
        return copy.known().equals(before) ? this : onReport();
    }

    private Behavior<Command> onReport() {
        keeper.tell(new AccountKeeper.Report(node, epoch, copy.known(), clock.nanos(), self));
        return this;
    }
}
