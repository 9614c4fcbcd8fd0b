package io.lazuli.storage.partition.account;

import io.lazuli.kernel.Asking;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.OperationLines;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.account.AccountPartition.EntryRead;
import io.lazuli.storage.partition.account.AccountPartition.Idle;
import io.lazuli.storage.partition.account.AccountPartition.Needs;
import io.lazuli.storage.partition.account.AccountPartition.PartitionAnswered;
import io.lazuli.storage.partition.account.AccountPartition.RequestOverdue;
import io.lazuli.storage.partition.account.AccountPartition.Result;
import io.lazuli.storage.partition.account.AccountPartition.Settled;
import io.lazuli.storage.partition.account.AccountPartition.TellAgain;
import io.lazuli.storage.partition.account.AccountPartition.WorkFound;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * An {@link AccountPartition} that has opened. Operations on the same queue run one after the other, on different queues side
 * by side; each goes through the steps of its {@link DirectoryPlan}:
 *
 * <pre>
 * reading entry --nothing to change--> confirming ownership ----------------------------------+
 *      |                                                                                      v
 *      +--> committing --> telling the queue's partition (again until it did) --> committing --> reply, next of that queue
 * </pre>
 */
final class ServingAccount {

    /** One change under way. */
    static final class Operation extends OperationLines.Operation<AccountRequest> {

        private DirectoryPlan plan;

        /** @param queue its name, or {@link #PROPERTIES}; empty if it is a refusal */
        private Operation(Optional<AccountRequest> request, Optional<String> queue) {
            super(request, queue);
        }

        private boolean deletes() {
            return plan != null
                    ? plan.tell().filter(tell -> tell.order() == DirectoryPlan.Order.DESTROY).isPresent()
                    : request().orElse(null) instanceof AccountRequest.DeleteQueue;
        }
    }

    /** In the place of a queue's name in operations on the service's properties. */
    private static final String PROPERTIES = "";
    private static final AccountReply BEING_DELETED = new AccountReply.Refused(StorageErrorCode.QUEUE_BEING_DELETED);
    /** Before a queue's partition that did not answer or was busy is told again. */
    private static final Duration TELL_AGAIN_AFTER = Duration.ofMillis(300);

    private final ActorContext<AccountCommand> context;
    private final PartitionId partition;
    private final Needs needs;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;
    private final long epoch;

    private final OperationLines<AccountRequest, Operation> lines;
    private ReadPoint durableAt;
    private long nextNumber;
    private boolean moreWork;

    ServingAccount(ActorContext<AccountCommand> context, PartitionId partition, Needs needs,
            Optional<ActorRef<ClusterSharding.ShardCommand>> shard, AccountPartition.Opened opened) {
        this.context = context;
        this.partition = partition;
        this.needs = needs;
        this.shard = shard;
        this.epoch = opened.claim().epoch();
        this.durableAt = opened.claim().at();
        this.nextNumber = opened.nextNumber();
        this.lines = new OperationLines<>(
                needs.settings().maxPendingRequests(), AccountPartitionSettings.MAX_UNFINISHED, ServingAccount::refuse);
    }

    Behavior<AccountCommand> behavior() {
        findWork();
        return Behaviors.receive(AccountCommand.class)
                .onMessage(Result.class, result -> result.epoch() != epoch, ofFormerIncarnation -> Behaviors.same())
                .onMessage(AccountRequest.class, this::request)
                .onMessage(WorkFound.class, this::workFound)
                .onMessage(EntryRead.class, this::entryRead)
                .onMessage(Settled.class, this::settled)
                .onMessage(PartitionAnswered.class, this::partitionAnswered)
                .onMessage(TellAgain.class, again -> {
                    tellPartition(again.operation());
                    return Behaviors.same();
                })
                .onMessage(RequestOverdue.class, overdue -> {
                    lines.overdue(overdue.operation());
                    return Behaviors.same();
                })
                .onMessage(Idle.class, idle -> idle())
                .onMessage(AccountCommand.Stop.class, stop -> Behaviors.stopped())
                .onSignal(PreRestart.class, signal -> ended())
                .onSignal(PostStop.class, signal -> ended())
                .build();
    }

    private Behavior<AccountCommand> request(AccountRequest request) {
        if (lines.isFull()) {
            refuse(request, StorageErrorCode.SERVER_BUSY);
            return Behaviors.same();
        }
        switch (request) {
            case AccountRequest.OfQueue ofQueue -> enqueue(new Operation(Optional.of(request), Optional.of(ofQueue.queue())));
            case AccountRequest.SetServiceProperties set -> enqueue(new Operation(Optional.of(request), Optional.of(PROPERTIES)));
            case AccountRequest.Resume resume -> resume.replyTo().tell(new AccountReply.Done());
        }
        return Behaviors.same();
    }

    private Behavior<AccountCommand> workFound(WorkFound found) {
        if (found.error() != null) {
            return failed(found.error());
        }
        for (Row row : found.page().rows()) {
            enqueue(new Operation(Optional.empty(), Optional.of(DirectoryRows.nameOf(row.key()))));
        }
        moreWork = found.page().more();
        return Behaviors.same();
    }

    private Behavior<AccountCommand> entryRead(EntryRead read) {
        if (read.error() != null) {
            return failed(read.error());
        }
        Operation operation = read.operation();
        operation.plan = operation.name().orElseThrow().equals(PROPERTIES)
                ? properties(operation, read.row())
                : plan(operation, read.row().map(AccountRows::entryOf));
        if (!operation.plan.ops().isEmpty()) {
            commit(operation, operation.plan.ops(), operation.plan.tell().isEmpty());
        } else if (operation.plan.tell().isPresent()) {
            tellPartition(operation);
        } else {
            confirm(operation);
        }
        return Behaviors.same();
    }

    private static DirectoryPlan properties(Operation operation, Optional<byte[]> current) {
        return operation.request()
                .map(request -> DirectoryPlan.setProperties(current, (AccountRequest.SetServiceProperties) request))
                .orElseGet(DirectoryPlan::nothing);
    }

    private DirectoryPlan plan(Operation operation, Optional<DirectoryEntry> entry) {
        String queue = operation.name().orElseThrow();
        if (operation.request().isEmpty()) {
            return DirectoryPlan.resume(entry, queue);
        }
        return switch ((AccountRequest.OfQueue) operation.request().get()) {
            case AccountRequest.CreateQueue create ->
                    DirectoryPlan.create(entry, queue, create.metadata(), nextNumber, this::newPartition);
            case AccountRequest.DeleteQueue delete -> DirectoryPlan.delete(entry, queue);
            case AccountRequest.SetMetadata set -> DirectoryPlan.change(entry.map(e -> e.withMetadata(set.metadata())), queue);
            case AccountRequest.SetAccessPolicies set -> DirectoryPlan.change(entry.map(e -> e.withPolicies(set.policies())), queue);
        };
    }

    /** The account's name and a number that it never gives again: unique in the cloud. */
    private PartitionId newPartition(long number) {
        nextNumber = number + 1;
        List<Integer> groups = new ArrayList<>(needs.groups().get());
        int group = groups.isEmpty() ? partition.group() : groups.get((int) (number % groups.size()));
        return new PartitionId(group, PartitionKind.QUEUE, partition.name() + "-" + number);
    }

    private Behavior<AccountCommand> settled(Settled settled) {
        if (settled.error() != null) {
            return failed(settled.error());
        }
        durableAt = durableAt.later(settled.at());
        if (settled.last()) {
            finish(settled.operation());
        } else {
            tellPartition(settled.operation());
        }
        return Behaviors.same();
    }

    private Behavior<AccountCommand> partitionAnswered(PartitionAnswered answered) {
        Operation operation = answered.operation();
        switch (answered.reply()) {
            case QueueReply.Done done -> commit(operation, operation.plan.lastOps(), true);
            case QueueReply.Moved moved -> throw new IllegalStateException(
                    "a partition that was destroyed is being created: " + operation.plan.tell());
            case null, default -> {
                context.getLog().debug("queue partition {} is told again: {}", operation.plan.tell(), answered);
                context.scheduleOnce(TELL_AGAIN_AFTER, context.getSelf(), new TellAgain(epoch, operation));
            }
        }
        return Behaviors.same();
    }

    private Behavior<AccountCommand> idle() {
        if (!lines.isIdle()) {
            return Behaviors.same();
        }
        if (shard.isEmpty()) {
            return Behaviors.stopped();
        }
        shard.get().tell(new ClusterSharding.Passivate<>(context.getSelf()));
        return Behaviors.same();
    }

    /** Runs it, or lets it wait for those of the same queue before it; while one is being deleted, its name is not to be had. */
    private void enqueue(Operation operation) {
        boolean creates = operation.request().orElse(null) instanceof AccountRequest.CreateQueue;
        if (creates && lines.running(operation.name().orElseThrow()).filter(Operation::deletes).isPresent()) {
            Operation refusal = new Operation(operation.request(), Optional.empty());
            refusal.plan = new DirectoryPlan(List.of(), Optional.empty(), List.of(), BEING_DELETED);
            lines.joinBeside(refusal);
            confirm(refusal);
            return;
        }
        if (operation.request().isPresent()) {
            context.scheduleOnce(Duration.ofMillis(needs.settings().requestTimeoutMillis()), context.getSelf(),
                    new RequestOverdue(epoch, operation));
        }
        if (lines.join(operation)) {
            run(operation);
        }
    }

    private void run(Operation operation) {
        String queue = operation.name().orElseThrow();
        byte[] key = queue.equals(PROPERTIES) ? DirectoryRows.propertiesKey() : AccountRows.queueKey(queue);
        context.pipeToSelf(
                needs.store().get(partition, key, durableAt),
                (row, error) -> new EntryRead(epoch, operation, row, error));
    }

    private void commit(Operation operation, List<RowOp> ops, boolean last) {
        context.pipeToSelf(needs.store().commit(new RowBatch(partition, epoch, ops)),
                (at, error) -> new Settled(epoch, operation, last, at, error));
    }

    private void confirm(Operation operation) {
        context.pipeToSelf(needs.store().confirm(partition, epoch), (at, error) -> new Settled(epoch, operation, true, at, error));
    }

    private void tellPartition(Operation operation) {
        DirectoryPlan.Tell tell = operation.plan.tell().orElseThrow();
        String entityId = tell.partition().toString();
        context.pipeToSelf(
                Asking.<QueueRequest, QueueReply>ask(needs.queues(),
                        replyTo -> switch (tell.order()) {
                            case INITIALIZE -> new QueueRequest.Initialize(entityId, replyTo);
                            case DESTROY -> new QueueRequest.Destroy(entityId, replyTo);
                        },
                        Duration.ofMillis(needs.settings().partitionTimeoutMillis()), context.getSystem()),
                (reply, error) -> new PartitionAnswered(epoch, operation, reply, error));
    }

    private void finish(Operation operation) {
        lines.finish(operation, request -> request.replyTo().tell(operation.plan.reply())).ifPresent(this::run);
        if (moreWork && lines.isIdle()) {
            findWork();
        }
    }

    private void findWork() {
        moreWork = false;
        context.pipeToSelf(
                needs.store().scan(partition, RowRange.ascending(
                        DirectoryRows.workBegin(), DirectoryRows.workEnd(), AccountPartitionSettings.RESUME_PAGE), durableAt),
                (page, error) -> new WorkFound(epoch, page, error));
    }

    private Behavior<AccountCommand> failed(Throwable error) {
        lines.abandon();
        return PartitionOpening.stopOrOpenAnew(context, partition, Failures.cause(error));
    }

    private Behavior<AccountCommand> ended() {
        lines.abandon();
        return Behaviors.same();
    }

    private static void refuse(AccountRequest request, StorageErrorCode error) {
        request.replyTo().tell(new AccountReply.Refused(error));
    }
}
