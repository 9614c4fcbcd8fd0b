package io.lazuli.storage.partition.table;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.SealedBatch;
import io.lazuli.storage.partition.Turns;
import io.lazuli.storage.partition.table.RangePartition.MoveStepped;
import io.lazuli.storage.partition.table.RangePartition.Needs;
import io.lazuli.storage.partition.table.RangePartition.PageSearched;
import io.lazuli.storage.partition.table.RangePartition.Result;
import io.lazuli.storage.partition.table.RangePartition.RowsFound;
import io.lazuli.storage.partition.table.RangePartition.Tick;
import io.lazuli.storage.partition.table.RangePartition.TurnSettled;
import io.lazuli.storage.partition.table.RangeReads.Undecided;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowsRead;
import io.lazuli.storage.store.RowsWanted;
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
 * A {@link RangePartition} that has opened: looks up, decides, batches, commits, replies. A request first waits for the rows that it is
 * decided on ({@link #reads}), then it is decided ({@link #ready}); its answer leaves with its turn ({@link #turns}).
 *
 * <p>Requests that were accepted and not answered are bounded by {@code maxPendingRequests}, they and what was read for them by
 * {@code maxPendingBytes}.
 */
final class ServingRange {

    private static final RangeReply BUSY = new RangeReply.Refused(StorageErrorCode.SERVER_BUSY);
    private static final RangeReply TIMED_OUT = new RangeReply.Refused(StorageErrorCode.OPERATION_TIMED_OUT);

    private final ActorContext<RangeCommand> context;
    private final PartitionId partition;
    private final Needs needs;
    private final RangeSettings settings;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;
    private final long epoch;
    private final RangeState<?> state;
    private final LoadReports reports;

    private final Turns<RangeReply> turns;
    private final RangeReads reads = new RangeReads();
    private final Deque<Undecided> ready = new ArrayDeque<>();
    private final List<RangeRequest> searching = new ArrayList<>();
    private SplitKeySearch search;
    private RangeMover mover;
    private int pendingRequests;
    private long pendingBytes;
    private boolean stopping;
    private ReadPoint durableAt;
    private long lastRequestNanos;

    ServingRange(ActorContext<RangeCommand> context, PartitionId partition, Needs needs,
            Optional<ActorRef<ClusterSharding.ShardCommand>> shard, RangePartition.Opened opened) {
        this.context = context;
        this.partition = partition;
        this.needs = needs;
        this.settings = needs.settings();
        this.shard = shard;
        this.epoch = opened.claim().epoch();
        this.durableAt = opened.claim().at();
        this.state = new RangeState<>(partition, needs.logic(), opened.header(), opened.size(), settings.cacheBytes());
        this.turns = new Turns<>(RangeSettings.MAX_TURNS_IN_FLIGHT, settings.maxTurnRequests(), BUSY, TIMED_OUT);
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
            return failed(settled.error(), Optional.of(settled.turn()));
        }
        if (settled.turn().changes().isPresent()) {
            durableAt = durableAt.later(settled.at());
        }
        for (Turns.Turn<RangeReply> turn : turns.settled(settled.turn())) {
            turn.changes().ifPresent(batch -> state.durable(batch.number()));
            turn.answer();
            pendingRequests -= turn.requests();
            pendingBytes -= turn.bytes();
            turn.changes().ifPresent(this::moveOn);
        }
        return work();
    }

    private Behavior<RangeCommand> rowsFound(RowsFound found) {
        if (found.error() != null) {
            return failed(found.error(), Optional.empty());
        }
        if (found.at() != null) {
            durableAt = durableAt.later(found.at());
        }
        for (Undecided undecided : reads.ended(found.read(), found.rows())) {
            pendingBytes += undecided.lookUp().bytes();
            ready.add(new Undecided(undecided.request(), undecided.lookUp(), undecided.bytes() + undecided.lookUp().bytes()));
        }
        return work();
    }

    private Behavior<RangeCommand> pageSearched(PageSearched searched) {
        if (searched.error() != null) {
            return failed(searched.error(), Optional.empty());
        }
        if (search != null) {
            search.read(searched.page());
            searchOn();
        }
        return work();
    }

    private Behavior<RangeCommand> moveStepped(MoveStepped stepped) {
        if (stepped.error() != null && !stepped.atTarget()) {
            return failed(stepped.error(), Optional.empty());
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
        boolean drained = stopping && turns.isEmpty() && !state.hasChanges();
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
                turns.close();
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
        turns.add(request.replyTo()::tell, answer, bytes);
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

    private void moveOn(SealedBatch durable) {
        if (mover != null) {
            mover.durable(durable.number(), needs.clock().nanos()).ifPresent(this::moveEnded);
        }
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
        return turns.isFull() || state.changedBytes() >= settings.maxTurnBytes();
    }

    /** True if a turn was started. */
    private boolean startTurn() {
        if (!turns.mayBegin(state.hasChanges())) {
            return false;
        }
        Turns.Turn<RangeReply> turn = turns.begin(state.hasChanges() ? Optional.of(state.seal()) : Optional.empty());
        CompletionStage<ReadPoint> settling = turn.changes()
                .map(batch -> needs.store().commit(new RowBatch(partition, epoch, batch.ops())))
                .orElseGet(() -> needs.store().confirm(partition, epoch));
        context.pipeToSelf(settling, (at, error) -> new TurnSettled(epoch, turn, at, error));
        return true;
    }

    /** While too much is held in memory, what is there is decided before more is read. */
    private void startReads() {
        while (reads.underWay() < RangeSettings.MAX_READS_IN_FLIGHT
                && (pendingBytes <= settings.maxPendingBytes() || ready.isEmpty() && turns.nothingInFlight())) {
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

    /** @param failing the turn whose commit or confirmation failed, empty if it was something else */
    private Behavior<RangeCommand> failed(Throwable error, Optional<Turns.Turn<RangeReply>> failing) {
        Throwable cause = Failures.cause(error);
        turns.failed(failing, cause);
        ended();
        return PartitionOpening.stopOrOpenAnew(context, partition, cause);
    }

    private Behavior<RangeCommand> ended() {
        turns.abandoned();
        refuseUndecided();
        pendingRequests = 0;
        pendingBytes = 0;
        return Behaviors.same();
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
