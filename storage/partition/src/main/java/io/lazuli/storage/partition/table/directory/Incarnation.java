package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.table.directory.TableDirectory.Needs;
import io.lazuli.storage.partition.table.directory.TableDirectory.TableRead;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** What the parts of a table directory's actor share from its opening to its end: rows, numbers, time. Owned by the actor. */
final class Incarnation {

    private static final long NANOS_PER_MILLI = 1_000_000;

    final ActorContext<TableDirectoryCommand> context;
    final PartitionId partition;
    final Needs needs;
    final long epoch;
    private final long beganNanos;
    private ReadPoint durableAt;
    private long nextNumber;

    Incarnation(ActorContext<TableDirectoryCommand> context, PartitionId partition, Needs needs, TableDirectory.Opened opened) {
        this.context = context;
        this.partition = partition;
        this.needs = needs;
        this.epoch = opened.claim().epoch();
        this.beganNanos = needs.clock().nanos();
        this.durableAt = opened.claim().at();
        this.nextNumber = opened.nextNumber();
    }

    DirectoryKind kind() {
        return DirectoryKind.of(partition.kind());
    }

    TableDirectorySettings settings() {
        return needs.settings();
    }

    /** Milliseconds since the opening. */
    long nowMillis() {
        return (needs.clock().nanos() - beganNanos) / NANOS_PER_MILLI;
    }

    ReadPoint durableAt() {
        return durableAt;
    }

    void durable(ReadPoint at) {
        durableAt = durableAt.later(at);
    }

    long nextNumber() {
        return nextNumber;
    }

    /** The caller commits the counter with what it uses the numbers for. */
    void used(int numbers) {
        nextNumber += numbers;
    }

    RowOp counter() {
        return new RowOp.Put(DirectoryRows.counterKey(), DirectoryRows.counterValue(nextNumber));
    }

    PartitionId newRange(long table, int group) {
        PartitionId range = new RangeName(kind(), partition.name(), table, nextNumber).in(group);
        used(1);
        return range;
    }

    void commit(List<RowOp> ops, BiFunction<ReadPoint, Throwable, TableDirectoryCommand> settled) {
        pipe(needs.store().commit(new RowBatch(partition, epoch, ops)), settled);
    }

    /** The ranges of a table and those that its intent names. */
    CompletionStage<TableRead> readTable(long number) {
        return TableDirectoryReader.ranges(needs.store(), partition, number, durableAt).thenCombine(
                needs.store().get(partition, TableDirectoryRows.intentKey(number), durableAt),
                (ranges, intent) -> new TableRead(
                        ranges, intent.map(TableDirectoryRows::intentOf).map(RangeIntent::beyondTheMap).orElseGet(ArrayList::new)));
    }

    <T> void pipe(CompletionStage<T> stage, BiFunction<T, Throwable, TableDirectoryCommand> toMessage) {
        context.pipeToSelf(stage, toMessage::apply);
    }
}
