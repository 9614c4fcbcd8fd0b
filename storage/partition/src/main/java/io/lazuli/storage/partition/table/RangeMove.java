package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The way of a range to another group, step by step; pure: what is to be done comes out, what came of it goes in. The range serves
 * while its rows are copied, and what changes meanwhile (<em>dirty</em> keys) is copied anew, until so few are left that requests can be
 * held back for the last round. A range deletion is made at the target before anything that is read after it was decided: so what it
 * takes away there is either gone here, too, or dirty.
 *
 * <pre>
 * LOOKING --> CLAIMING --> LOOKING_AGAIN --> CONFIRMING --> PREPARING --> COPYING --all pages--> CATCHING_UP --few dirty--> LAST_ROUND
 *                              | own range is MOVED already                          |                         | none dirty
 *                              v                                                     | too many dirty,         v
 *                         COMPLETING &lt;--own header is durable-- HANDING_OVER         v held too long      HANDING_OVER
 *                              v                                                 CLEANING
 *                            ended                                                   v
 *                                                                                  ended
 * </pre>
 *
 * <p>The order of the commits is what makes it safe at every crash: the target is whole before the source's header says MOVED, and
 * that is durable before the target's says LIVE. So never do both serve; and what a crash leaves is either a source that serves and
 * a target that is IMPORTING (the next try begins by deleting its rows), or a source that is MOVED and a target that is whole
 * (the next try makes it LIVE). Each try claims the target first, so that an earlier one can no longer write to it, and then makes
 * sure that it is still the source's owner before it changes anything there: an owner that was cut off and claims the target late
 * would otherwise delete what its successor has copied. A successor that comes after that claims the target after it, too.
 *
 * <p>Bounded: dirty keys and range deletions by {@code maxDirtyKeys}; one page or one round of rows at a time.
 */
final class RangeMove implements ChangeListener {

    /** Requests are held back while so many are copied for the last time. */
    static final int LAST_ROUND_KEYS = 256;
    private static final int ROUND_BYTES = 4 << 20;

    /** What is to be done next. */
    sealed interface Step {

        /** Read the target's header. */
        record LookAtTarget() implements Step {}

        record ClaimTarget() implements Step {}

        /** Prove that the own range has not been claimed anew. */
        record ConfirmSource() implements Step {}

        record CommitToTarget(List<RowOp> ops) implements Step {}

        /** Read own rows, and tell {@link #changed} of all that are decided and not durable. */
        record ReadPage(RowRange range) implements Step {}

        /** Read these own rows as decided by now, or as many of the first as can be read at once. */
        record ReadRows(List<RowKey> keys) implements Step {}

        /** Put the MOVED header into the next batch. Comes when nothing has changed since the last round. */
        record HandOver() implements Step {}

        record End(RangeReply reply) implements Step {}
    }

    /** What came of the last step. */
    sealed interface Result {

        record TargetHeader(Optional<byte[]> row) implements Result {}

        record Claimed() implements Result {}

        record Confirmed() implements Result {}

        record Committed() implements Result {}

        record Page(RowPage page) implements Result {}

        record Rows(List<RangeLogic.Seen> rows) implements Result {}

        /** The MOVED header is durable. */
        record HandedOver() implements Result {}
    }

    private enum Phase {
        LOOKING, CLAIMING, LOOKING_AGAIN, CONFIRMING, PREPARING, COPYING, CATCHING_UP, LAST_ROUND, HANDING_OVER, COMPLETING, CLEANING
    }

    private final RangeHeader own;
    private final byte[] targetHeaderKey;
    private final byte[] targetSizeKey;
    private final int pageRows;
    private final int maxDirtyKeys;
    private final boolean movedAlready;
    private final List<Byte> tags;
    private final LinkedHashSet<RowKey> dirty = new LinkedHashSet<>();
    /** Range deletions that the target has not seen, in their order. */
    private List<RowOp> dropped = new ArrayList<>();
    private Phase phase = Phase.LOOKING;
    private List<RowKey> round = List.of();
    private RangeSize size;
    /** Where the next page begins, null when all was copied; rows are copied in the order of their whole keys. */
    private byte[] cursor;
    /** Of the span that the cursor is in. */
    private int tagIndex;
    private boolean readingPage;
    private boolean givingUp;
    private long heldSinceNanos;

    /**
     * @param own the range's present header: LIVE, or MOVED if only the target is to be completed
     * @param tags of its rows, ascending
     * @param target name of the target's partition
     */
    RangeMove(RangeHeader own, RangeSize size, List<Byte> tags, String target, int pageRows, int maxDirtyKeys) {
        this.own = own;
        this.tags = tags;
        this.size = size;
        this.targetHeaderKey = RangeRows.headerKey(target);
        this.targetSizeKey = RangeRows.sizeKey(target);
        this.pageRows = pageRows;
        this.maxDirtyKeys = maxDirtyKeys;
        this.movedAlready = own.state() == RangeHeader.State.MOVED;
        this.cursor = RangeRows.rowKey(tags.getFirst(), own.low());
    }

    Step begin() {
        return new Step.LookAtTarget();
    }

    /** A row was changed: decided, not necessarily durable. */
    @Override
    public void changed(RowKey key) {
        if (givingUp || isToBeCopied(key.bytes())) {
            return;
        }
        dirty.add(key);
        giveUpIfTooDirty();
    }

    /** Rows were deleted as a range: decided, not necessarily durable. */
    @Override
    public void dropped(byte[] from, byte[] to) {
        if (givingUp || isToBeCopied(from)) {
            return;
        }
        dropped.add(new RowOp.DeleteRange(from, to));
        giveUpIfTooDirty();
    }

    private boolean isToBeCopied(byte[] rowKey) {
        return cursor != null && !readingPage && Arrays.compareUnsigned(rowKey, cursor) >= 0;
    }

    private void giveUpIfTooDirty() {
        if (dirty.size() + dropped.size() > maxDirtyKeys) {
            giveUp();
        }
    }

    /** Whether no request may be decided now. */
    boolean holds() {
        return phase == Phase.LAST_ROUND && !givingUp;
    }

    boolean heldFor(long nanos, long nowNanos) {
        return holds() && nowNanos - heldSinceNanos >= nanos;
    }

    /** The range serves on, and the target never will; unless it is too late, then nothing happens. */
    void giveUp() {
        if (phase != Phase.HANDING_OVER && phase != Phase.COMPLETING) {
            givingUp = true;
            dirty.clear();
            dropped.clear();
        }
    }

    /** @param size of the range, as decided by now */
    Step next(Result result, RangeSize sizeNow, long nowNanos) {
        size = sizeNow;
        return switch (phase) {
            case LOOKING -> looked(header(result), false);
            case CLAIMING -> to(Phase.LOOKING_AGAIN, new Step.LookAtTarget());
            case LOOKING_AGAIN -> looked(header(result), true);
            case CONFIRMING -> to(Phase.PREPARING, new Step.CommitToTarget(withoutRows(
                    new RowOp.Put(targetHeaderKey, own.become(RangeHeader.State.IMPORTING).encode()))));
            case PREPARING -> goOn(nowNanos);
            case COPYING -> result instanceof Result.Page page ? copied(page.page()) : goOn(nowNanos);
            case CATCHING_UP, LAST_ROUND -> result instanceof Result.Rows rows ? copied(rows.rows()) : goOn(nowNanos);
            case HANDING_OVER -> complete();
            case COMPLETING -> new Step.End(new RangeReply.Done());
            case CLEANING -> new Step.End(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY));
        };
    }

    /** The last step failed at the target: nobody knows how far it came. */
    Step failed() {
        return new Step.End(new RangeReply.Refused(StorageErrorCode.SERVER_BUSY));
    }

    private static Optional<RangeHeader> header(Result result) {
        return ((Result.TargetHeader) result).row().map(RangeHeader::decode);
    }

    private Step looked(Optional<RangeHeader> target, boolean claimed) {
        boolean importing = target.isPresent() && target.get().state() == RangeHeader.State.IMPORTING;
        if (movedAlready && target.isPresent() && !importing) {
            return new Step.End(new RangeReply.Done());
        }
        if (movedAlready && target.isEmpty()) {
            return failed();
        }
        if (target.isPresent() && !importing) {
            return new Step.End(new RangeReply.Failed(0, StorageErrorCode.SERVER_BUSY));
        }
        if (!claimed) {
            return to(Phase.CLAIMING, new Step.ClaimTarget());
        }
        return movedAlready ? complete() : to(Phase.CONFIRMING, new Step.ConfirmSource());
    }

    private Step goOn(long nowNanos) {
        if (givingUp) {
            return to(Phase.CLEANING, new Step.CommitToTarget(withoutRows(
                    new RowOp.Delete(targetSizeKey), new RowOp.Put(targetHeaderKey, RangeHeader.NEVER_AGAIN.encode()))));
        }
        if (!dropped.isEmpty()) {
            List<RowOp> deletions = dropped;
            dropped = new ArrayList<>();
            return new Step.CommitToTarget(deletions);
        }
        if (cursor != null) {
            readingPage = true;
            return to(Phase.COPYING, new Step.ReadPage(
                    new RowRange(cursor, RangeRows.rowEnd(tags.get(tagIndex), own.high()), pageRows, StoreLimits.MAX_PAGE_BYTES, false)));
        }
        if (phase != Phase.LAST_ROUND && dirty.size() <= LAST_ROUND_KEYS) {
            heldSinceNanos = nowNanos;
            phase = Phase.LAST_ROUND;
        }
        if (dirty.isEmpty()) {
            return to(Phase.HANDING_OVER, new Step.HandOver());
        }
        round = dirty.stream().limit(StoreLimits.MAX_READ_KEYS).toList();
        round.forEach(dirty::remove);
        return to(phase == Phase.LAST_ROUND ? Phase.LAST_ROUND : Phase.CATCHING_UP, new Step.ReadRows(round));
    }

    private Step copied(RowPage page) {
        readingPage = false;
        byte[] last = page.more() ? page.rows().getLast().key() : null;
        if (last != null) {
            cursor = Arrays.copyOf(last, last.length + 1);
        } else {
            tagIndex++;
            cursor = tagIndex < tags.size() ? RangeRows.rowKey(tags.get(tagIndex), own.low()) : null;
        }
        List<RowOp> ops = new ArrayList<>(page.rows().size() + 1);
        for (Row row : page.rows()) {
            ops.add(new RowOp.Put(row.key(), row.value()));
        }
        ops.add(new RowOp.Put(targetSizeKey, size.encode()));
        return new Step.CommitToTarget(ops);
    }

    private Step copied(List<RangeLogic.Seen> rows) {
        List<RowOp> ops = new ArrayList<>(rows.size());
        long bytes = 0;
        int copied = 0;
        while (copied < rows.size() && bytes < ROUND_BYTES) {
            RangeLogic.Seen row = rows.get(copied);
            byte[] key = round.get(copied).bytes();
            ops.add(row.exists() ? new RowOp.Put(key, row.value()) : new RowOp.Delete(key));
            bytes += key.length + row.bytes();
            copied++;
        }
        if (!givingUp) {
            dirty.addAll(round.subList(copied, round.size()));
        }
        return new Step.CommitToTarget(ops);
    }

    private Step complete() {
        return to(Phase.COMPLETING, new Step.CommitToTarget(List.of(
                new RowOp.Put(targetHeaderKey, own.become(RangeHeader.State.LIVE).encode()),
                new RowOp.Put(targetSizeKey, size.encode()))));
    }

    private List<RowOp> withoutRows(RowOp... others) {
        List<RowOp> ops = new ArrayList<>();
        tags.forEach(tag -> ops.add(new RowOp.DeleteRange(RangeRows.rowKey(tag, own.low()), RangeRows.rowEnd(tag, own.high()))));
        ops.addAll(List.of(others));
        return ops;
    }

    private Step to(Phase next, Step step) {
        phase = next;
        return step;
    }
}
