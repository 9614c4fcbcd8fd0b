package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.RangePlan.Decision;
import io.lazuli.storage.partition.table.directory.TableDirectory.IntentSettled;
import io.lazuli.storage.partition.table.directory.TableDirectory.OutcomeSettled;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out what is decided about the ranges of an account's tables: at most one action per table, each through the steps of its
 * {@link RangeIntent}. Owned by a directory's actor.
 *
 * <pre>
 * (split: asking where) --> committing intent --> telling ranges --> committing outcome --> ended, or on with the next intent
 *                                                    | (a move that the source gave up for good: Failed)
 *                                                    +--> committing Clear(target) --> telling ranges ...
 * </pre>
 */
final class RangeActions {

    static final class Action {

        private final long table;
        /** Null while a split is looking for its key. */
        private RangeIntent intent;
        private int step;
        private Errands.Errand errand;
        private boolean givenUp;

        private Action(long table, RangeIntent intent) {
            this.table = table;
            this.intent = intent;
        }
    }

    private final Incarnation incarnation;
    private final Errands errands;
    private final RangeWatch watch;
    private final Map<Long, Action> byTable = new HashMap<>();

    RangeActions(Incarnation incarnation, Errands errands, RangeWatch watch) {
        this.incarnation = incarnation;
        this.errands = errands;
        this.watch = watch;
    }

    boolean isEmpty() {
        return byTable.isEmpty();
    }

    boolean isUnderWay(long table) {
        return byTable.containsKey(table);
    }

    boolean mayMove() {
        return byTable.values().stream().noneMatch(action ->
                action.intent instanceof RangeIntent.Move || action.intent instanceof RangeIntent.Clear);
    }

    Optional<RangeIntent> intent(long table) {
        return Optional.ofNullable(byTable.get(table)).map(action -> action.intent);
    }

    /** Takes up an intent that a former owner left. */
    void resume(Row row) {
        Action action = new Action(TableDirectoryRows.numberOf(row.key()), TableDirectoryRows.intentOf(row.value()));
        byTable.put(action.table, action);
        drive(action);
    }

    /** The table is watched and nothing is under way with it. */
    void begin(Decision decision, WatchedTable table) {
        if (byTable.size() >= TableDirectorySettings.MAX_ACTIONS) {
            return;
        }
        Action action = new Action(decision.table(), null);
        byTable.put(action.table, action);
        incarnation.context.getLog().info("directory {}: {}", incarnation.partition, decision);
        switch (decision) {
            case RangePlan.Split split -> findSplitKey(action, split.range());
            case RangePlan.Merge merge -> commitIntent(action, new RangeIntent.Merge(
                    merge.lower(), table.lowOf(merge.upper()), merge.upper(), table.highOf(merge.upper())));
            case RangePlan.Move move -> commitIntent(action, new RangeIntent.Move(
                    table.lowOf(move.range()), move.range(), incarnation.newRange(action.table, move.group())));
        }
    }

    /** The table is being deleted: nothing more happens to its ranges from here. */
    void giveUp(long table) {
        Action action = byTable.remove(table);
        if (action != null) {
            action.givenUp = true;
            if (action.errand != null) {
                action.errand.drop();
            }
        }
    }

    private void findSplitKey(Action action, PartitionId range) {
        action.errand = errands.tell(replyTo -> new RangeRequest.FindSplitKey(range.toString(), replyTo),
                incarnation.settings().rangeTimeoutMillis(), reply -> {
                    Optional<WatchedTable> table = watch.table(action.table).filter(watched -> watched.holds(range));
                    if (reply instanceof RangeReply.SplitKey found && table.isPresent() && divides(found.key(), table.get(), range)) {
                        commitIntent(action, new RangeIntent.Split(
                                range, found.key(), incarnation.newRange(action.table, range.group())));
                    } else {
                        if (reply instanceof RangeReply.SplitKey) {
                            table.ifPresent(watched -> watched.unsplittable(range, incarnation.nowMillis()));
                        }
                        end(action);
                    }
                    return true;
                });
    }

    private static boolean divides(byte[] key, WatchedTable table, PartitionId range) {
        byte[] high = table.highOf(range);
        return Arrays.compareUnsigned(key, table.lowOf(range)) > 0 && (high.length == 0 || Arrays.compareUnsigned(key, high) < 0);
    }

    private void commitIntent(Action action, RangeIntent intent) {
        action.intent = intent;
        action.step = 0;
        incarnation.commit(
                List.of(incarnation.counter(),
                        new RowOp.Put(TableDirectoryRows.intentKey(action.table), TableDirectoryRows.intentValue(intent))),
                (at, error) -> new IntentSettled(incarnation.epoch, action, at, error));
    }

    void settled(IntentSettled settled) {
        if (!settled.action().givenUp) {
            drive(settled.action());
        }
    }

    private void drive(Action action) {
        List<RangeIntent.Order> orders = action.intent.orders();
        if (action.step == orders.size()) {
            commitOutcome(action);
            return;
        }
        action.errand = errands.tell(orders.get(action.step), incarnation.settings().rangeTimeoutMillis(), reply -> switch (reply) {
            case RangeReply.Done done -> {
                action.step++;
                drive(action);
                yield true;
            }
            case RangeReply.Failed failed when action.intent instanceof RangeIntent.Move move -> {
                incarnation.context.getLog().info("directory {}: the source gave up {}", incarnation.partition, move);
                watch.table(action.table).ifPresent(table -> table.unmovable(move.source(), incarnation.nowMillis()));
                commitIntent(action, new RangeIntent.Clear(move.target()));
                yield true;
            }
            case null, default -> false;
        });
    }

    private void commitOutcome(Action action) {
        List<RowOp> ops = new ArrayList<>(action.intent.outcome(action.table));
        byte[] key = TableDirectoryRows.intentKey(action.table);
        ops.add(action.intent.next()
                .<RowOp>map(next -> new RowOp.Put(key, TableDirectoryRows.intentValue(next)))
                .orElseGet(() -> new RowOp.Delete(key)));
        incarnation.commit(ops, (at, error) -> new OutcomeSettled(incarnation.epoch, action, at, error));
    }

    void settled(OutcomeSettled settled) {
        Action action = settled.action();
        if (action.givenUp) {
            return;
        }
        watch.happened(action.table, action.intent);
        Optional<RangeIntent> next = action.intent.next();
        if (next.isPresent()) {
            action.intent = next.get();
            action.step = 0;
            drive(action);
        } else {
            end(action);
        }
    }

    private void end(Action action) {
        byTable.remove(action.table, action);
    }
}
