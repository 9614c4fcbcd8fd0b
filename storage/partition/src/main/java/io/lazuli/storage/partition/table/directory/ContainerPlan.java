package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerDecisions;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.partition.table.directory.TableEntry.State;
import io.lazuli.storage.partition.table.directory.TablePlan.Task;
import io.lazuli.storage.store.RowOp;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What is to be done about one container's entry, as a {@link TablePlan}. */
final class ContainerPlan {

    /** @param number which the container gets if there is none of that name; its first range gets the next, in {@code group} */
    record Place(String account, long number, int group) {}

    private ContainerPlan() {}

    static TablePlan change(Optional<TableEntry> current, String name, ContainerCommand command, Place place, long nowMillis) {
        if (command instanceof ContainerCommand.Create create) {
            return create(current, name, create, place, nowMillis);
        }
        if (current.isEmpty() || !current.get().isThere()) {
            return TablePlan.refuse(StorageErrorCode.CONTAINER_NOT_FOUND);
        }
        if (current.get().state() != State.LIVE) {
            // A former owner was about to delete it. Whether it will be gone is known when that is finished.
            return TablePlan.refuse(StorageErrorCode.SERVER_BUSY);
        }
        TableEntry entry = current.get();
        return switch (ContainerDecisions.decide(entry.container(), command, nowMillis)) {
            case ContainerDecisions.Outcome.Refused refused -> TablePlan.refuse(refused.error());
            case ContainerDecisions.Outcome.Changed changed when changed.state().equals(entry.container()) -> TablePlan.reply(reply(changed.state()));
            case ContainerDecisions.Outcome.Changed changed -> new TablePlan(
                    List.of(TablePlan.put(entry.with(changed.state()))), Optional.empty(), List.of(), reply(changed.state()));
            case ContainerDecisions.Outcome.Deleted deleted when entry.container().immutabilityMark() ->
                    deleteMarked(entry.with(deleted.state().withLease(entry.container().lease())).in(State.CLOSING));
            case ContainerDecisions.Outcome.Deleted deleted -> {
                boolean softly = deleted.state().deletedMillis() > 0;
                TableEntry ending = entry.with(deleted.state()).in(softly ? State.CLOSING : State.DELETING);
                List<RowOp> ops = List.of(TablePlan.put(ending), TablePlan.putWork(ending));
                yield softly ? close(ops, ending) : TablePlan.finishDeletion(ops, ending);
            }
        };
    }

    private static TablePlan create(Optional<TableEntry> current, String name, ContainerCommand.Create create, Place place, long nowMillis) {
        if (current.isEmpty()) {
            TableEntry entry = new TableEntry(State.CREATING, ContainerDecisions.created(name, place.number(), create, nowMillis));
            PartitionId first = new RangeName(DirectoryKind.CONTAINERS, place.account(), place.number(), place.number() + 1).in(place.group());
            return TablePlan.finishCreation(TablePlan.beginCreation(entry, first), entry);
        }
        return switch (current.get().state()) {
            case CREATING -> TablePlan.finishCreation(List.of(), current.get());
            case LIVE, REOPENING -> TablePlan.refuse(StorageErrorCode.CONTAINER_ALREADY_EXISTS);
            case DELETING, CLOSING, DELETED -> TablePlan.refuse(StorageErrorCode.CONTAINER_BEING_DELETED);
        };
    }

    /** @param deleted the entry of the container that was deleted softly, {@code current} the one that has the new name */
    static TablePlan restore(Optional<TableEntry> deleted, Optional<TableEntry> current, String newName, long nowMillis) {
        if (deleted.isEmpty() || deleted.get().state() != State.DELETED) {
            return TablePlan.refuse(StorageErrorCode.CONTAINER_NOT_FOUND);
        }
        if (current.isPresent()) {
            boolean ends = current.get().state() == State.DELETING || current.get().state() == State.CLOSING;
            return TablePlan.refuse(ends ? StorageErrorCode.CONTAINER_BEING_DELETED : StorageErrorCode.CONTAINER_ALREADY_EXISTS);
        }
        TableEntry entry = new TableEntry(
                State.REOPENING, ContainerDecisions.restored(deleted.get().container(), newName, nowMillis));
        return finishReopening(
                List.of(new RowOp.Delete(TableDirectoryRows.tableKey(deleted.get().key())), TablePlan.put(entry), TablePlan.putWork(entry)), entry);
    }

    /** The end of a container that was deleted softly. */
    static TablePlan purge(Optional<TableEntry> deleted, long nowMillis) {
        if (deleted.isEmpty() || !isOverdue(deleted.get(), nowMillis)) {
            return TablePlan.reply(new TableDirectoryReply.Done());
        }
        TableEntry ending = deleted.get().in(State.DELETING);
        return TablePlan.finishDeletion(List.of(TablePlan.put(ending), TablePlan.putWork(ending)), ending);
    }

    static boolean isOverdue(TableEntry entry, long nowMillis) {
        return entry.state() == State.DELETED
                && nowMillis - entry.container().deletedMillis() >= TimeUnit.DAYS.toMillis(entry.container().retentionDays());
    }

    /**
     * One whose blobs may be immutable. The first search is made while it serves, so that most refusals disturb nobody; but only what closed ranges
     * hold stays as it was found.
     */
    private static TablePlan deleteMarked(TableEntry closing) {
        return TablePlan.first(List.of(), new Task(Task.Kind.SEARCH, closing.number()), new TablePlan.Next(
                close(List.of(TablePlan.put(closing), TablePlan.putWork(closing)), closing),
                TablePlan.refuse(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS)));
    }

    /** The ranges close; then, if nothing that they hold is immutable, the entry steps aside, so that the name is free, or ends. */
    static TablePlan close(List<RowOp> ops, TableEntry closing) {
        Task close = new Task(Task.Kind.CLOSE, closing.number());
        TableEntry ending = closing.with(closing.container().withLease(LeaseState.NONE));
        TablePlan end = closing.container().deletedMillis() > 0
                ? stepAside(ending)
                : TablePlan.finishDeletion(List.of(TablePlan.put(ending.in(State.DELETING))), ending.in(State.DELETING));
        if (!closing.container().immutabilityMark()) {
            return new TablePlan(ops, Optional.of(close), end.ops(), end.reply());
        }
        TablePlan search = TablePlan.first(
                List.of(), new Task(Task.Kind.SEARCH, closing.number()), new TablePlan.Next(end, giveUp(closing)));
        return TablePlan.first(ops, close, new TablePlan.Next(search, search));
    }

    private static TablePlan stepAside(TableEntry closing) {
        TableEntry deleted = closing.in(State.DELETED);
        return new TablePlan(
                List.of(new RowOp.Delete(TableDirectoryRows.tableKey(closing.key())), new RowOp.Delete(DirectoryRows.workKey(closing.key())),
                        TablePlan.put(deleted)),
                Optional.empty(), List.of(), reply(deleted.container()));
    }

    /** The deletion is refused after all. */
    private static TablePlan giveUp(TableEntry closing) {
        TableEntry reopening = closing.with(ContainerDecisions.undeleted(closing.container())).in(State.REOPENING);
        TablePlan reopen = finishReopening(List.of(TablePlan.put(reopening)), reopening);
        return new TablePlan(reopen.ops(), reopen.task(), reopen.lastOps(),
                new TableDirectoryReply.Refused(StorageErrorCode.CONTAINER_HOLDS_IMMUTABLE_BLOBS));
    }

    static TablePlan finishReopening(List<RowOp> ops, TableEntry entry) {
        return new TablePlan(ops, Optional.of(new Task(Task.Kind.REOPEN, entry.number())),
                List.of(TablePlan.put(entry.in(State.LIVE)), new RowOp.Delete(DirectoryRows.workKey(entry.key()))),
                reply(entry.container()));
    }

    private static TableDirectoryReply reply(ContainerState state) {
        return new TableDirectoryReply.Container(state);
    }
}
