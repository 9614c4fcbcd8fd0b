package io.lazuli.storage.partition.table.directory;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.OperationLines;
import io.lazuli.storage.partition.PartitionOpening;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.TableDirectory.EntriesRead;
import io.lazuli.storage.partition.table.directory.TableDirectory.EntryRead;
import io.lazuli.storage.partition.table.directory.TableDirectory.IntentSettled;
import io.lazuli.storage.partition.table.directory.TableDirectory.IntentsFound;
import io.lazuli.storage.partition.table.directory.TableDirectory.OutcomeSettled;
import io.lazuli.storage.partition.table.directory.TableDirectory.OverdueFound;
import io.lazuli.storage.partition.table.directory.TableDirectory.RangeAnswered;
import io.lazuli.storage.partition.table.directory.TableDirectory.RequestOverdue;
import io.lazuli.storage.partition.table.directory.TableDirectory.Result;
import io.lazuli.storage.partition.table.directory.TableDirectory.SearchAgain;
import io.lazuli.storage.partition.table.directory.TableDirectory.Searched;
import io.lazuli.storage.partition.table.directory.TableDirectory.Settled;
import io.lazuli.storage.partition.table.directory.TableDirectory.TableRead;
import io.lazuli.storage.partition.table.directory.TableDirectory.TableWatched;
import io.lazuli.storage.partition.table.directory.TableDirectory.TaskRead;
import io.lazuli.storage.partition.table.directory.TableDirectory.TellAgain;
import io.lazuli.storage.partition.table.directory.TableDirectory.Tick;
import io.lazuli.storage.partition.table.directory.TableDirectory.WorkFound;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * A {@link TableDirectory} that has opened. Operations on the same table run one after the other, on different tables side by side;
 * each goes through the steps of its {@link TablePlan}:
 *
 * <pre>
 * reading entry --nothing to change--> confirming ownership ----------------------------------+
 *      |                                                                                      v
 *      +--> committing --> reading and telling the table's ranges (again until they did) --> committing --> reply, next of that table
 * </pre>
 *
 * <p>After what the ranges are told another plan may follow in the place of the last commit, as what was found in a container's blobs demands
 * ({@link TablePlan.Next}).
 *
 * <p>What is done to ranges ({@link RangeActions}) goes on beside and touches no entry, so that a long move delays no operation; only
 * a deletion ends it and takes over the ranges.
 */
final class ServingDirectory {

    private final Incarnation incarnation;
    private final Optional<ActorRef<ClusterSharding.ShardCommand>> shard;
    private final Errands errands;
    private final RangeWatch watch;

    private final OperationLines<TableDirectoryRequest, TableOperation> lines;
    /** Keys of the entries that operations are about besides the one that they wait in line for. */
    private final Set<String> others = new HashSet<>();
    private boolean moreWork;
    private long usedAtMillis;

    ServingDirectory(Incarnation incarnation, Optional<ActorRef<ClusterSharding.ShardCommand>> shard) {
        this.incarnation = incarnation;
        this.shard = shard;
        this.errands = new Errands(incarnation);
        this.watch = new RangeWatch(incarnation, errands);
        this.lines = new OperationLines<>(
                incarnation.settings().maxPendingRequests(), TableDirectorySettings.MAX_UNFINISHED, ServingDirectory::refuse);
    }

    Behavior<TableDirectoryCommand> behavior() {
        findWork();
        return Behaviors.receive(TableDirectoryCommand.class)
                .onMessage(Result.class, result -> result.epoch() != incarnation.epoch, ofFormerIncarnation -> Behaviors.same())
                .onMessage(TableDirectoryMessage.class, this::message)
                .onMessage(Result.class, this::result)
                .onMessage(Tick.class, tick -> tick())
                .onMessage(TableDirectoryCommand.Stop.class, stop -> Behaviors.stopped())
                .onSignal(PreRestart.class, signal -> ended())
                .onSignal(PostStop.class, signal -> ended())
                .build();
    }

    private Behavior<TableDirectoryCommand> message(TableDirectoryMessage message) {
        usedAtMillis = incarnation.nowMillis();
        switch (message) {
            case TableDirectoryMessage.Report report -> watch.reported(report);
            case TableDirectoryMessage.Reads reads -> watch.read(reads);
            case TableDirectoryRequest.DescribeRanges describe -> watch.describe(describe);
            case TableDirectoryRequest.Resume resume -> resume.replyTo().tell(new TableDirectoryReply.Done());
            case TableDirectoryRequest.OfTable misplaced when TableOperation.isOfContainer(misplaced) != (incarnation.kind() == DirectoryKind.CONTAINERS) ->
                    refuse(misplaced, StorageErrorCode.INVALID_INPUT);
            case TableDirectoryRequest.RestoreContainer restore when others.contains(TableOperation.deletedKey(restore)) ->
                    refuse(restore, StorageErrorCode.SERVER_BUSY);
            case TableDirectoryRequest.OfTable ofTable when !lines.isFull() -> {
                TableOperation operation = TableOperation.of(ofTable, incarnation.kind());
                operation.other.ifPresent(others::add);
                enqueue(operation);
            }
            case TableDirectoryRequest.PurgeDeleted purge when incarnation.kind() == DirectoryKind.CONTAINERS -> {
                purge.replyTo().tell(new TableDirectoryReply.Done());
                incarnation.pipe(
                        TableDirectoryReader.overdue(incarnation.needs.store(), incarnation.partition, purge.nowMillis(),
                                TableDirectorySettings.RESUME_PAGE, incarnation.durableAt()),
                        (keys, error) -> new OverdueFound(incarnation.epoch, keys, purge.nowMillis(), error));
            }
            case TableDirectoryRequest.SetServiceProperties set when !lines.isFull() ->
                    enqueue(new TableOperation(Optional.of(set), Optional.of(TableOperation.PROPERTIES)));
            case TableDirectoryRequest excess -> refuse(excess, StorageErrorCode.SERVER_BUSY);
        }
        return Behaviors.same();
    }

    private Behavior<TableDirectoryCommand> result(Result result) {
        Throwable error = switch (result) {
            case WorkFound found -> found.error();
            case EntryRead read -> read.error();
            case OverdueFound found -> found.error();
            case Settled settled -> settled.error();
            case TaskRead read -> read.error();
            case IntentsFound found -> found.error();
            case TableWatched read -> read.error();
            case IntentSettled settled -> settled.error();
            case OutcomeSettled settled -> settled.error();
            // Ranges that cannot be read for the time being are no failure of the directory.
            case Searched searched -> null;
            case SearchAgain again -> null;
            case RangeAnswered answered -> null;
            case TellAgain again -> null;
            case RequestOverdue overdue -> null;
        };
        if (error != null) {
            return failed(error);
        }
        switch (result) {
            case WorkFound found -> workFound(found);
            case EntryRead read -> entryRead(read);
            case OverdueFound found -> overdueFound(found);
            case Settled settled -> settled(settled);
            case TaskRead read -> taskRead(read.operation(), read.table());
            case Searched searched -> searched(searched);
            case SearchAgain again -> search(again.operation());
            case IntentsFound found -> watch.found(found);
            case TableWatched read -> watch.watched(read);
            case IntentSettled settled -> {
                incarnation.durable(settled.at());
                watch.actions().settled(settled);
            }
            case OutcomeSettled settled -> {
                incarnation.durable(settled.at());
                watch.actions().settled(settled);
            }
            case RangeAnswered answered -> errands.answered(answered);
            case TellAgain again -> errands.again(again);
            case RequestOverdue overdue -> overdue(overdue.operation());
        }
        return Behaviors.same();
    }

    private void workFound(WorkFound found) {
        for (Row row : found.page().rows()) {
            enqueue(new TableOperation(Optional.empty(), Optional.of(DirectoryRows.nameOf(row.key()))));
        }
        moreWork = found.page().more();
    }

    /** Those that are being restored or purged are passed over. */
    private void overdueFound(OverdueFound found) {
        for (String key : found.keys()) {
            if (lines.mayRunMore() && lines.running(key).isEmpty() && others.add(key)) {
                TableOperation operation = new TableOperation(Optional.empty(), Optional.of(key));
                operation.other = Optional.of(key);
                operation.purgedAtMillis = found.nowMillis();
                enqueue(operation);
            }
        }
    }

    private void entryRead(EntryRead read) {
        TableOperation operation = read.operation();
        if (operation.name().orElseThrow().equals(TableOperation.PROPERTIES)) {
            follow(operation, operation.request()
                    .map(request -> TablePlan.setProperties(read.entries().row(), (TableDirectoryRequest.SetServiceProperties) request))
                    .orElseGet(() -> TablePlan.reply(new TableDirectoryReply.Outdated())));
            return;
        }
        follow(operation, plan(
                operation, read.entries().row().map(TableDirectoryRows::tableOf), read.entries().other().map(TableDirectoryRows::tableOf)));
    }

    private void follow(TableOperation operation, TablePlan plan) {
        operation.plan = plan;
        if (operation.deletes()) {
            watch.giveUp(operation.plan.task().orElseThrow().number());
        }
        if (!operation.plan.ops().isEmpty()) {
            commit(operation, operation.plan.ops(), operation.plan.task().isEmpty());
        } else if (operation.plan.task().isPresent()) {
            beginTask(operation);
        } else {
            confirm(operation);
        }
    }

    private TablePlan plan(TableOperation operation, Optional<TableEntry> entry, Optional<TableEntry> other) {
        if (operation.purgedAtMillis != 0) {
            return ContainerPlan.purge(entry, operation.purgedAtMillis);
        }
        if (operation.request().isEmpty()) {
            return TablePlan.resume(entry);
        }
        return switch ((TableDirectoryRequest.OfTable) operation.request().get()) {
            case TableDirectoryRequest.CreateTable create -> {
                TablePlan plan = TablePlan.create(
                        entry, incarnation.partition.name(), create.table(), incarnation.nextNumber(), groupOf(incarnation.nextNumber()));
                incarnation.used(entry.isEmpty() ? TablePlan.NUMBERS_OF_A_CREATION : 0);
                yield plan;
            }
            case TableDirectoryRequest.ChangeContainer change -> {
                long number = incarnation.nextNumber();
                incarnation.used(entry.isEmpty() && change.command() instanceof ContainerCommand.Create ? TablePlan.NUMBERS_OF_A_CREATION : 0);
                yield ContainerPlan.change(entry, change.container(), change.command(),
                        new ContainerPlan.Place(incarnation.partition.name(), number, groupOf(number)), incarnation.needs.clock().epochMillis());
            }
            case TableDirectoryRequest.RestoreContainer restore ->
                    ContainerPlan.restore(other, entry, restore.newName(), incarnation.needs.clock().epochMillis());
            case TableDirectoryRequest.DeleteTable delete -> TablePlan.delete(entry);
            case TableDirectoryRequest.SetAccessPolicies set -> TablePlan.setPolicies(entry, set.policies());
        };
    }

    private int groupOf(long number) {
        List<Integer> groups = new ArrayList<>(incarnation.needs.groups().get());
        return groups.isEmpty() ? incarnation.partition.group() : groups.get((int) (number / TablePlan.NUMBERS_OF_A_CREATION % groups.size()));
    }

    private void settled(Settled settled) {
        incarnation.durable(settled.at());
        if (settled.last()) {
            finish(settled.operation());
        } else {
            beginTask(settled.operation());
        }
    }

    private void beginTask(TableOperation operation) {
        TablePlan.Task task = operation.plan.task().orElseThrow();
        switch (task.kind()) {
            case CLOSE -> watch.whenQuiet(task.number(), () -> readTask(operation, task.number()));
            case SEARCH -> search(operation);
            case INITIALIZE, DESTROY, REOPEN -> readTask(operation, task.number());
        }
    }

    private void search(TableOperation operation) {
        incarnation.pipe(
                incarnation.needs.immutability().apply(incarnation.partition.name(), operation.plan.task().orElseThrow().number()),
                (found, error) -> new Searched(incarnation.epoch, operation, found, error));
    }

    /** What has begun to close is searched until its ranges can be read; nothing has begun yet where all that may follow is a refusal. */
    private void searched(Searched searched) {
        TableOperation operation = searched.operation();
        TablePlan.Next next = operation.plan.next().orElseThrow();
        if (searched.error() == null) {
            follow(operation, searched.found() ? next.ifImmutable() : next.plan());
        } else if (next.ifImmutable().task().isEmpty()) {
            incarnation.context.getLog().info("a container of {} cannot be searched", incarnation.partition, searched.error());
            follow(operation, TablePlan.refuse(StorageErrorCode.SERVER_BUSY));
        } else {
            incarnation.context.getLog().warn("a closed container of {} cannot be searched yet", incarnation.partition, searched.error());
            incarnation.context.scheduleOnce(Duration.ofMillis(TableDirectorySettings.SEARCH_AGAIN_AFTER_MILLIS),
                    incarnation.context.getSelf(), new SearchAgain(incarnation.epoch, operation));
        }
    }

    private void readTask(TableOperation operation, long number) {
        incarnation.pipe(incarnation.readTable(number), (table, error) -> new TaskRead(incarnation.epoch, operation, table, error));
    }

    private void taskRead(TableOperation operation, TableRead table) {
        table.ranges().forEach(range -> operation.untoldRanges.add(range.partition()));
        if (operation.deletes()) {
            operation.lastRanges.addAll(table.beyondTheMap());
        }
        tellRanges(operation);
    }

    private void tellRanges(TableOperation operation) {
        while (!operation.untoldRanges.isEmpty() && operation.toldRanges < TableDirectorySettings.MAX_DESTROYED_AT_ONCE) {
            String range = operation.untoldRanges.remove().toString();
            TablePlan.Task.Kind kind = operation.plan.task().orElseThrow().kind();
            operation.toldRanges++;
            errands.tell(
                    replyTo -> switch (kind) {
                        case INITIALIZE -> new RangeRequest.Initialize(range, new byte[0], new byte[0], replyTo);
                        case DESTROY -> new RangeRequest.Destroy(range, replyTo);
                        case CLOSE -> new RangeRequest.Close(range, replyTo);
                        case REOPEN -> new RangeRequest.Reopen(range, replyTo);
                        case SEARCH -> throw new IllegalStateException("a search tells ranges nothing");
                    },
                    incarnation.settings().rangeTimeoutMillis(),
                    reply -> {
                        boolean done = reply instanceof RangeReply.Done;
                        if (done) {
                            operation.toldRanges--;
                            tellRanges(operation);
                        }
                        return done;
                    });
        }
        boolean allTold = operation.untoldRanges.isEmpty() && operation.toldRanges == 0;
        if (allTold && !operation.lastRanges.isEmpty()) {
            operation.untoldRanges.addAll(operation.lastRanges);
            operation.lastRanges.clear();
            tellRanges(operation);
        } else if (allTold && operation.plan.next().isPresent()) {
            follow(operation, operation.plan.next().get().plan());
        } else if (allTold) {
            commit(operation, operation.plan.lastOps(), true);
        }
    }

    /** What has begun goes on without its request; what waits behind it is dropped. */
    private void overdue(TableOperation operation) {
        if (lines.overdue(operation)) {
            operation.other.ifPresent(others::remove);
        }
    }

    private Behavior<TableDirectoryCommand> tick() {
        watch.tick();
        boolean unused = incarnation.nowMillis() - usedAtMillis > incarnation.settings().idleTimeoutMillis();
        if (!unused || !lines.isIdle() || !watch.isIdle()) {
            return Behaviors.same();
        }
        if (shard.isEmpty()) {
            return Behaviors.stopped();
        }
        shard.get().tell(new ClusterSharding.Passivate<>(incarnation.context.getSelf()));
        return Behaviors.same();
    }

    /** Runs it, or lets it wait for those of the same table before it; a table that is being deleted is not there any more, and its name not yet to be had. */
    private void enqueue(TableOperation operation) {
        boolean beingDeleted = lines.running(operation.name().orElseThrow()).filter(TableOperation::deletes).isPresent();
        if (operation.request().isPresent() && beingDeleted) {
            TableOperation refusal = new TableOperation(operation.request(), Optional.empty());
            refusal.other = operation.other;
            refusal.plan = TablePlan.refuse(
                    operation.takesName() ? incarnation.kind().beingDeleted() : incarnation.kind().notFound());
            lines.joinBeside(refusal);
            confirm(refusal);
            return;
        }
        if (operation.request().isPresent()) {
            incarnation.context.scheduleOnce(Duration.ofMillis(incarnation.settings().requestTimeoutMillis()),
                    incarnation.context.getSelf(), new RequestOverdue(incarnation.epoch, operation));
        }
        if (lines.join(operation)) {
            run(operation);
        }
    }

    private void run(TableOperation operation) {
        CompletionStage<Optional<byte[]>> other =
                operation.other.map(this::readEntry).orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
        incarnation.pipe(readEntry(operation.name().orElseThrow()).thenCombine(other, EntriesRead::new),
                (entries, error) -> new EntryRead(incarnation.epoch, operation, entries, error));
    }

    private CompletionStage<Optional<byte[]>> readEntry(String key) {
        byte[] row = key.equals(TableOperation.PROPERTIES) ? DirectoryRows.propertiesKey() : TableDirectoryRows.tableKey(key);
        return incarnation.needs.store().get(incarnation.partition, row, incarnation.durableAt());
    }

    private void commit(TableOperation operation, List<RowOp> ops, boolean last) {
        incarnation.commit(ops, (at, error) -> new Settled(incarnation.epoch, operation, last, at, error));
    }

    private void confirm(TableOperation operation) {
        incarnation.pipe(incarnation.needs.store().confirm(incarnation.partition, incarnation.epoch),
                (at, error) -> new Settled(incarnation.epoch, operation, true, at, error));
    }

    private void finish(TableOperation operation) {
        operation.other.ifPresent(others::remove);
        operation.plan.task().ifPresent(task -> {
            switch (task.kind()) {
                case DESTROY -> watch.forget(task.number());
                case REOPEN -> watch.release(task.number());
                // What is closed stays as it is: it would neither split, merge nor move, and be asked to for ever.
                case INITIALIZE, CLOSE, SEARCH -> { }
            }
        });
        lines.finish(operation, request -> request.replyTo().tell(operation.plan.reply())).ifPresent(this::run);
        if (moreWork && lines.isIdle()) {
            findWork();
        }
    }

    private void findWork() {
        moreWork = false;
        incarnation.pipe(
                incarnation.needs.store().scan(incarnation.partition, RowRange.ascending(DirectoryRows.workBegin(),
                        DirectoryRows.workEnd(), TableDirectorySettings.RESUME_PAGE), incarnation.durableAt()),
                (page, error) -> new WorkFound(incarnation.epoch, page, error));
    }

    private Behavior<TableDirectoryCommand> failed(Throwable error) {
        ended();
        return PartitionOpening.stopOrOpenAnew(incarnation.context, incarnation.partition, Failures.cause(error));
    }

    private Behavior<TableDirectoryCommand> ended() {
        lines.abandon();
        others.clear();
        return Behaviors.same();
    }

    private static void refuse(TableDirectoryRequest request, StorageErrorCode error) {
        request.replyTo().tell(new TableDirectoryReply.Refused(error));
    }
}
