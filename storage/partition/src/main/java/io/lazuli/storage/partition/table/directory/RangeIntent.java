package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.store.RowOp;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What is being done to a table's ranges, at most one at a time. It is a row from before the first range is told until the map shows
 * the result, so that the next owner of the directory goes on where the last one ended: it tells the same ranges the same again,
 * which they bear.
 *
 * <pre>
 * (none) --> Split --lower range split------------------------------> (none), the upper range is in the map
 * (none) --> Merge --upper retired, lower extended------------------> (none), the upper range is out of the map
 * (none) --> Move  --source copied and retired--> Clear(source) --+
 *              +------target abandoned----------> Clear(target) --+-- destroyed --> (none)
 * </pre>
 */
sealed interface RangeIntent {

    /** Ranges that a deletion of the table must destroy besides those in the map. */
    List<PartitionId> beyondTheMap();

    /** What the ranges are told, one after the other has answered Done. */
    List<Order> orders();

    /** What is committed in the end, together with {@link #next}. */
    List<RowOp> outcome(long table);

    /** What follows. */
    default Optional<RangeIntent> next() {
        return Optional.empty();
    }

    /** One request to one range, made anew each time that it is sent. */
    @FunctionalInterface
    interface Order {
        RangeRequest to(ActorRef<RangeReply> replyTo);
    }

    record Split(PartitionId lower, byte[] at, PartitionId upper) implements RangeIntent {

        @Override
        public List<PartitionId> beyondTheMap() {
            return List.of(upper);
        }

        @Override
        public List<Order> orders() {
            return List.of(replyTo -> new RangeRequest.Split(lower.toString(), at, upper.toString(), replyTo));
        }

        @Override
        public List<RowOp> outcome(long table) {
            return List.of(TableDirectoryRows.putRange(table, new RangeRow(at, upper)));
        }
    }

    /** @param at where {@code upper} begins, {@code high} where it ends (empty: the table's end) */
    record Merge(PartitionId lower, byte[] at, PartitionId upper, byte[] high) implements RangeIntent {

        @Override
        public List<PartitionId> beyondTheMap() {
            return List.of();
        }

        @Override
        public List<Order> orders() {
            return List.of(
                    replyTo -> new RangeRequest.Retire(upper.toString(), replyTo),
                    replyTo -> new RangeRequest.Extend(lower.toString(), high, upper.toString(), replyTo));
        }

        @Override
        public List<RowOp> outcome(long table) {
            return List.of(new RowOp.Delete(TableDirectoryRows.rangeKey(table, at)));
        }
    }

    record Move(byte[] low, PartitionId source, PartitionId target) implements RangeIntent {

        @Override
        public List<PartitionId> beyondTheMap() {
            return List.of(target);
        }

        @Override
        public List<Order> orders() {
            return List.of(replyTo -> new RangeRequest.Move(source.toString(), target.toString(), replyTo));
        }

        @Override
        public List<RowOp> outcome(long table) {
            return List.of(TableDirectoryRows.putRange(table, new RangeRow(low, target)));
        }

        @Override
        public Optional<RangeIntent> next() {
            return Optional.of(new Clear(source));
        }
    }

    /** Removes what a move left behind, at the source or, if it was abandoned, at the target. */
    record Clear(PartitionId partition) implements RangeIntent {

        @Override
        public List<PartitionId> beyondTheMap() {
            return List.of(partition);
        }

        @Override
        public List<Order> orders() {
            return List.of(replyTo -> new RangeRequest.Destroy(partition.toString(), replyTo));
        }

        @Override
        public List<RowOp> outcome(long table) {
            return List.of();
        }
    }
}
