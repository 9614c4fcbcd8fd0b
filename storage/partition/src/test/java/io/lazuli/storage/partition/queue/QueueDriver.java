package io.lazuli.storage.partition.queue;

import io.lazuli.storage.partition.SealedBatch;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A {@link QueueState} with rows in a map: the test says when batches become durable and when reads come back. */
final class QueueDriver {

    final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    final Deque<SealedBatch> sealed = new ArrayDeque<>();
    private final List<Done> reads = new ArrayList<>();
    private final QueueLimits limits;
    private final LongSupplier random;
    QueueState state;
    int rowsScanned;
    int readsMade;

    private record Done(RowRead read, RowRead.Rows rows) {}

    QueueDriver(QueueLimits limits, LongSupplier random) {
        this.limits = limits;
        this.random = random;
        restart();
        state.initialize();
        settle(0);
    }

    /** Forgets everything that is not durable. */
    void restart() {
        sealed.clear();
        reads.clear();
        state = new QueueState(limits, random, QueueHeader.of(row(QueueRows.headerKey())), Progress.of(row(QueueRows.progressKey())));
    }

    /** Asks until rows that are missing were read. */
    QueueReply ask(Supplier<Decision> request, long nowMillis) {
        for (int attempts = 0; attempts < 1000; attempts++) {
            switch (request.get()) {
                case Decision.Answer answer -> {
                    return answer.reply();
                }
                case Decision.AwaitRows await -> {
                    begin(nowMillis);
                    if (reads.isEmpty()) {
                        throw new IllegalStateException("rows are awaited and none are read");
                    }
                    deliver(reads.size() - 1, nowMillis);
                }
                case Decision.LookUp lookUp -> throw new IllegalStateException("only delete and update look up");
            }
        }
        throw new IllegalStateException("no answer");
    }

    /** A delete or update, with its look-up if it needs one. */
    QueueReply ask(java.util.function.Function<RowRead.Rows.Found, Decision> request, Runnable whileReading, long nowMillis) {
        return switch (request.apply(null)) {
            case Decision.Answer answer -> answer.reply();
            case Decision.AwaitRows await -> throw new IllegalStateException("delete and update await no pages");
            case Decision.LookUp lookUp -> {
                RowRead.Rows found = read(lookUp.read());
                whileReading.run();
                state.loaded(lookUp.read(), found, nowMillis);
                yield ((Decision.Answer) request.apply((RowRead.Rows.Found) found)).reply();
            }
        };
    }

    /** Begins the reads that are wanted; they see the rows as they are now. */
    void begin(long nowMillis) {
        state.nextRead(nowMillis).ifPresent(read -> {
            reads.add(new Done(read, read(read)));
            begin(nowMillis);
        });
    }

    void beginSweep(long nowMillis) {
        state.nextSweep(nowMillis).ifPresent(read -> reads.add(new Done(read, read(read))));
    }

    int readsUnderWay() {
        return reads.size();
    }

    void deliver(int index, long nowMillis) {
        Done done = reads.remove(index);
        state.loaded(done.read, done.rows, nowMillis);
    }

    void seal() {
        if (state.hasChanges()) {
            sealed.add(state.seal());
        }
    }

    void makeOldestDurable() {
        SealedBatch batch = sealed.remove();
        batch.ops().forEach(this::apply);
        state.durable(batch.number());
    }

    /** What was decided so far becomes durable; null if it was nothing. */
    SealedBatch sealAndMakeDurable() {
        seal();
        SealedBatch last = sealed.peekLast();
        while (!sealed.isEmpty()) {
            makeOldestDurable();
        }
        return last;
    }

    /** Everything becomes durable, all reads come back. */
    void settle(long nowMillis) {
        do {
            seal();
            while (!sealed.isEmpty()) {
                makeOldestDurable();
            }
            begin(nowMillis);
            while (!reads.isEmpty()) {
                deliver(0, nowMillis);
                begin(nowMillis);
            }
        } while (state.hasChanges());
    }

    private Optional<byte[]> row(byte[] key) {
        return Optional.ofNullable(rows.get(key));
    }

    private void apply(RowOp op) {
        switch (op) {
            case RowOp.Put put -> rows.put(put.key(), put.value());
            case RowOp.Delete delete -> rows.remove(delete.key());
            case RowOp.DeleteRange range -> rows.subMap(range.fromInclusive(), true, range.toExclusive(), false).clear();
        }
    }

    private RowRead.Rows read(RowRead read) {
        readsMade++;
        return switch (read) {
            case RowRead.Scan scan -> new RowRead.Rows.Page(page(scan.range()));
            case RowRead.Texts texts -> new RowRead.Rows.Messages(texts.leases().stream()
                    .map(lease -> row(QueueRows.messageKey(lease.sequence()))).toList());
            case RowRead.LookUp lookUp -> {
                Optional<byte[]> lease = lookUp.leaseKey() == null ? Optional.empty() : row(lookUp.leaseKey());
                yield new RowRead.Rows.Found(lease, lease.isPresent() ? Optional.empty() : row(lookUp.messageKey()));
            }
        };
    }

    private RowPage page(RowRange range) {
        List<Row> page = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<byte[], byte[]> row : rows.subMap(range.fromInclusive(), true, range.toExclusive(), false).entrySet()) {
            if (page.size() == range.maxRows() || bytes >= range.maxBytes()) {
                return new RowPage(page, true);
            }
            page.add(new Row(row.getKey(), row.getValue()));
            bytes += row.getKey().length + row.getValue().length;
            rowsScanned++;
        }
        return new RowPage(page, false);
    }
}
