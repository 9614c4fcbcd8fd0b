package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.PartitionFailedException;
import io.lazuli.storage.partition.queue.QueuePartition.Needs;
import io.lazuli.storage.partition.queue.QueuePartition.Result;
import io.lazuli.storage.partition.queue.QueuePartition.RowsRead;
import io.lazuli.storage.partition.queue.QueuePartition.Tick;
import io.lazuli.storage.partition.queue.QueuePartition.TurnSettled;
import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * A {@link QueuePartition} that has opened: decides, batches, commits, replies. Requests are decided as they come and their
 * answers collected in the open <em>turn</em>; a turn ends in one commit, or, if it changed nothing, in one confirmation that
 * this actor is still the owner. At most {@link QueuePartitionSettings#MAX_TURNS_IN_FLIGHT} are under way; so the busier the
 * queue, the more requests share a commit. Answers leave in the order of the turns: what a reader saw is durable by then.
 *
 * <p>A request waits in one of three places, all bounded together by {@code maxPendingRequests}: {@link #backlog} while the
 * open turn is full, {@link #parked} (receive and peek) while rows are being read, {@link #lookingUp} (update and delete)
 * while its message is.
 */
final class ServingQueue {

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

    private record Waiting(ActorRef<QueueReply> replyTo, QueueReply reply) {}

    private static final QueueReply BUSY = new QueueReply.Refused(StorageErrorCode.SERVER_BUSY);
    private static final QueueReply TIMED_OUT = new QueueReply.Refused(StorageErrorCode.OPERATION_TIMED_OUT);
    /** The batch number of a turn that changes nothing. */
    private static final long NO_BATCH = 0;

    private final ActorContext<QueueCommand> context;
    private final PartitionId partition;
    private final Needs needs;
    private final QueuePartitionSettings settings;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;
    private final long epoch;
    private final RowReader reader;
    private final PartitionTime time;
    private final QueueState state;

    private final Deque<QueueRequest> backlog = new ArrayDeque<>();
    private final Deque<QueueRequest> parked = new ArrayDeque<>();
    private final Set<QueueRequest> lookingUp = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Turn> inFlight = new ArrayDeque<>();
    private List<Waiting> open = new ArrayList<>();
    private int pendingRequests;
    private boolean rowsArrived;
    private boolean stopping;
    private ReadPoint durableAt;
    private long lastRequestNanos;

    ServingQueue(ActorContext<QueueCommand> context, PartitionId partition, Needs needs,
            Optional<ActorRef<ClusterSharding.ShardCommand>> shard, QueuePartition.Opened opened) {
        this.context = context;
        this.partition = partition;
        this.needs = needs;
        this.settings = needs.settings();
        this.shard = shard;
        this.epoch = opened.claim().epoch();
        this.durableAt = opened.claim().at();
        this.reader = new RowReader(needs.store(), partition);
        this.time = new PartitionTime(needs.clock(), opened.progress().timeMillis());
        this.state = new QueueState(settings.limits(), needs.random(), opened.header(), opened.progress());
        this.lastRequestNanos = needs.clock().nanos();
    }

    Behavior<QueueCommand> behavior() {
        startReads(time.nowMillis());
        return Behaviors.receive(QueueCommand.class)
                .onMessage(Result.class, result -> result.epoch() != epoch, ofFormerIncarnation -> Behaviors.same())
                .onMessage(QueueRequest.class, this::request)
                .onMessage(TurnSettled.class, this::turnSettled)
                .onMessage(RowsRead.class, this::rowsRead)
                .onMessage(Tick.class, tick -> tick())
                .onMessage(QueueCommand.Stop.class, stop -> stop())
                .onSignal(PreRestart.class, signal -> ended())
                .onSignal(PostStop.class, signal -> ended())
                .build();
    }

    private Behavior<QueueCommand> request(QueueRequest request) {
        lastRequestNanos = needs.clock().nanos();
        if (stopping || pendingRequests >= settings.maxPendingRequests() || state.overloaded()) {
            request.replyTo().tell(BUSY);
            return Behaviors.same();
        }
        pendingRequests++;
        long nowMillis = time.nowMillis();
        if (!backlog.isEmpty() || turnFull()) {
            backlog.add(request);
        } else {
            decide(request, nowMillis);
        }
        return work(nowMillis);
    }

    private Behavior<QueueCommand> turnSettled(TurnSettled settled) {
        if (settled.error() != null) {
            return failed(settled.error());
        }
        settled.turn().settled = true;
        while (!inFlight.isEmpty() && inFlight.peek().settled) {
            Turn turn = inFlight.remove();
            if (turn.batch != NO_BATCH) {
                state.durable(turn.batch);
            }
            for (Waiting waiting : turn.waiting) {
                waiting.replyTo.tell(waiting.reply);
            }
            pendingRequests -= turn.waiting.size();
        }
        if (settled.turn().batch != NO_BATCH) {
            durableAt = settled.at().index() > durableAt.index() ? settled.at() : durableAt;
            rowsArrived = true;
        }
        return work(time.nowMillis());
    }

    private Behavior<QueueCommand> rowsRead(RowsRead read) {
        if (read.error() != null) {
            return failed(read.error());
        }
        long nowMillis = time.nowMillis();
        state.loaded(read.read(), read.rows(), nowMillis);
        if (!(read.rows() instanceof RowRead.Rows.Found found)) {
            rowsArrived = true;
        } else if (lookingUp.remove(read.request())) {
            if (turnFull()) {
                backlog.add(read.request());
            } else {
                take(read.request(), decision(read.request(), found, nowMillis));
            }
        }
        return work(nowMillis);
    }

    private Behavior<QueueCommand> tick() {
        long nowMillis = time.nowMillis();
        if (!stopping && !turnFull()) {
            state.nextSweep(nowMillis).ifPresent(read -> start(read, null));
        }
        boolean idle = needs.clock().nanos() - lastRequestNanos >= TimeUnit.MILLISECONDS.toNanos(settings.idleTimeoutMillis());
        if (idle && pendingRequests == 0 && !stopping) {
            if (shard.isEmpty()) {
                return stop();
            }
            shard.get().tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return work(nowMillis);
    }

    private Behavior<QueueCommand> stop() {
        stopping = true;
        refuseUndecided();
        return work(time.nowMillis());
    }

    /** Does whatever can be done now, then stops if that was asked for and nothing is left. */
    private Behavior<QueueCommand> work(long nowMillis) {
        do {
            unpark(nowMillis);
            while (!backlog.isEmpty() && !turnFull()) {
                decide(backlog.remove(), nowMillis);
            }
            startReads(nowMillis);
        } while (startTurn());
        boolean drained = stopping && inFlight.isEmpty() && open.isEmpty() && !state.hasChanges();
        return drained ? Behaviors.stopped() : Behaviors.same();
    }

    private void decide(QueueRequest request, long nowMillis) {
        boolean reader = request instanceof QueueRequest.Receive || request instanceof QueueRequest.Peek;
        if (reader && !parked.isEmpty()) {
            parked.add(request);
        } else {
            take(request, decision(request, null, nowMillis));
        }
    }

    private Decision decision(QueueRequest request, RowRead.Rows.Found found, long nowMillis) {
        return switch (request) {
            case QueueRequest.Put put -> state.put(put.draft(), nowMillis);
            case QueueRequest.Receive receive -> state.receive(receive.count(), receive.visibilityTimeoutMillis(), nowMillis);
            case QueueRequest.Peek peek -> state.peek(peek.count(), nowMillis);
            case QueueRequest.Update update -> state.update(update.messageId(), update.popReceipt(), update.text(),
                    update.visibilityTimeoutMillis(), found, nowMillis);
            case QueueRequest.Delete delete -> state.delete(delete.messageId(), delete.popReceipt(), found, nowMillis);
            case QueueRequest.Clear clear -> state.clear();
            case QueueRequest.Count count -> state.count();
            case QueueRequest.Initialize initialize -> state.initialize();
            case QueueRequest.Destroy destroy -> state.destroy();
        };
    }

    private void take(QueueRequest request, Decision decision) {
        switch (decision) {
            case Decision.Answer answer -> open.add(new Waiting(request.replyTo(), answer.reply()));
            case Decision.AwaitRows await -> parked.add(request);
            case Decision.LookUp lookUp -> {
                lookingUp.add(request);
                start(lookUp.read(), request);
            }
        }
    }

    /** Those that wait for rows go in order: the first that must wait on makes all wait on. */
    private void unpark(long nowMillis) {
        while (rowsArrived && !parked.isEmpty() && !turnFull()) {
            if (decision(parked.peek(), null, nowMillis) instanceof Decision.Answer answer) {
                open.add(new Waiting(parked.remove().replyTo(), answer.reply()));
            } else {
                rowsArrived = false;
            }
        }
    }

    private boolean turnFull() {
        return open.size() >= settings.maxTurnRequests() || state.changedBytes() >= settings.maxTurnBytes();
    }

    /** True if a turn was started. */
    private boolean startTurn() {
        if (inFlight.size() >= QueuePartitionSettings.MAX_TURNS_IN_FLIGHT || open.isEmpty() && !state.hasChanges()) {
            return false;
        }
        Turn turn;
        CompletionStage<ReadPoint> settling;
        if (state.hasChanges()) {
            QueueState.Sealed sealed = state.seal();
            turn = new Turn(sealed.batch(), open);
            settling = needs.store().commit(new RowBatch(partition, epoch, sealed.ops()));
        } else {
            turn = new Turn(NO_BATCH, open);
            settling = needs.store().confirm(partition, epoch);
        }
        open = new ArrayList<>();
        inFlight.add(turn);
        context.pipeToSelf(settling, (at, error) -> new TurnSettled(epoch, turn, at, error));
        return true;
    }

    private void startReads(long nowMillis) {
        if (!stopping) {
            for (Optional<RowRead> read = state.nextRead(nowMillis); read.isPresent(); read = state.nextRead(nowMillis)) {
                start(read.get(), null);
            }
        }
    }

    private void start(RowRead read, QueueRequest request) {
        context.pipeToSelf(reader.read(read, durableAt), (rows, error) -> new RowsRead(epoch, read, request, rows, error));
    }

    private Behavior<QueueCommand> failed(Throwable error) {
        Throwable cause = Failures.cause(error);
        if (cause instanceof FencedException) {
            context.getLog().info("queue partition {} stops, it was claimed anew: {}", partition, cause.getMessage());
            answerAll(BUSY);
            return Behaviors.stopped();
        }
        boolean nothingApplied = cause instanceof StoreUnavailableException unavailable && unavailable.definitelyNotApplied();
        answerAll(nothingApplied ? BUSY : TIMED_OUT);
        throw new PartitionFailedException(partition, cause);
    }

    private Behavior<QueueCommand> ended() {
        answerAll(TIMED_OUT);
        return Behaviors.same();
    }

    /** @param decided what those get whose outcome is unknown because they may have been committed */
    private void answerAll(QueueReply decided) {
        inFlight.forEach(turn -> turn.waiting.forEach(waiting -> waiting.replyTo.tell(decided)));
        inFlight.clear();
        open.forEach(waiting -> waiting.replyTo.tell(BUSY));
        open.clear();
        refuseUndecided();
        pendingRequests = 0;
    }

    private void refuseUndecided() {
        for (Collection<QueueRequest> undecided : List.of(backlog, parked, lookingUp)) {
            undecided.forEach(request -> request.replyTo().tell(BUSY));
            pendingRequests -= undecided.size();
            undecided.clear();
        }
    }
}
