package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import java.util.List;

/**
 * What changes of rows mean to ranges of one kind: entities of tables, or blobs. Pure and without state; {@link RangeState} lets it decide
 * each request on rows that it has looked up, commits what it says, and gives the answer when that is durable. Rows have a tag and a key,
 * {@code tag part-one NUL rest}; ranges are cut by keys without their tag and never within the same part one.
 *
 * @param <C> a change, as a request brings it
 */
public interface RangeLogic<C> {

    /** A row to be seen. @param whole false if only its presence, its length and its first bytes matter ({@link RangeRows}) */
    record Wanted(byte[] key, boolean whole) {

        public Wanted(byte[] key) {
            this(key, true);
        }
    }

    /**
     * A row as decided so far.
     *
     * @param value null if there is no such row; only its head if the rest was not wanted; not to be changed
     * @param bytes of the whole value
     */
    record Seen(byte[] value, int bytes) {

        public static final Seen NOTHING = new Seen(null, 0);

        public boolean exists() {
            return value != null;
        }
    }

    /** What has been looked up. */
    @FunctionalInterface
    interface Rows {

        /** Null if that row has not been looked up: ask for it with {@link Outcome.LookUp}. */
        Seen get(byte[] key);
    }

    /**
     * When it happens.
     *
     * @param ticks larger than any number that a range which held these keys has given so far, and at least the clock's ({@link Ticks}). This one
     *     and those after it may be used as times, versions, or numbers never given before; the last one used is to be told
     * @param nowMillis the clock's, which may go back when the range moves to another node
     */
    record Stamp(long ticks, long nowMillis) {}

    /** What becomes of a change. */
    sealed interface Outcome {

        /**
         * It is made, all in one commit.
         *
         * @param ops applied in order; of every row that is put or deleted by itself, either it was looked up or it is new. May be empty
         * @param lastTicks the last number used, 0 if none was
         * @param droppedRows, droppedBytes about what range deletions among the {@code ops} remove, in the index and in all
         */
        record Made(List<RowOp> ops, long lastTicks, long droppedRows, long droppedBytes, RangeReply reply) implements Outcome {}

        record Refused(RangeReply reply) implements Outcome {}

        /** These must be seen, too, besides what has been: decide anew then. At most {@link #MAX_LOOK_UPS} times for one request. */
        record LookUp(List<Wanted> rows) implements Outcome {}
    }

    int MAX_LOOK_UPS = 8;

    /** The tags of its rows, ascending; those of the index, by which it is weighed, last. */
    List<Byte> tags();

    /** What a request asks for; null if ranges of this kind know no such request. */
    C changeOf(RangeRequest request);

    /** About how much memory a change takes. */
    long bytesOf(C change);

    /** Keys without tags that the range must serve, or it answers Moved. */
    List<byte[]> keys(C change);

    /** What must be seen in any case. */
    List<Wanted> rows(C change);

    /** How a change is refused for reasons of the range. */
    RangeReply refusal(StorageErrorCode error);

    Outcome decide(C change, Rows rows, Stamp stamp);

    /** How much a row of the index weighs when a range is split. */
    default long weight(Row row) {
        return row.key().length + row.value().length;
    }
}
