package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.table.RangeHeader;
import io.lazuli.storage.partition.table.RangeRows;
import io.lazuli.storage.store.ReadPoint;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.RowStore;
import io.lazuli.storage.store.RowsRead;
import io.lazuli.storage.store.RowsWanted;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.ObjIntConsumer;

/**
 * Reads rows of blobs past the ranges' actors: rows and the range's header, all as of one moment behind the read barrier; what was read
 * counts if the header says that the range serves these keys. Any thread.
 */
final class BlobReads {

    /** Of one call: the header comes besides. */
    static final int MAX_KEYS = StoreLimits.MAX_READ_KEYS - 1;

    /**
     * Rows in key order, and single ones.
     *
     * @param values of the keys asked for, empty where there is no row; fewer than asked for if these fill an answer
     * @param next where the rows go on; null if there are no more before the end asked for
     * @param served whether the range serves them; false of a container that was deleted softly
     */
    record Page(List<Row> rows, List<Optional<byte[]>> values, byte[] next, boolean served) {}

    /** What must be true of a range's header for what was read of it to count. */
    interface Counts extends BiPredicate<RangeHeader, byte[]> {}

    private final RowStore store;
    private final ObjIntConsumer<PartitionId> counts;
    private final Executor working;
    private final Counts counting;

    /**
     * @param counts told of every read and the number of its rows
     * @param working where pages are looked at, because the few threads that read have no time for it
     */
    BlobReads(RowStore store, ObjIntConsumer<PartitionId> counts, Executor working) {
        this(store, counts, working, RangeHeader::serves);
    }

    private BlobReads(RowStore store, ObjIntConsumer<PartitionId> counts, Executor working, Counts counting) {
        this.counting = counting;
        this.store = store;
        this.counts = counts;
        this.working = working;
    }

    /** Reads what is deleted softly, too, and is not counted as load. */
    static BlobReads ofEverything(RowStore store, Executor working) {
        return new BlobReads(store, (range, rows) -> { }, working, RangeHeader::holds);
    }

    /** Rows of one blob: at least one of them, fewer than asked for if these fill an answer. At most {@link #MAX_KEYS}. */
    CompletionStage<List<Optional<byte[]>>> rows(ContainerRanges container, String blob, List<byte[]> keys) {
        byte[] key = BlobKeys.ofBlob(blob);
        return container.on(key, (range, timeout) -> {
            counts.accept(range.partition(), 0);
            RowsWanted wanted = new RowsWanted(Optional.empty(), withHeader(range.partition(), keys));
            return store.read(range.partition(), wanted, ReadPoint.latest()).thenApply(read -> header(read)
                    .filter(header -> counting.test(header, key))
                    .map(header -> behindHeader(read)));
        });
    }

    /**
     * Rows of the index, or of pending copies, from {@code from} on and before {@code to}, as many as one range and one answer hold, and rows of the blob that
     * {@code from} belongs to.
     */
    CompletionStage<Page> page(ContainerRanges container, byte[] from, byte[] to, int maxRows, List<byte[]> keys) {
        byte[] key = BlobKeys.ofRow(from);
        return container.on(key, (range, timeout) -> {
            byte[] end = earlier(to, rowEnd(from[0], range.high()));
            if (Arrays.compareUnsigned(from, end) >= 0) {
                throw new IllegalArgumentException("no rows to read");
            }
            RowRange rows = RowRange.ascending(from, end, Math.min(maxRows, StoreLimits.MAX_PAGE_ROWS));
            RowsWanted wanted = new RowsWanted(Optional.of(rows), withHeader(range.partition(), keys));
            return store.read(range.partition(), wanted, ReadPoint.latest()).thenApplyAsync(read -> {
                counts.accept(range.partition(), read.page().rows().size());
                return header(read).filter(header -> counting.test(header, key))
                        .map(header -> page(read, earlier(end, rowEnd(from[0], header.high())), to, header.serves(key)));
            }, working);
        });
    }

    /** Keys of rows of the blob's data from {@code from} on, as many as an answer holds. */
    CompletionStage<Page> data(ContainerRanges container, String blob, byte[] from) {
        byte[] key = BlobKeys.ofBlob(blob);
        byte[] to = BlobRows.dataBehind(blob);
        return container.on(key, (range, timeout) -> {
            RowsWanted wanted = new RowsWanted(
                    Optional.of(RowRange.ascending(from, to, StoreLimits.MAX_PAGE_ROWS)), withHeader(range.partition(), List.of()));
            return store.read(range.partition(), wanted, ReadPoint.latest()).thenApply(read ->
                    header(read).filter(header -> counting.test(header, key)).map(header -> page(read, to, to, header.serves(key))));
        });
    }

    /** @param end of what the range served */
    private static Page page(RowsRead read, byte[] end, byte[] to, boolean isServed) {
        List<Row> rows = read.page().rows();
        int served = rows.size();
        while (served > 0 && Arrays.compareUnsigned(rows.get(served - 1).key(), end) >= 0) {
            served--;
        }
        byte[] next = null;
        if (served == rows.size() && read.page().more()) {
            byte[] last = rows.getLast().key();
            next = Arrays.copyOf(last, last.length + 1);
        } else if (Arrays.compareUnsigned(end, to) < 0) {
            next = end;
        }
        return new Page(rows.subList(0, served), behindHeader(read), next, isServed);
    }

    private static byte[] rowEnd(byte tag, byte[] high) {
        return high.length == 0 ? new byte[] {(byte) (tag + 1)} : RangeRows.rowKey(tag, high);
    }

    private static byte[] earlier(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other) <= 0 ? one : other;
    }

    private static List<byte[]> withHeader(PartitionId range, List<byte[]> keys) {
        List<byte[]> all = new ArrayList<>(keys.size() + 1);
        all.add(RangeRows.headerKey(range.name()));
        all.addAll(keys);
        return all;
    }

    private static Optional<RangeHeader> header(RowsRead read) {
        return read.values().getFirst().map(RangeHeader::decode);
    }

    private static List<Optional<byte[]>> behindHeader(RowsRead read) {
        return read.values().subList(1, read.values().size());
    }
}
