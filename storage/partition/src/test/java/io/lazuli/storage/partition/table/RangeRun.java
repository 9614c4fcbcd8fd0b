package io.lazuli.storage.partition.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.SealedBatch;
import io.lazuli.storage.partition.table.RangeMove.Result;
import io.lazuli.storage.partition.table.RangeMove.Step;
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
import java.util.Random;
import java.util.TreeMap;

/**
 * Random changes, rows that are read early and arrive late, batches that become durable late, crashes, and a move to another group in the
 * midst of it: whatever happens, each change is answered as a naive model answers it, what is durable is what the model held when the
 * batch was sealed, and never do both the source and the target serve.
 *
 * @param <V> a row's value in the model
 */
abstract class RangeRun<V> {

    private static final byte[] EDGE = {};
    private static final int STEPS = 500;
    private static final int PAGE_ROWS = 2;
    private static final int READ_ROWS = 3;

    interface Maker {

        RangeRun<?> of(long seed);
    }

    /** Of some hundreds of runs some come to the end of a move. */
    static void many(int runs, Maker maker) {
        long firstSeed = System.nanoTime();
        int moved = 0;
        for (int run = 0; run < runs; run++) {
            long seed = firstSeed + run;
            try {
                moved += maker.of(seed).go() ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(moved > runs / 40, "so few moves came to an end: " + moved);
    }

    private record Pending(RangeRequest request, LookUp lookUp) {}

    /** Rows read and not yet arrived: of the first missing keys. */
    private record Underway(Pending pending, List<Optional<byte[]>> rows) {}

    private record MoveRead(LookUp lookUp, List<RowKey> keys, List<Optional<byte[]>> rows) {}

    final Random random;
    final PartitionId source;
    final PartitionId target;
    private final RangeLogic<?> logic;
    private final int moreMoveSteps;
    private final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    private final NavigableMap<byte[], byte[]> targetRows = new TreeMap<>(Arrays::compareUnsigned);
    private final Deque<SealedBatch> sealed = new ArrayDeque<>();
    private final Deque<TreeMap<RowKey, V>> atSeals = new ArrayDeque<>();
    private final List<Pending> waiting = new ArrayList<>();
    private final List<Underway> underway = new ArrayList<>();
    private final List<Pending> complete = new ArrayList<>();
    TreeMap<RowKey, V> model = new TreeMap<>();
    private TreeMap<RowKey, V> durable = new TreeMap<>();
    RangeState<?> state;
    private RangeMove move;
    private Step moveStep;
    private Result moveResult;
    private MoveRead moveRead;
    private long handOverBatch;
    private boolean ended;
    long nowTicks = 1_000;

    /** @param moreMoveSteps how many more of its steps are those of a move; at 0 it is one of 16 */
    RangeRun(RangeLogic<?> logic, PartitionId source, PartitionId target, int moreMoveSteps, long seed) {
        this.logic = logic;
        this.moreMoveSteps = moreMoveSteps;
        this.source = source;
        this.target = target;
        random = new Random(seed);
        restart();
        decide(new RangeRequest.Initialize(source.toString(), EDGE, EDGE, null), nothingThere());
        seal();
        makeOldestDurable();
    }

    /** Whether the range has moved. */
    boolean go() {
        for (int step = 0; step < STEPS && !ended; step++) {
            switch (random.nextInt(16 + moreMoveSteps)) {
                case 0, 1, 2, 3 -> request();
                case 4, 5 -> read();
                case 6, 7 -> arrive();
                case 8, 9 -> decideOne();
                case 10 -> seal();
                case 11 -> makeOldestDurable();
                case 12 -> nowTicks += random.nextInt(3);
                case 13 -> occasionally(30, this::crash);
                case 14 -> occasionally(10, this::beginMove);
                default -> stepMove();
            }
            neverBothServe();
        }
        if (!ended) {
            crash();
        }
        return ended;
    }

    private void pend(RangeRequest request) {
        Pending pending = new Pending(request, state.lookUp(request));
        (pending.lookUp.complete() ? complete : waiting).add(pending);
    }

    /** Sees the rows as they are now. */
    private void read() {
        if (!waiting.isEmpty()) {
            Pending pending = waiting.remove(random.nextInt(waiting.size()));
            underway.add(new Underway(pending, pending.lookUp.missing(1 + random.nextInt(2)).stream().map(this::row).toList()));
        }
    }

    private void arrive() {
        if (!underway.isEmpty()) {
            Underway arriving = underway.remove(random.nextInt(underway.size()));
            arriving.pending.lookUp.found(arriving.rows);
            (arriving.pending.lookUp.complete() ? complete : waiting).add(arriving.pending);
        }
    }

    private void decideOne() {
        if (complete.isEmpty() || !decides()) {
            return;
        }
        Pending pending = complete.remove(random.nextInt(complete.size()));
        switch (state.decide(pending.request, pending.lookUp, nowTicks)) {
            case Decision.Answer answer -> answered(pending.request, answer.reply());
            case Decision.LookAgain again -> pend(pending.request);
            case Decision.LookOn further -> (pending.lookUp.complete() ? complete : waiting).add(pending);
            case Decision other -> throw new AssertionError("a write was answered with " + other);
        }
    }

    private void seal() {
        if (state.hasChanges()) {
            sealed.add(state.seal());
            atSeals.add(new TreeMap<>(model));
        }
    }

    private void makeOldestDurable() {
        if (sealed.isEmpty()) {
            return;
        }
        SealedBatch batch = sealed.remove();
        batch.ops().forEach(op -> apply(rows, op));
        durable = atSeals.remove();
        state.durable(batch.number());
        assertEquals(durable, content(rows));
        checkSize(RangeSize.of(row(RangeRows.sizeKey(source.name()))), rows);
        if (handOverBatch > 0 && batch.number() >= handOverBatch) {
            handOverBatch = 0;
            moveResult = new Result.HandedOver();
        }
    }

    /** Forgets everything that is not durable. */
    private void crash() {
        model = new TreeMap<>(durable);
        restart();
    }

    private void restart() {
        sealed.clear();
        atSeals.clear();
        waiting.clear();
        underway.clear();
        complete.clear();
        move = null;
        moveRead = null;
        moveResult = null;
        handOverBatch = 0;
        state = new RangeState<>(source, logic, row(RangeRows.headerKey(source.name())).map(RangeHeader::decode),
                RangeSize.of(row(RangeRows.sizeKey(source.name()))), random.nextInt(200));
    }

    private void beginMove() {
        if (move == null) {
            move = new RangeMove(state.header().orElseThrow(), state.size(), logic.tags(), target.name(), PAGE_ROWS, 100);
            if (state.live()) {
                state.beginMove(move);
            }
            take(move.begin());
        }
    }

    /** A step is done in two: first rows are read or written, some time later its end arrives. */
    private void stepMove() {
        if (move == null || moveStep instanceof Step.HandOver && moveResult == null) {
            return;
        }
        if (moveResult != null || moveRead != null) {
            Result result = moveRead == null ? moveResult : resolved(moveRead);
            moveResult = null;
            moveRead = null;
            take(move.next(result, state.size(), 0));
            return;
        }
        switch (moveStep) {
            case Step.LookAtTarget look ->
                    moveResult = new Result.TargetHeader(Optional.ofNullable(targetRows.get(RangeRows.headerKey(target.name()))));
            case Step.ClaimTarget claim -> moveResult = new Result.Claimed();
            case Step.ConfirmSource confirm -> moveResult = new Result.Confirmed();
            case Step.CommitToTarget commit -> {
                commit.ops().forEach(op -> apply(targetRows, op));
                moveResult = new Result.Committed();
            }
            case Step.ReadPage read -> moveResult = new Result.Page(page(read.range()));
            case Step.ReadRows read -> {
                LookUp lookUp = state.lookUp(read.keys());
                moveRead = new MoveRead(lookUp, read.keys(), lookUp.missing(READ_ROWS).stream().map(this::row).toList());
            }
            case Step.HandOver handOver -> { }
            case Step.End end -> throw new AssertionError("it has ended");
        }
    }

    private void take(Step step) {
        moveStep = step;
        switch (step) {
            case Step.ReadPage read -> state.tellUndurable();
            case Step.HandOver handOver -> handOverBatch = state.handOver(target.toString());
            case Step.End end -> {
                assertEquals(new RangeReply.Done(), end.reply());
                assertEquals(model, content(targetRows));
                assertEquals(durable, model);
                assertEquals(RangeSize.of(row(RangeRows.sizeKey(source.name()))),
                        RangeSize.of(Optional.ofNullable(targetRows.get(RangeRows.sizeKey(target.name())))));
                assertTrue(serves(targetRows, target));
                ended = true;
            }
            case Step other -> { }
        }
    }

    private Result resolved(MoveRead read) {
        read.lookUp.found(read.rows);
        List<RangeLogic.Seen> seen = read.keys.stream().map(key -> state.row(key, read.lookUp)).takeWhile(row -> row != null).toList();
        state.dropped(read.lookUp);
        return new Result.Rows(seen);
    }

    private void neverBothServe() {
        assertTrue(!serves(rows, source) || !serves(targetRows, target));
    }

    private static boolean serves(Map<byte[], byte[]> rows, PartitionId range) {
        return Optional.ofNullable(rows.get(RangeRows.headerKey(range.name()))).map(RangeHeader::decode)
                .map(header -> header.state() == RangeHeader.State.LIVE).orElse(false);
    }

    private void decide(RangeRequest request, List<Optional<byte[]>> found) {
        LookUp lookUp = state.lookUp(request);
        lookUp.found(found);
        assertEquals(new Decision.Answer(new RangeReply.Done()), state.decide(request, lookUp, nowTicks));
    }

    private static List<Optional<byte[]>> nothingThere() {
        return List.of(Optional.empty(), Optional.empty());
    }

    private Optional<byte[]> row(byte[] key) {
        return Optional.ofNullable(rows.get(key));
    }

    private RowPage page(RowRange range) {
        List<Row> page = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> row : rows.subMap(range.fromInclusive(), true, range.toExclusive(), false).entrySet()) {
            if (page.size() == range.maxRows()) {
                return new RowPage(page, true);
            }
            page.add(new Row(row.getKey(), row.getValue()));
        }
        return new RowPage(page, false);
    }

    private static void apply(NavigableMap<byte[], byte[]> rows, RowOp op) {
        switch (op) {
            case RowOp.Put put -> rows.put(put.key(), put.value());
            case RowOp.Delete delete -> rows.remove(delete.key());
            case RowOp.DeleteRange range -> rows.subMap(range.fromInclusive(), true, range.toExclusive(), false).clear();
        }
    }

    private void occasionally(int oneIn, Runnable action) {
        if (random.nextInt(oneIn) == 0) {
            action.run();
        }
    }

    /** Whether a request may be decided now. */
    boolean decides() {
        return move == null || !move.holds();
    }

    private void request() {
        if (decides()) {
            pend(next());
        }
    }

    private void answered(RangeRequest request, RangeReply reply) {
        if (state.live()) {
            model = afterwards(request, reply);
        } else {
            assertEquals(new RangeReply.Moved(), reply);
        }
    }

    /** Some change. */
    abstract RangeRequest next();

    /** What the model holds after the request, which was answered like this; fails if that is not how the model answers it. */
    abstract TreeMap<RowKey, V> afterwards(RangeRequest request, RangeReply reply);

    /** What rows say, those of the range itself left out. */
    abstract TreeMap<RowKey, V> content(Map<byte[], byte[]> rows);

    abstract void checkSize(RangeSize size, Map<byte[], byte[]> rows);
}
