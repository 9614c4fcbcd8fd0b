package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.store.RowOp;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about one table's or container's entry, decided without an actor ({@link ContainerPlan} of a container's): first {@code ops} are committed (nothing, if there are
 * none), then the table's ranges are told, then {@code lastOps} are committed, then {@code reply} is given. Each step may happen
 * twice if the owner changes in between: the rows say where to go on.
 *
 * @param task what the ranges are told
 * @param reply what whoever asked gets in the end
 * @param next goes on after the task, in the place of lastOps and reply
 */
record TablePlan(List<RowOp> ops, Optional<Task> task, List<RowOp> lastOps, TableDirectoryReply reply, Optional<Next> next) {

    /**
     * @param plan the next one
     * @param ifImmutable the next one instead if the task was a search which has found something
     */
    record Next(TablePlan plan, TablePlan ifImmutable) {}

    TablePlan(List<RowOp> ops, Optional<Task> task, List<RowOp> lastOps, TableDirectoryReply reply) {
        this(ops, task, lastOps, reply, Optional.empty());
    }

    /** A task after which another plan is carried out. */
    static TablePlan first(List<RowOp> ops, Task task, Next next) {
        return new TablePlan(ops, Optional.of(task), List.of(), next.plan().reply(), Optional.of(next));
    }

    /** The table's and its first range's. */
    static final int NUMBERS_OF_A_CREATION = 2;

    /** @param number the table's */
    record Task(Kind kind, long number) {

        enum Kind {
            /** The table's only range begins to serve. */
            INITIALIZE,
            /** All ranges end, those of an intent included. */
            DESTROY,
            /** All ranges cease to serve for the time being. */
            CLOSE,
            /** All ranges serve again. */
            REOPEN,
            /** Nothing is told to them, but their blobs are looked at: is one immutable? */
            SEARCH
        }
    }

    /**
     * @param number which the table gets if there is none of that name; its first range gets the next
     * @param group of that range
     */
    static TablePlan create(Optional<TableEntry> current, String account, String table, long number, int group) {
        if (current.isEmpty()) {
            TableEntry entry = new TableEntry(TableEntry.State.CREATING, table, number, List.of());
            PartitionId first = new RangeName(DirectoryKind.TABLES, account, number, number + 1).in(group);
            return finishCreation(beginCreation(entry, first), entry);
        }
        return switch (current.get().state()) {
            case CREATING -> finishCreation(List.of(), current.get());
            case LIVE -> refuse(StorageErrorCode.TABLE_ALREADY_EXISTS);
            case DELETING, CLOSING, DELETED, REOPENING -> refuse(StorageErrorCode.TABLE_BEING_DELETED);
        };
    }

    static TablePlan delete(Optional<TableEntry> current) {
        if (current.isEmpty() || current.get().state() != TableEntry.State.LIVE) {
            return refuse(StorageErrorCode.TABLE_NOT_FOUND);
        }
        TableEntry entry = current.get().in(TableEntry.State.DELETING);
        return finishDeletion(List.of(put(entry), putWork(entry)), entry);
    }

    static TablePlan setPolicies(Optional<TableEntry> current, List<AccessPolicy> policies) {
        return current.filter(entry -> entry.state() == TableEntry.State.LIVE)
                .map(entry -> new TablePlan(
                        List.of(put(entry.withPolicies(policies))), Optional.empty(), List.of(), new TableDirectoryReply.Done()))
                .orElseGet(() -> refuse(StorageErrorCode.TABLE_NOT_FOUND));
    }

    /** @param current the row, empty while they are the initial ones */
    static TablePlan setProperties(Optional<byte[]> current, TableDirectoryRequest.SetServiceProperties set) {
        return ServiceValues.propertiesOf(current).equals(set.expected())
                ? new TablePlan(
                        List.of(new RowOp.Put(DirectoryRows.propertiesKey(), ServiceValues.propertiesValue(set.properties()))),
                        Optional.empty(), List.of(), new TableDirectoryReply.Done())
                : reply(new TableDirectoryReply.Outdated());
    }

    /** What a former owner of the directory left unfinished. A deletion begins with a commit: with it, all done to the ranges before is durable. */
    static TablePlan resume(Optional<TableEntry> current) {
        return current.map(entry -> switch (entry.state()) {
            case CREATING -> finishCreation(List.of(), entry);
            case DELETING -> finishDeletion(List.of(put(entry)), entry);
            case CLOSING -> ContainerPlan.close(List.of(put(entry)), entry);
            case REOPENING -> ContainerPlan.finishReopening(List.of(put(entry)), entry);
            case LIVE, DELETED -> reply(new TableDirectoryReply.Done());
        }).orElseGet(() -> reply(new TableDirectoryReply.Done()));
    }

    static List<RowOp> beginCreation(TableEntry entry, PartitionId first) {
        return List.of(
                new RowOp.Put(DirectoryRows.counterKey(), DirectoryRows.counterValue(entry.number() + NUMBERS_OF_A_CREATION)),
                put(entry),
                TableDirectoryRows.putRange(entry.number(), new RangeRow(new byte[0], first)),
                putWork(entry));
    }

    static TablePlan finishCreation(List<RowOp> ops, TableEntry entry) {
        return new TablePlan(ops, Optional.of(new Task(Task.Kind.INITIALIZE, entry.number())),
                List.of(put(entry.in(TableEntry.State.LIVE)), new RowOp.Delete(DirectoryRows.workKey(entry.key()))),
                done(entry));
    }

    static TablePlan finishDeletion(List<RowOp> ops, TableEntry entry) {
        String key = entry.key();
        return new TablePlan(ops, Optional.of(new Task(Task.Kind.DESTROY, entry.number())),
                List.of(new RowOp.Delete(TableDirectoryRows.tableKey(key)),
                        new RowOp.Delete(DirectoryRows.workKey(key)),
                        new RowOp.Delete(TableDirectoryRows.intentKey(entry.number())),
                        new RowOp.DeleteRange(
                                TableDirectoryRows.rangeKey(entry.number(), new byte[0]), TableDirectoryRows.rangesEnd(entry.number()))),
                done(entry));
    }

    private static TableDirectoryReply done(TableEntry entry) {
        return entry.container() == null ? new TableDirectoryReply.Done() : new TableDirectoryReply.Container(entry.container());
    }

    static RowOp put(TableEntry entry) {
        return new RowOp.Put(TableDirectoryRows.tableKey(entry.key()), TableDirectoryRows.tableValue(entry));
    }

    static RowOp putWork(TableEntry entry) {
        return new RowOp.Put(DirectoryRows.workKey(entry.key()), DirectoryRows.workValue());
    }

    static TablePlan refuse(StorageErrorCode error) {
        return reply(new TableDirectoryReply.Refused(error));
    }

    static TablePlan reply(TableDirectoryReply reply) {
        return new TablePlan(List.of(), Optional.empty(), List.of(), reply);
    }
}
