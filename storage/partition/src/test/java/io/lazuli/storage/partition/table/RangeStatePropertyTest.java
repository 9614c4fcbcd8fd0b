package io.lazuli.storage.partition.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.table.RangeMove.Result;
import io.lazuli.storage.partition.table.RangeMove.Step;
import io.lazuli.storage.partition.table.RangeState.Decision;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random writes, rows that are read early and arrive late, batches that become durable late, crashes, and a move to another group in
 * the midst of it: whatever happens, each write is answered as a naive model answers it, what is durable is what the model held when
 * the batch was sealed, and never do both the source and the target serve.
 */
class RangeStatePropertyTest {

    private static final PartitionId SOURCE = PartitionId.parse("1.t.account-7/1");
    private static final PartitionId TARGET = PartitionId.parse("2.t.account-7/2");
    private static final byte[] EDGE = {};
    private static final int RUNS = 600;
    private static final int STEPS = 500;
    private static final int PAGE_ROWS = 2;
    private static final int READ_ROWS = 3;

    @Test
    void answersAsTheModelDoes() {
        long firstSeed = System.nanoTime();
        int moved = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = firstSeed + run;
            try {
                moved += new Run(seed).go() ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(moved > RUNS / 40, "so few moves came to an end: " + moved);
    }

    /** An entity as the model has it. */
    private record Entity(long ticks, Map<String, String> properties) {}

    private record Pending(RangeRequest.Write request, LookUp lookUp) {}

    /** Rows read and not yet arrived: of the first missing keys. */
    private record Underway(Pending pending, List<Optional<byte[]>> rows) {}

    private record MoveRead(LookUp lookUp, List<RowKey> keys, List<Optional<byte[]>> rows) {}

    private static final class Run {

        private final Random random;
        private final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        private final NavigableMap<byte[], byte[]> targetRows = new TreeMap<>(Arrays::compareUnsigned);
        private final Deque<DecidedRows.Sealed> sealed = new ArrayDeque<>();
        private final Deque<TreeMap<RowKey, Entity>> atSeals = new ArrayDeque<>();
        private final List<Pending> waiting = new ArrayList<>();
        private final List<Underway> underway = new ArrayList<>();
        private final List<Pending> complete = new ArrayList<>();
        private TreeMap<RowKey, Entity> model = new TreeMap<>();
        private TreeMap<RowKey, Entity> durable = new TreeMap<>();
        private RangeState<?> state;
        private RangeMove move;
        private Step moveStep;
        private Result moveResult;
        private MoveRead moveRead;
        private long handOverBatch;
        private boolean ended;
        private long nowTicks = 1_000;

        Run(long seed) {
            random = new Random(seed);
            restart();
            decide(new RangeRequest.Initialize(SOURCE.toString(), EDGE, EDGE, null), nothingThere());
            seal();
            makeOldestDurable();
        }

        /** Whether the range has moved. */
        boolean go() {
            for (int step = 0; step < STEPS && !ended; step++) {
                switch (random.nextInt(16)) {
                    case 0, 1, 2, 3 -> write();
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

        private void write() {
            if (move != null && move.holds()) {
                return;
            }
            List<EntityWrite> writes = new ArrayList<>();
            String partitionKey = "p" + random.nextInt(3);
            int first = random.nextInt(4);
            for (int i = 0; i <= random.nextInt(2); i++) {
                EntityWrite.Kind kind = EntityWrite.Kind.values()[random.nextInt(EntityWrite.Kind.values().length)];
                writes.add(new EntityWrite(kind, new EntityKey(partitionKey, "r" + (first + i)), kind == EntityWrite.Kind.DELETE
                        ? new byte[0]
                        : EntityProperties.encode(Map.of("n" + random.nextInt(3), new EdmValue.OfString("v" + random.nextInt(100)))),
                        random.nextBoolean() ? EntityWrite.ANY_VERSION : anyTicks()));
            }
            if (writes.size() == 2 && random.nextInt(20) == 0) {
                writes.set(1, writes.get(0));
            }
            pend(new RangeRequest.Write(SOURCE.toString(), writes, null));
        }

        private long anyTicks() {
            return model.isEmpty() ? 1 : new ArrayList<>(model.values()).get(random.nextInt(model.size())).ticks;
        }

        private void pend(RangeRequest.Write request) {
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
            if (complete.isEmpty() || move != null && move.holds()) {
                return;
            }
            Pending pending = complete.remove(random.nextInt(complete.size()));
            switch (state.decide(pending.request, pending.lookUp, nowTicks)) {
                case Decision.Answer answer -> compare(pending.request.writes(), answer.reply());
                case Decision.LookAgain again -> pend(pending.request);
                case Decision other -> throw new AssertionError("a write was answered with " + other);
            }
        }

        private void compare(List<EntityWrite> writes, RangeReply reply) {
            if (!state.live()) {
                assertEquals(new RangeReply.Moved(), reply);
                return;
            }
            TreeMap<RowKey, Entity> next = new TreeMap<>(model);
            for (int i = 0; i < writes.size(); i++) {
                EntityWrite write = writes.get(i);
                RowKey key = keyOf(write);
                if (i > 0 && writes.get(0).key().equals(write.key())) {
                    assertEquals(new RangeReply.Failed(i, StorageErrorCode.INVALID_INPUT), reply);
                    return;
                }
                Optional<StorageErrorCode> refusal = refusal(write, model.get(key));
                if (refusal.isPresent() && !(writes.size() > 1 && writes.get(0).key().equals(writes.get(1).key()))) {
                    assertEquals(new RangeReply.Failed(i, refusal.get()), reply);
                    return;
                }
            }
            RangeReply.Written written = assertInstanceOf(RangeReply.Written.class, reply);
            for (int i = 0; i < writes.size(); i++) {
                apply(writes.get(i), written.ticks().get(i), next);
            }
            model = next;
        }

        private void apply(EntityWrite write, long ticks, Map<RowKey, Entity> next) {
            RowKey key = keyOf(write);
            Entity former = next.get(key);
            if (write.kind() == EntityWrite.Kind.DELETE) {
                assertEquals(0, ticks);
                next.remove(key);
                return;
            }
            assertTrue(ticks >= nowTicks);
            next.values().forEach(entity -> assertTrue(ticks > entity.ticks, "a Timestamp is newer than all before"));
            boolean merge = write.kind() == EntityWrite.Kind.MERGE || write.kind() == EntityWrite.Kind.UPSERT_MERGE;
            Map<String, String> properties = new LinkedHashMap<>(merge && former != null ? former.properties : Map.of());
            properties.putAll(texts(write.properties()));
            next.put(key, new Entity(ticks, properties));
        }

        private static Optional<StorageErrorCode> refusal(EntityWrite write, Entity present) {
            return switch (write.kind()) {
                case UPSERT_MERGE, UPSERT_REPLACE -> Optional.empty();
                case INSERT -> present == null ? Optional.empty() : Optional.of(StorageErrorCode.ENTITY_ALREADY_EXISTS);
                case REPLACE, MERGE, DELETE -> present == null ? Optional.of(StorageErrorCode.RESOURCE_NOT_FOUND)
                        : write.ifMatchTicks() == EntityWrite.ANY_VERSION || write.ifMatchTicks() == present.ticks ? Optional.empty()
                        : Optional.of(StorageErrorCode.UPDATE_CONDITION_NOT_SATISFIED);
            };
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
            DecidedRows.Sealed batch = sealed.remove();
            batch.ops().forEach(op -> apply(rows, op));
            durable = atSeals.remove();
            state.durable(batch.batch());
            assertEquals(durable, entities(rows));
            RangeSize size = RangeSize.of(row(RangeRows.sizeKey(SOURCE.name())));
            assertEquals(durable.size(), size.entities());
            assertEquals(rows.entrySet().stream().filter(row -> row.getKey()[0] == RangeRows.INDEX)
                    .mapToLong(row -> row.getKey().length + row.getValue().length).sum(), size.bytes());
            if (handOverBatch > 0 && batch.batch() >= handOverBatch) {
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
            state = new RangeState<>(SOURCE, new EntityLogic(), row(RangeRows.headerKey(SOURCE.name())).map(RangeHeader::decode),
                    RangeSize.of(row(RangeRows.sizeKey(SOURCE.name()))), random.nextInt(200));
        }

        private void beginMove() {
            if (move == null) {
                move = new RangeMove(state.header().orElseThrow(), state.size(), new EntityLogic().tags(), TARGET.name(), PAGE_ROWS, 100);
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
                        moveResult = new Result.TargetHeader(Optional.ofNullable(targetRows.get(RangeRows.headerKey(TARGET.name()))));
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
                case Step.HandOver handOver -> handOverBatch = state.handOver(TARGET.toString());
                case Step.End end -> {
                    assertEquals(new RangeReply.Done(), end.reply());
                    assertEquals(model, entities(targetRows));
                    assertEquals(durable, model);
                    assertEquals(RangeSize.of(row(RangeRows.sizeKey(SOURCE.name()))),
                            RangeSize.of(Optional.ofNullable(targetRows.get(RangeRows.sizeKey(TARGET.name())))));
                    assertTrue(serves(targetRows, TARGET));
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
            assertTrue(!serves(rows, SOURCE) || !serves(targetRows, TARGET));
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

        private static TreeMap<RowKey, Entity> entities(Map<byte[], byte[]> rows) {
            TreeMap<RowKey, Entity> entities = new TreeMap<>();
            rows.forEach((key, value) -> {
                if (key[0] == RangeRows.INDEX) {
                    entities.put(new RowKey(key), new Entity(RangeRows.ticks(value), texts(RangeRows.properties(value))));
                }
            });
            return entities;
        }

        private static Map<String, String> texts(byte[] properties) {
            Map<String, String> texts = new LinkedHashMap<>();
            EntityProperties.decode(properties).forEach((name, value) -> texts.put(name, ((EdmValue.OfString) value).value()));
            return texts;
        }

        private static RowKey keyOf(EntityWrite write) {
            return new RowKey(RangeRows.entityKey(write.key().encode()));
        }

        private void occasionally(int oneIn, Runnable action) {
            if (random.nextInt(oneIn) == 0) {
                action.run();
            }
        }
    }
}
