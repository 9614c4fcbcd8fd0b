package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.store.RowOp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What is to be done about one queue's entry, decided without an actor: first {@code ops} are committed (nothing, if there
 * are none), then the queue's partition is told, then {@code lastOps} are committed, then {@code reply} is given. Each step
 * may happen twice if the owner changes in between: the rows say where to go on.
 *
 * @param tell what the queue's partition is told, and which one
 * @param reply what whoever asked gets in the end
 */
record DirectoryPlan(List<RowOp> ops, Optional<Tell> tell, List<RowOp> lastOps, AccountReply reply) {

    enum Order { INITIALIZE, DESTROY }

    record Tell(Order order, PartitionId partition) {}

    /** @param newPartition makes the id of the queue with that number */
    static DirectoryPlan create(Optional<DirectoryEntry> current, String queue, Map<String, String> metadata, long number,
            LongFunction<PartitionId> newPartition) {
        if (current.isEmpty()) {
            DirectoryEntry entry = new DirectoryEntry(
                    DirectoryEntry.State.CREATING, newPartition.apply(number), metadata, List.of());
            List<RowOp> ops = List.of(
                    new RowOp.Put(DirectoryRows.counterKey(), DirectoryRows.counterValue(number + 1)),
                    put(queue, entry),
                    new RowOp.Put(DirectoryRows.workKey(queue), DirectoryRows.workValue()));
            return finishCreation(ops, queue, entry);
        }
        return switch (current.get().state()) {
            case CREATING -> current.get().metadata().equals(metadata)
                    ? finishCreation(List.of(), queue, current.get())
                    : finishCreation(List.of(), queue, current.get()).answering(new AccountReply.Refused(StorageErrorCode.QUEUE_ALREADY_EXISTS));
            case LIVE -> current.get().metadata().equals(metadata)
                    ? reply(new AccountReply.Created(false))
                    : refuse(StorageErrorCode.QUEUE_ALREADY_EXISTS);
            case DELETING -> refuse(StorageErrorCode.QUEUE_BEING_DELETED);
        };
    }

    static DirectoryPlan delete(Optional<DirectoryEntry> current, String queue) {
        if (current.isEmpty() || current.get().state() != DirectoryEntry.State.LIVE) {
            return refuse(StorageErrorCode.QUEUE_NOT_FOUND);
        }
        DirectoryEntry entry = current.get().in(DirectoryEntry.State.DELETING);
        List<RowOp> ops = List.of(put(queue, entry), new RowOp.Put(DirectoryRows.workKey(queue), DirectoryRows.workValue()));
        return finishDeletion(ops, queue, entry);
    }

    /** Nobody waits for it any more. */
    static DirectoryPlan nothing() {
        return reply(new AccountReply.Outdated());
    }

    /** @param current the row, empty while they are the initial ones */
    static DirectoryPlan setProperties(Optional<byte[]> current, AccountRequest.SetServiceProperties set) {
        return ServiceValues.propertiesOf(current).equals(set.expected())
                ? new DirectoryPlan(
                        List.of(new RowOp.Put(DirectoryRows.propertiesKey(), ServiceValues.propertiesValue(set.properties()))),
                        Optional.empty(), List.of(), new AccountReply.Done())
                : reply(new AccountReply.Outdated());
    }

    /** @param changed the entry with the change, if it is live */
    static DirectoryPlan change(Optional<DirectoryEntry> changed, String queue) {
        return changed.filter(entry -> entry.state() == DirectoryEntry.State.LIVE)
                .map(entry -> new DirectoryPlan(List.of(put(queue, entry)), Optional.empty(), List.of(), new AccountReply.Done()))
                .orElseGet(() -> refuse(StorageErrorCode.QUEUE_NOT_FOUND));
    }

    /** What a former owner of the account left unfinished. */
    static DirectoryPlan resume(Optional<DirectoryEntry> current, String queue) {
        return current.map(entry -> switch (entry.state()) {
            case CREATING -> finishCreation(List.of(), queue, entry);
            case DELETING -> finishDeletion(List.of(), queue, entry);
            case LIVE -> reply(new AccountReply.Done());
        }).orElseGet(() -> reply(new AccountReply.Done()));
    }

    private DirectoryPlan answering(AccountReply other) {
        return new DirectoryPlan(ops, tell, lastOps, other);
    }

    private static DirectoryPlan finishCreation(List<RowOp> ops, String queue, DirectoryEntry entry) {
        return new DirectoryPlan(ops, Optional.of(new Tell(Order.INITIALIZE, entry.partition())),
                List.of(put(queue, entry.in(DirectoryEntry.State.LIVE)), new RowOp.Delete(DirectoryRows.workKey(queue))),
                new AccountReply.Created(true));
    }

    private static DirectoryPlan finishDeletion(List<RowOp> ops, String queue, DirectoryEntry entry) {
        return new DirectoryPlan(ops, Optional.of(new Tell(Order.DESTROY, entry.partition())),
                List.of(new RowOp.Delete(AccountRows.queueKey(queue)), new RowOp.Delete(DirectoryRows.workKey(queue))),
                new AccountReply.Done());
    }

    private static RowOp put(String queue, DirectoryEntry entry) {
        return new RowOp.Put(AccountRows.queueKey(queue), AccountRows.entryValue(entry));
    }

    private static DirectoryPlan refuse(StorageErrorCode error) {
        return reply(new AccountReply.Refused(error));
    }

    private static DirectoryPlan reply(AccountReply reply) {
        return new DirectoryPlan(List.of(), Optional.empty(), List.of(), reply);
    }
}
