package io.lazuli.storage.partition.queue;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.Turns;
import io.lazuli.storage.partition.queue.QueuePartition.Needs;
import io.lazuli.storage.partition.queue.QueuePartition.Result;
import io.lazuli.storage.partition.queue.QueuePartition.RowsRead;
import io.lazuli.storage.partition.queue.QueuePartition.Tick;
import io.lazuli.storage.partition.queue.QueuePartition.TurnSettled;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import java.util.ArrayDeque;
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
 * A {@link QueuePartition} that has opened: decides, batches, commits, replies. Requests are decided as they come; the
 * answers leave with their turns ({@link #turns}), so what a reader saw is durable by then.
 *
 * <p>A request waits in one of three places, all bounded together by {@code maxPendingRequests}: {@link #backlog} while the
 * open turn is full, {@link #parked} (receive and peek) while rows are being read, {@link #lookingUp} (update and delete)
 * while its message is.
 */
final class ServingQueue {

    private static final QueueReply BUSY = new QueueReply.Refused(StorageErrorCode.SERVER_BUSY);
    private static final QueueReply TIMED_OUT = new QueueReply.Refused(StorageErrorCode.OPERATION_TIMED_OUT);

    private final ActorContext<QueueCommand> context;
    private final PartitionId partition;
    private final Needs needs;
    private final QueuePartitionSettings settings;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;
    private final long epoch;
    private final RowReader reader;
    private final PartitionTime time;
    private final QueueState state;

    private final Turns<QueueReply> turns;
    private final Deque<QueueRequest> backlog = new ArrayDeque<>();
    private final Deque<QueueRequest> parked = new ArrayDeque<>();
    private final Set<QueueRequest> lookingUp = Collections.newSetFromMap(new IdentityHashMap<>());
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
        this.turns = new Turns<>(QueuePartitionSettings.MAX_TURNS_IN_FLIGHT, settings.maxTurnRequests(), BUSY, TIMED_OUT);
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
            return failed(settled.error(), Optional.of(settled.turn()));
        }
        for (Turns.Turn<QueueReply> turn : turns.settled(settled.turn())) {
            turn.changes().ifPresent(batch -> state.durable(batch.number()));
            turn.answer();
            pendingRequests -= turn.requests();
        }
        if (settled.turn().changes().isPresent()) {
            durableAt = durableAt.later(settled.at());
            rowsArrived = true;
        }
        return work(time.nowMillis());
    }

    private Behavior<QueueCommand> rowsRead(RowsRead read) {
        if (read.error() != null) {
            return failed(read.error(), Optional.empty());
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
        boolean drained = stopping && turns.isEmpty() && !state.hasChanges();
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
            case Decision.Answer answer -> answer(request, answer);
            case Decision.AwaitRows await -> parked.add(request);
            case Decision.LookUp lookUp -> {
                lookingUp.add(request);
                start(lookUp.read(), request);
            }
        }
    }

    private void answer(QueueRequest request, Decision.Answer answer) {
        turns.add(request.replyTo()::tell, answer.reply(), 0);
    }

    /** Those that wait for rows go in order: the first that must wait on makes all wait on. */
    private void unpark(long nowMillis) {
        while (rowsArrived && !parked.isEmpty() && !turnFull()) {
            if (decision(parked.peek(), null, nowMillis) instanceof Decision.Answer answer) {
                answer(parked.remove(), answer);
            } else {
                rowsArrived = false;
            }
        }
    }

    private boolean turnFull() {
        return turns.isFull() || state.changedBytes() >= settings.maxTurnBytes();
    }

    /** True if a turn was started. */
    private boolean startTurn() {
        if (!turns.mayBegin(state.hasChanges())) {
            return false;
        }
        Turns.Turn<QueueReply> turn = turns.begin(state.hasChanges() ? Optional.of(state.seal()) : Optional.empty());
        CompletionStage<ReadPoint> settling = turn.changes()
                .map(batch -> needs.store().commit(new RowBatch(partition, epoch, batch.ops())))
                .orElseGet(() -> needs.store().confirm(partition, epoch));
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

    /** @param failing the turn whose commit or confirmation failed, empty if it was something else */
    private Behavior<QueueCommand> failed(Throwable error, Optional<Turns.Turn<QueueReply>> failing) {
        Throwable cause = Failures.cause(error);
        turns.failed(failing, cause);
        ended();
        return PartitionOpening.stopOrOpenAnew(context, partition, cause);
    }

    private Behavior<QueueCommand> ended() {
        turns.abandoned();
        refuseUndecided();
        pendingRequests = 0;
        return Behaviors.same();
    }

    private void refuseUndecided() {
        for (Collection<QueueRequest> undecided : List.of(backlog, parked, lookingUp)) {
            undecided.forEach(request -> request.replyTo().tell(BUSY));
            pendingRequests -= undecided.size();
            undecided.clear();
        }
    }
}
