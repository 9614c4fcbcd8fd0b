package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.wire.WireMessage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Looks after the blobs of the whole cloud, one in it: makes a pass ({@link UpkeepPass}), waits, makes the next; and besides, much more often,
 * looks at the pending copies ({@link CopyWatch}). Keeps what two passes have
 * named, nothing durable: after it has moved to another node, bytes are collected at the end of the second complete pass.
 *
 * <pre>
 * waiting --interval--> passing --ended--> waiting
 * waiting --copy-check-interval--> looking at copies --ended--> waiting
 * </pre>
 */
public final class BlobUpkeep {

    public sealed interface Command {}

    /** Answered with {@link Status}. */
    public record GetStatus(ActorRef<Status> replyTo) implements Command, WireMessage {}

    private enum Due implements Command { PASS, COPIES }

    private record Looked(CopyWatch.Look look, long lookNanos) implements Command {}

    private record Ended(UpkeepReport report) implements Command {}

    /** @param last null before the end of the first pass here; {@code lastCollecting} the last that collected bytes, null if there was none
     * @param takenUpCopies pending copies that were found to stand still, since it is here */
    public record Status(boolean passing, UpkeepReport last, UpkeepReport lastCollecting, long takenUpCopies) implements WireMessage {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final UpkeepPass.Needs needs;
    private final UpkeepSettings settings;
    private final RunFilters filters;
    private final PendingCopies pendingCopies;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private boolean passing;
    private UpkeepReport last;
    private UpkeepReport lastCollecting;
    private long takenUpCopies;

    private BlobUpkeep(ActorContext<Command> context, TimerScheduler<Command> timers, UpkeepPass.Needs needs, UpkeepSettings settings,
            LongSupplier salts) {
        this.context = context;
        this.timers = timers;
        this.needs = needs;
        this.settings = settings;
        this.filters = new RunFilters(salts);
        this.pendingCopies = new PendingCopies(settings.staleCopyMillis());
    }

    static Behavior<Command> create(UpkeepPass.Needs needs, UpkeepSettings settings, LongSupplier salts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            BlobUpkeep upkeep = new BlobUpkeep(context, timers, needs, settings, salts);
            upkeep.await();
            upkeep.awaitCopies(settings.copyCheckMillis());
            return upkeep.receive();
        }));
    }

    private void await() {
        timers.startSingleTimer(Due.PASS, Duration.ofMillis(settings.intervalMillis()));
    }

    private void awaitCopies(long pauseMillis) {
        timers.startSingleTimer(Due.COPIES, Duration.ofMillis(pauseMillis));
    }

    private Behavior<Command> receive() {
        return Behaviors.receive(Command.class)
                .onMessage(GetStatus.class, this::onGetStatus)
                .onMessage(Due.class, this::onDue)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(Looked.class, this::onLooked)
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private Behavior<Command> onGetStatus(GetStatus get) {
        get.replyTo.tell(new Status(passing, last, lastCollecting, takenUpCopies));
        return Behaviors.same();
    }

    private Behavior<Command> onDue(Due due) {
        switch (due) {
            case PASS -> pass();
            case COPIES -> look();
        }
        return Behaviors.same();
    }

    private void pass() {
        passing = true;
        CompletionStage<UpkeepReport> pass = new UpkeepPass(needs, settings, filters, stopped::get)
                .make(last == null ? 0 : last.namedRuns());
        context.pipeToSelf(pass, (report, error) -> {
            if (error != null) {
                throw new IllegalStateException("a pass never fails", error);
            }
            return new Ended(report);
        });
    }

    private void look() {
        long beganNanos = needs.clock().nanos();
        context.pipeToSelf(new CopyWatch(needs, pendingCopies, stopped::get).look(), (look, error) -> {
            if (error != null) {
                throw new IllegalStateException("a look never fails", error);
            }
            return new Looked(look, needs.clock().nanos() - beganNanos);
        });
    }

    private Behavior<Command> onEnded(Ended ended) {
        passing = false;
        last = ended.report;
        if (last.droppedChunks() >= 0) {
            lastCollecting = last;
        }
        context.getLog().info("looked after all blobs: {}", last);
        await();
        return Behaviors.same();
    }

    private Behavior<Command> onLooked(Looked looked) {
        takenUpCopies += looked.look.stale();
        awaitCopies(settings.pauseMillisAfter(looked.look.complete(), looked.lookNanos / 1_000_000));
        return Behaviors.same();
    }

    private Behavior<Command> onStop() {
        stopped.set(true);
        return Behaviors.same();
    }
}
