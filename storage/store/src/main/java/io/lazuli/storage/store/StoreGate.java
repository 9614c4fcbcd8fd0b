package io.lazuli.storage.store;

import io.lazuli.kernel.Failures;
import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Where other nodes reach this node's replicas: hands each request to the replica, and sends its answer from the thread that
 * completes it. Keeps nothing; what waits is bounded by the replica. One on each storage node; its reference travels with the
 * node's announcements ({@link LeaderBoardActor}).
 */
final class StoreGate {

    /** Partitions travel in text form, an empty {@code toExclusive} is the partition's end, an index of -1 the latest. */
    sealed interface Command extends WireMessage {}

    record Submit(int group, byte[] item, ActorRef<Answer> replyTo) implements Command {}

    record Confirm(String partition, long epoch, ActorRef<Answer> replyTo) implements Command {}

    record Get(String partition, byte[] key, long index, ActorRef<Answer> replyTo) implements Command {}

    record Read(String partition, Optional<ReadRange> range, List<byte[]> keys, long index, ActorRef<Answer> replyTo) implements Command {}

    /** Single rows of several partitions of one group, each read by itself and of the latest state. Answers ReadMany. */
    record ReadKeys(int group, List<KeysWanted> reads, ActorRef<Answer> replyTo) implements Command {}

    record KeysWanted(String partition, List<byte[]> keys) {

        PointReads.Wanted wanted() {
            return new PointReads.Wanted(PartitionId.parse(partition), keys);
        }
    }

    record ReadRange(byte[] fromInclusive, byte[] toExclusive, int maxRows, int maxBytes, boolean reverse) {

        static ReadRange of(RowRange range) {
            byte[] to = range.toExclusive() == null ? NOTHING : range.toExclusive();
            return new ReadRange(range.fromInclusive(), to, range.maxRows(), range.maxBytes(), range.reverse());
        }

        RowRange range() {
            return new RowRange(fromInclusive, toExclusive.length == 0 ? null : toExclusive, maxRows, maxBytes, reverse);
        }
    }

    record Scan(
            String partition, byte[] fromInclusive, byte[] toExclusive, int maxRows, int maxBytes, boolean reverse, long index,
            ActorRef<Answer> replyTo) implements Command {}

    /** @param kind its code */
    record ListPartitions(int group, char kind, String afterName, int max, ActorRef<Answer> replyTo) implements Command {}

    sealed interface Answer extends WireMessage {}

    record Submitted(ItemResult.Kind kind, long number, long index) implements Answer {}

    record Confirmed(long index) implements Answer {}

    /** @param value empty and {@code found} false if there is no such row */
    record Found(boolean found, byte[] value) implements Answer {}

    /** @param values of the keys that were found, {@code found} says of each key whether it was */
    record ReadRows(List<Row> rows, boolean more, List<Boolean> found, List<byte[]> values) implements Answer {

        static ReadRows of(RowsRead read) {
            return new ReadRows(read.page().rows(), read.page().more(), read.values().stream().map(Optional::isPresent).toList(),
                    read.values().stream().flatMap(Optional::stream).toList());
        }

        RowsRead read() {
            Iterator<byte[]> value = values.iterator();
            return new RowsRead(new RowPage(rows, more),
                    found.stream().map(present -> present ? Optional.of(value.next()) : Optional.<byte[]>empty()).toList());
        }
    }

    /** @param reads of the first reads asked for, in order, as many as fit into a message; at least one */
    record ReadMany(List<ReadRows> reads) implements Answer {}

    record Scanned(List<Row> rows, boolean more) implements Answer {}

    record Partitions(List<String> names) implements Answer {}

    record Fenced(long newestEpoch) implements Answer {}

    record Unavailable(String reason, boolean definitelyNotApplied) implements Answer {}

    private static final byte[] NOTHING = {};

    private StoreGate() {}

    static Behavior<Command> create(StoreNode node) {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Submit submit -> serve(node, submit.group(), submit.replyTo(), replica -> {
                    EntryFormat.check(submit.item());
                    return replica.submit(submit.item()).thenApply(r -> new Submitted(r.kind(), r.number(), r.index()));
                });
                case Confirm confirm -> {
                    PartitionId partition = PartitionId.parse(confirm.partition());
                    serve(node, partition.group(), confirm.replyTo(), replica ->
                            replica.confirm(partition, confirm.epoch()).thenApply(at -> new Confirmed(at.index())));
                }
                case Get get -> {
                    PartitionId partition = PartitionId.parse(get.partition());
                    serve(node, partition.group(), get.replyTo(), replica ->
                            replica.get(partition, get.key(), new ReadPoint(get.index())).thenApply(StoreGate::found));
                }
                case Read read -> {
                    PartitionId partition = PartitionId.parse(read.partition());
                    RowsWanted wanted = new RowsWanted(read.range().map(ReadRange::range), read.keys());
                    serve(node, partition.group(), read.replyTo(), replica ->
                            replica.read(partition, wanted, new ReadPoint(read.index())).thenApply(ReadRows::of));
                }
                case ReadKeys read -> serve(node, read.group(), read.replyTo(), replica ->
                        replica.readKeys(read.reads().stream().map(KeysWanted::wanted).toList()).thenApply(reads -> new ReadMany(reads.stream().map(ReadRows::of).toList())));
                case Scan scan -> {
                    PartitionId partition = PartitionId.parse(scan.partition());
                    byte[] to = scan.toExclusive().length == 0 ? null : scan.toExclusive();
                    RowRange range = new RowRange(scan.fromInclusive(), to, scan.maxRows(), scan.maxBytes(), scan.reverse());
                    serve(node, partition.group(), scan.replyTo(), replica ->
                            replica.scan(partition, range, new ReadPoint(scan.index())).thenApply(page -> new Scanned(page.rows(), page.more())));
                }
                case ListPartitions list -> {
                    PartitionKind kind = PartitionKind.ofCode(list.kind());
                    serve(node, list.group(), list.replyTo(), replica ->
                            replica.partitions(kind, list.afterName(), list.max()).thenApply(Partitions::new));
                }
            }
            return Behaviors.same();
        });
    }

    private static void serve(
            StoreNode node, int group, ActorRef<Answer> replyTo, Function<Replica, CompletionStage<? extends Answer>> call) {
        Optional<Replica> replica = node.replica(group);
        if (replica.isEmpty()) {
            replyTo.tell(new Unavailable("node " + node.node() + " has no replica of group " + group, true));
            return;
        }
        try {
            call.apply(replica.get()).whenComplete((answer, failure) -> replyTo.tell(failure == null ? answer : failed(failure)));
        } catch (MalformedEntryException | StoreUnavailableException e) {
            replyTo.tell(new Unavailable(e.getMessage(), true));
        }
    }

    private static Answer found(Optional<byte[]> value) {
        return new Found(value.isPresent(), value.orElse(NOTHING));
    }

    private static Answer failed(Throwable failure) {
        return switch (Failures.cause(failure)) {
            case FencedException fenced -> new Fenced(fenced.newestEpoch());
            case StoreUnavailableException unavailable -> new Unavailable(unavailable.getMessage(), unavailable.definitelyNotApplied());
            case Throwable other -> new Unavailable(other.toString(), false);
        };
    }
}
