package io.lazuli.storage.partition.table;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.PartitionFailedException;
import io.lazuli.storage.partition.table.RangeReads.Undecided;
import io.lazuli.storage.partition.table.RangeState.Decision;
import io.lazuli.storage.partition.table.TableRange.MoveStepped;
import io.lazuli.storage.partition.table.TableRange.Needs;
import io.lazuli.storage.partition.table.TableRange.PageSearched;
import io.lazuli.storage.partition.table.TableRange.Result;
import io.lazuli.storage.partition.table.TableRange.RowsFound;
import io.lazuli.storage.partition.table.TableRange.Tick;
import io.lazuli.storage.partition.table.TableRange.TurnSettled;
import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowsRead;
import io.lazuli.storage.store.RowsWanted;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * A {@link TableRange} that has opened: looks up, decides, batches, commits, replies. A request first waits for the rows that it is
 * decided on ({@link #reads}), then its turn comes ({@link #ready}); answers are collected in the open <em>turn</em>. A turn ends in one
 * commit, or, if it changed nothing, in one confirmation that this actor is still the owner. At most
 * {@link TableRangeSettings#MAX_TURNS_IN_FLIGHT} are under way; so the busier the range, the more requests share a commit.
 * Answers leave in the order of the turns: whatever they tell is durable by then.
 *
 * <p>Requests that were accepted and not answered are bounded by {@code maxPendingRequests}, they and what was read for them by
 * {@code maxPendingBytes}.
 */
final class ServingRange {

    /** One commit or confirmation and the answers that wait for it. */
    static final class Turn {

        private final long batch;
        private final List<Waiting> waiting;
        private boolean settled;

        private Turn(long batch, List<Waiting> waiting) {
            this.batch = batch;
            this.waiting = waiting;
        }
    }

    private record Waiting(ActorRef<RangeReply> replyTo, RangeReply reply, long bytes) {}

    private static final RangeReply BUSY = new RangeReply.Refused(StorageErrorCode.SERVER_BUSY);
    private static final RangeReply TIMED_OUT = new RangeReply.Refused(StorageErrorCode.OPERATION_TIMED_OUT);
    /** The batch number of a turn that changes nothing. */
    private static final long NO_BATCH = 0;

    private final ActorContext<RangeCommand> context;
    private final PartitionId partition;
    private final Needs needs;
    private final TableRangeSettings settings;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;
    private final long epoch;
    private final RangeState<?> state;
    private final LoadReports reports;

    private final RangeReads reads = new RangeReads();
    private final Deque<Undecided> ready = new ArrayDeque<>();
    private final Deque<Turn> inFlight = new ArrayDeque<>();
    private final List<RangeRequest> searching = new ArrayList<>();
    private List<Waiting> open = new ArrayList<>();
    private boolean turnClosed;
    private SplitKeySearch search;
    private RangeMover mover;
    private int pendingRequests;
    private long pendingBytes;
    private boolean stopping;
    private ReadPoint durableAt;
    private long lastRequestNanos;

    ServingRange(ActorContext<RangeCommand> context, PartitionId partition, Needs needs,
            Optional<ActorRef<ClusterSharding.ShardCommand>> shard, TableRange.Opened opened) {
        this.context = context;
        this.partition = partition;
        this.needs = needs;
        this.settings = needs.settings();
        this.shard = shard;
        this.epoch = opened.claim().epoch();
        this.durableAt = opened.claim().at();
        this.state = new RangeState<>(partition, needs.logic(), opened.header(), opened.size(), settings.cacheBytes());
        this.lastRequestNanos = needs.clock().nanos();
        this.reports = new LoadReports(partition.toString(), needs.reports(), settings.reportIntervalMillis(), lastRequestNanos);
    }

    Behavior<RangeCommand> behavior() {
        reports.opened(state);
        return Behaviors.receive(RangeCommand.class)
                .onMessage(Result.class, result -> result.epoch() != epoch, ofFormerIncarnation -> Behaviors.same())
                .onMessage(RangeRequest.class, this::request)
                .onMessage(TurnSettled.class, this::turnSettled)
                .onMessage(RowsFound.class, this::rowsFound)
                .onMessage(PageSearched.class, this::pageSearched)
                .onMessage(MoveStepped.class, this::moveStepped)
                .onMessage(Tick.class, tick -> tick())
                .onMessage(RangeCommand.Stop.class, stop -> stop())
                .onSignal(PreRestart.class, signal -> ended())
                .onSignal(PostStop.class, signal -> ended())
                .build();
    }

    private Behavior<RangeCommand> request(RangeRequest request) {
        lastRequestNanos = needs.clock().nanos();
        long bytes = state.bytesOf(request);
        boolean full = pendingRequests > 0 && pendingBytes + bytes > settings.maxPendingBytes();
        if (stopping || pendingRequests >= settings.maxPendingRequests() || full) {
            request.replyTo().tell(BUSY);
            return Behaviors.same();
        }
        pendingRequests++;
        pendingBytes += bytes;
        lookUp(request, bytes);
        return work();
    }

    private Behavior<RangeCommand> turnSettled(TurnSettled settled) {
        if (settled.error() != null) {
            return failed(settled.error(), settled.turn());
        }
        settled.turn().settled = true;
        if (settled.turn().batch != NO_BATCH) {
            durableAt = later(settled.at());
        }
        while (!inFlight.isEmpty() && inFlight.peek().settled) {
            Turn turn = inFlight.remove();
            if (turn.batch != NO_BATCH) {
                state.durable(turn.batch);
            }
            for (Waiting waiting : turn.waiting) {
                waiting.replyTo.tell(waiting.reply);
                pendingBytes -= waiting.bytes;
            }
            pendingRequests -= turn.waiting.size();
            if (mover != null && turn.batch != NO_BATCH) {
                mover.durable(turn.batch, needs.clock().nanos()).ifPresent(this::moveEnded);
            }
        }
        return work();
    }

    private Behavior<RangeCommand> rowsFound(RowsFound found) {
        if (found.error() != null) {
            return failed(found.error(), null);
        }
        if (found.at() != null) {
            durableAt = later(found.at());
        }
        for (Undecided undecided : reads.ended(found.read(), found.rows())) {
            pendingBytes += undecided.lookUp().bytes();
            ready.add(new Undecided(undecided.request(), undecided.lookUp(), undecided.bytes() + undecided.lookUp().bytes()));
        }
        return work();
    }

    private Behavior<RangeCommand> pageSearched(PageSearched searched) {
        if (searched.error() != null) {
            return failed(searched.error(), null);
        }
        if (search != null) {
            search.read(searched.page());
            searchOn();
        }
        return work();
    }

    private Behavior<RangeCommand> moveStepped(MoveStepped stepped) {
        if (stepped.error() != null && !stepped.atTarget()) {
            return failed(stepped.error(), null);
        }
        if (mover != null) {
            mover.stepped(stepped, needs.clock().nanos()).ifPresent(this::moveEnded);
        }
        return work();
    }

    private Behavior<RangeCommand> tick() {
        long nowNanos = needs.clock().nanos();
        reports.tick(state, nowNanos);
        if (mover != null && mover.move().heldFor(TimeUnit.MILLISECONDS.toNanos(settings.holdTimeoutMillis()), nowNanos)) {
            mover.move().giveUp();
        }
        boolean idle = nowNanos - lastRequestNanos >= TimeUnit.MILLISECONDS.toNanos(settings.idleTimeoutMillis());
        if (idle && pendingRequests == 0 && !stopping) {
            if (shard.isEmpty()) {
                return stop();
            }
            shard.get().tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return work();
    }

    /** What is decided is committed and answered; a search or move under way is abandoned as a crash would do it. */
    private Behavior<RangeCommand> stop() {
        stopping = true;
        refuseUndecided();
        return work();
    }

    /** Does whatever can be done now, then stops if that was asked for and nothing is left. */
    private Behavior<RangeCommand> work() {
        do {
            while (!ready.isEmpty() && !turnFull() && !holding()) {
                decide(ready.remove());
            }
            startReads();
        } while (startTurn());
        boolean drained = stopping && inFlight.isEmpty() && open.isEmpty() && !state.hasChanges();
        return drained ? Behaviors.stopped() : Behaviors.same();
    }

    private void lookUp(RangeRequest request, long bytes) {
        await(new Undecided(request, state.lookUp(request), bytes));
    }

    private void await(Undecided undecided) {
        if (undecided.lookUp().complete()) {
            ready.add(undecided);
        } else {
            reads.add(undecided);
        }
    }

    private void decide(Undecided undecided) {
        RangeRequest request = undecided.request();
        Decision decision = state.decide(request, undecided.lookUp(), Ticks.ofEpochMillis(needs.clock().epochMillis()));
        if (mover != null && request instanceof RangeRequest.Destroy) {
            mover.move().giveUp();
        }
        switch (decision) {
            case Decision.Answer answer -> answer(request, answer.reply(), undecided.bytes());
            case Decision.LookAgain again -> lookUp(request, undecided.bytes());
            case Decision.LookOn further -> await(undecided);
            case Decision.AwaitSeal full -> {
                ready.addFirst(undecided);
                turnClosed = true;
            }
            case Decision.SearchSplitKey searched -> search(request, undecided.bytes());
            case Decision.Copy copy -> move((RangeRequest.Move) request, undecided.bytes());
            case Decision.CompleteTarget complete -> move((RangeRequest.Move) request, undecided.bytes());
        }
    }

    private void answer(RangeRequest request, RangeReply reply, long bytes) {
        RangeReply answer = reply instanceof RangeReply.Described described
                ? new RangeReply.Described(described.entities(), described.bytes(), reports.writesPerSecond())
                : reply;
        open.add(new Waiting(request.replyTo(), answer, bytes));
    }

    private void search(RangeRequest request, long bytes) {
        searching.add(request);
        pendingBytes -= bytes;
        if (search == null) {
            search = new SplitKeySearch(state.logic(), state.header().orElseThrow(), settings.pageRows());
            searchOn();
        }
    }

    private void searchOn() {
        search.next().ifPresentOrElse(
                range -> context.pipeToSelf(needs.store().scan(partition, range, durableAt), (page, error) -> new PageSearched(epoch, page, error)),
                () -> {
                    Optional<SplitKeySearch.Found> found = search.found();
                    search = null;
                    found.ifPresent(state::measured);
                    RangeReply reply = new RangeReply.SplitKey(found.map(SplitKeySearch.Found::key).orElse(new byte[0]));
                    searching.forEach(request -> answer(request, reply, 0));
                    searching.clear();
                });
    }

    private void move(RangeRequest.Move request, long bytes) {
        boolean elsewhere = PartitionId.parse(request.target()).group() != partition.group();
        if (!elsewhere || mover != null && !mover.request().target().equals(request.target())) {
            answer(request, elsewhere ? BUSY : new RangeReply.Refused(StorageErrorCode.INVALID_INPUT), bytes);
            return;
        }
        pendingBytes -= bytes;
        if (mover != null) {
            answer(mover.askedAgain(request), BUSY, 0);
            return;
        }
        RangeMove move = new RangeMove(state.header().orElseThrow(), state.size(), state.logic().tags(),
                PartitionId.parse(request.target()).name(), settings.pageRows(), settings.maxDirtyKeys());
        mover = new RangeMover(needs.store(), new RangeMover.Source(partition, epoch, state, () -> durableAt), request, move,
                (step, atTarget) -> context.pipeToSelf(step, (result, error) -> new MoveStepped(epoch, result, atTarget, error)));
        state.beginMove(move);
        mover.begin().ifPresent(this::moveEnded);
    }

    private void moveEnded(RangeReply reply) {
        state.endMove();
        answer(mover.request(), reply, 0);
        mover = null;
    }

    private boolean holding() {
        return mover != null && mover.move().holds();
    }

    private boolean turnFull() {
        return turnClosed || open.size() >= settings.maxTurnRequests() || state.changedBytes() >= settings.maxTurnBytes();
    }

    /** True if a turn was started. */
    private boolean startTurn() {
        if (inFlight.size() >= TableRangeSettings.MAX_TURNS_IN_FLIGHT || open.isEmpty() && !state.hasChanges()) {
            return false;
        }
        Turn turn;
        CompletionStage<ReadPoint> settling;
        if (state.hasChanges()) {
            DecidedRows.Sealed sealed = state.seal();
            turn = new Turn(sealed.batch(), open);
            settling = needs.store().commit(new RowBatch(partition, epoch, sealed.ops()));
        } else {
            turn = new Turn(NO_BATCH, open);
            settling = needs.store().confirm(partition, epoch);
        }
        open = new ArrayList<>();
        turnClosed = false;
        inFlight.add(turn);
        context.pipeToSelf(settling, (at, error) -> new TurnSettled(epoch, turn, at, error));
        return true;
    }

    /** While too much is held in memory, what is there is decided before more is read. */
    private void startReads() {
        while (reads.underWay() < TableRangeSettings.MAX_READS_IN_FLIGHT
                && (pendingBytes <= settings.maxPendingBytes() || ready.isEmpty() && inFlight.isEmpty())) {
            Optional<RangeReads.Read> next = reads.next();
            if (next.isEmpty()) {
                return;
            }
            start(next.get());
        }
    }

    private void start(RangeReads.Read read) {
        RowsWanted wanted = new RowsWanted(Optional.empty(), read.keys());
        if (!read.writtenByOthers()) {
            context.pipeToSelf(needs.store().read(partition, wanted, durableAt), (rows, error) -> found(read, null, rows, error));
            return;
        }
        CompletionStage<RowsFound> found = needs.store().confirm(partition, epoch).thenCompose(at ->
                needs.store().read(partition, wanted, at).thenApply(rows -> found(read, at, rows, null)));
        context.pipeToSelf(found, (rows, error) -> error == null ? rows : found(read, null, null, error));
    }

    private RowsFound found(RangeReads.Read read, ReadPoint at, RowsRead rows, Throwable error) {
        return new RowsFound(epoch, read, at, rows == null ? List.of() : rows.values(), error);
    }

    private ReadPoint later(ReadPoint at) {
        return at.index() > durableAt.index() ? at : durableAt;
    }

    /** @param failing the turn whose commit or confirmation failed, null if it was something else */
    private Behavior<RangeCommand> failed(Throwable error, Turn failing) {
        Throwable cause = Failures.cause(error);
        if (cause instanceof FencedException) {
            context.getLog().info("range {} stops, it was claimed anew: {}", partition, cause.getMessage());
            answerAll(failing, BUSY);
            return Behaviors.stopped();
        }
        boolean nothingApplied = cause instanceof StoreUnavailableException unavailable && unavailable.definitelyNotApplied();
        answerAll(failing, nothingApplied ? BUSY : TIMED_OUT);
        throw new PartitionFailedException(partition, cause);
    }

    private Behavior<RangeCommand> ended() {
        answerAll(null, TIMED_OUT);
        return Behaviors.same();
    }

    /**
     * The outcome of what was to be committed before {@code failing} is unknown; what was to be committed behind it shares its fate.
     *
     * @param failedReply what those in {@code failing} get
     */
    private void answerAll(Turn failing, RangeReply failedReply) {
        RangeReply ofCommits = TIMED_OUT;
        for (Turn turn : inFlight) {
            ofCommits = turn == failing && turn.batch != NO_BATCH ? failedReply : ofCommits;
            RangeReply reply = turn.batch == NO_BATCH ? BUSY : ofCommits;
            turn.waiting.forEach(waiting -> waiting.replyTo.tell(reply));
        }
        inFlight.clear();
        open.forEach(waiting -> waiting.replyTo.tell(BUSY));
        open.clear();
        refuseUndecided();
        pendingRequests = 0;
        pendingBytes = 0;
    }

    private void refuseUndecided() {
        List<RangeRequest> undecided = new ArrayList<>(searching);
        reads.clear().forEach(waiting -> undecided.add(waiting.request()));
        ready.forEach(waiting -> undecided.add(waiting.request()));
        if (mover != null) {
            undecided.add(mover.request());
        }
        searching.clear();
        ready.clear();
        search = null;
        mover = null;
        undecided.forEach(request -> request.replyTo().tell(BUSY));
        pendingRequests -= undecided.size();
    }
}
