package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.OpenBatch;
import io.lazuli.storage.partition.SealedBatch;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.StoreLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One range: decides requests and says which rows change; what changes of rows mean is its {@link RangeLogic}'s. Knows no actor, no store and no clock. What is decided joins the batch
 * being collected ({@link #seal}); later decisions build on it before it is durable, which is safe because the batches of one
 * partition are applied in order and no answer is given before its batch is durable.
 *
 * <p>A request is decided on rows that were {@linkplain #lookUp looked up}, as of some durable batch; whatever has been decided since
 * is laid over them ({@link DecidedRows}, which also bounds the memory).
 */
final class RangeState<C> {

    /** Rows of one batch; the rest is for its encoding and the range's own rows. */
    static final int MAX_BATCH_BYTES = StoreLimits.MAX_BATCH_BYTES - (64 << 10);

    private final PartitionId partition;
    private final RangeLogic<C> logic;
    private final RowKey headerKey;
    private final RowKey sizeKey;
    private final DecidedRows rows;
    private ChangeListener listener = ChangeListener.NOBODY;
    private long changes;
    private boolean sizeChanged;
    private Optional<RangeHeader> header;
    private RangeSize size;
    private SplitKeySearch.Found measured;
    private boolean moving;

    RangeState(PartitionId partition, RangeLogic<C> logic, Optional<RangeHeader> header, RangeSize size, long cacheBytes) {
        this.partition = partition;
        this.logic = logic;
        this.header = header;
        this.size = size;
        this.headerKey = new RowKey(RangeRows.headerKey(partition.name()));
        this.sizeKey = new RowKey(RangeRows.sizeKey(partition.name()));
        this.rows = new DecidedRows(cacheBytes);
    }

    /** Empty if it was never initialized, as far as known here. */
    Optional<RangeHeader> header() {
        return header;
    }

    RangeSize size() {
        return size;
    }

    boolean live() {
        return header.isPresent() && header.get().state() == RangeHeader.State.LIVE;
    }

    /** Entities written or deleted so far, or changes of blobs. */
    long changes() {
        return changes;
    }

    RangeLogic<C> logic() {
        return logic;
    }

    /** About how much memory a request takes. */
    long bytesOf(RangeRequest request) {
        C change = logic.changeOf(request);
        return change == null ? 0 : logic.bytesOf(change);
    }

    /** What this request must have seen. To be handed to {@link #decide}, or {@link #dropped}. */
    LookUp lookUp(RangeRequest request) {
        boolean ofOthers = !live() || request instanceof RangeRequest.Split || request instanceof RangeRequest.Extend;
        LookUp lookUp = rows.begin(ofOthers);
        C change = logic.changeOf(request);
        if (change != null) {
            lookUp.about(logic.keys(change));
        }
        if (!live()) {
            want(lookUp, headerKey);
            want(lookUp, sizeKey);
        } else if (change != null && serves(lookUp)) {
            lookUp.demand(logic.rows(change));
            want(lookUp, lookUp.demanded());
        } else if (request instanceof RangeRequest.Split split) {
            want(lookUp, headerOf(split.upper()));
        } else if (request instanceof RangeRequest.Extend extend) {
            want(lookUp, headerOf(extend.absorbed()));
            want(lookUp, sizeOf(extend.absorbed()));
        }
        return lookUp;
    }

    /** Rows, whole. To be {@link #dropped}. */
    LookUp lookUp(List<RowKey> keys) {
        LookUp lookUp = rows.begin(false);
        keys.forEach(key -> want(lookUp, key));
        return lookUp;
    }

    /** The row as decided so far; null if the look-up knows nothing of it. */
    RangeLogic.Seen row(RowKey key, LookUp seen) {
        return rows.row(key, seen);
    }

    void dropped(LookUp lookUp) {
        rows.ended(lookUp);
    }

    /** @param seen complete; no longer to be used unless the answer is {@link Decision.AwaitSeal} or {@link Decision.LookOn} */
    Decision decide(RangeRequest request, LookUp seen, long nowTicks) {
        Decision decision = live() ? decideLive(request, seen, nowTicks) : decideNotLive(request, seen);
        if (!(decision instanceof Decision.AwaitSeal || decision instanceof Decision.LookOn)) {
            dropped(seen);
        }
        return decision;
    }

    private Decision decideLive(RangeRequest request, LookUp seen, long nowTicks) {
        return switch (request) {
            case RangeRequest.Write write -> change(write, seen, nowTicks);
            case RangeRequest.Change change -> change(change, seen, nowTicks);
            case RangeRequest.Initialize initialize -> done();
            case RangeRequest.FindSplitKey find -> new Decision.SearchSplitKey();
            case RangeRequest.Split split -> split(split, seen);
            case RangeRequest.Retire retire -> moving ? refused(StorageErrorCode.SERVER_BUSY) : become(RangeHeader.State.RETIRED);
            case RangeRequest.Extend extend -> extend(extend, seen);
            case RangeRequest.Move move -> new Decision.Copy();
            case RangeRequest.Destroy destroy -> destroy();
            case RangeRequest.Close close -> moving ? refused(StorageErrorCode.SERVER_BUSY) : become(RangeHeader.State.CLOSED);
            case RangeRequest.Reopen reopen -> done();
            case RangeRequest.Describe describe -> answer(new RangeReply.Described(size.entities(), size.bytes(), 0));
        };
    }

    private Decision decideNotLive(RangeRequest request, LookUp seen) {
        RangeLogic.Seen row = row(headerKey, seen);
        if (row == null) {
            return new Decision.LookAgain();
        }
        header = Optional.ofNullable(row.value()).map(RangeHeader::decode);
        if (live()) {
            size = RangeSize.of(Optional.ofNullable(row(sizeKey, seen).value()));
            return new Decision.LookAgain();
        }
        return switch (request) {
            case RangeRequest.Initialize initialize when header.isEmpty() -> {
                become(new RangeHeader(RangeHeader.State.LIVE, initialize.low(), initialize.high()));
                yield done();
            }
            case RangeRequest.Destroy destroy -> destroy();
            case RangeRequest.Close close when is(RangeHeader.State.CLOSED) -> done();
            case RangeRequest.Reopen reopen when is(RangeHeader.State.CLOSED) -> become(RangeHeader.State.LIVE);
            case RangeRequest.Retire retire when is(RangeHeader.State.RETIRED) || is(RangeHeader.State.GONE) -> done();
            case RangeRequest.Move move when is(RangeHeader.State.MOVED) && header.get().target().equals(move.target()) ->
                    new Decision.CompleteTarget();
            case RangeRequest any -> moved();
        };
    }

    private Decision change(RangeRequest request, LookUp seen, long nowTicks) {
        C change = logic.changeOf(request);
        if (change == null) {
            return refused(StorageErrorCode.INVALID_INPUT);
        }
        if (!serves(seen)) {
            return moved();
        }
        if (seen.tooLarge()) {
            return answer(logic.refusal(StorageErrorCode.REQUEST_BODY_TOO_LARGE));
        }
        if (seen.demanded() == null || seen.demanded().stream().anyMatch(wanted -> row(new RowKey(wanted.key()), seen) == null)) {
            return new Decision.LookAgain();
        }
        RangeLogic.Stamp stamp = new RangeLogic.Stamp(Math.max(nowTicks, size.latestTicks() + 1), Ticks.toEpochMillis(nowTicks));
        return switch (logic.decide(change, key -> row(new RowKey(key), seen), stamp)) {
            case RangeLogic.Outcome.Refused refused -> answer(refused.reply());
            case RangeLogic.Outcome.LookUp more -> lookOn(more.rows(), seen);
            case RangeLogic.Outcome.Made made -> make(made, seen.keys().size(), seen);
        };
    }

    private boolean serves(LookUp lookUp) {
        return lookUp.keys().stream().allMatch(header.get()::covers);
    }

    private Decision lookOn(List<RangeLogic.Wanted> wanted, LookUp seen) {
        if (!seen.extend()) {
            return answer(logic.refusal(StorageErrorCode.SERVER_BUSY));
        }
        want(seen, wanted);
        return new Decision.LookOn();
    }

    private Decision make(RangeLogic.Outcome.Made made, int changed, LookUp seen) {
        long bytes = 0;
        for (RowOp op : made.ops()) {
            bytes += OpenBatch.bytesOf(op);
        }
        if (bytes > MAX_BATCH_BYTES) {
            return answer(logic.refusal(StorageErrorCode.REQUEST_BODY_TOO_LARGE));
        }
        if (rows.bytes() + bytes > MAX_BATCH_BYTES) {
            return new Decision.AwaitSeal();
        }
        made.ops().forEach(op -> apply(op, seen));
        if (!made.ops().isEmpty()) {
            changes += changed;
            sizeChanged = true;
        }
        size = new RangeSize(size.entities() - made.droppedRows(), size.bytes() - made.droppedBytes(),
                Math.max(size.latestTicks(), made.lastTicks()));
        return answer(made.reply());
    }

    private void apply(RowOp op, LookUp seen) {
        switch (op) {
            case RowOp.Put put -> {
                RowKey key = new RowKey(put.key());
                weigh(key, 1, put.key().length + put.value().length, seen);
                rows.put(key, put.value());
                listener.changed(key);
            }
            case RowOp.Delete delete -> {
                RowKey key = new RowKey(delete.key());
                weigh(key, 0, 0, seen);
                rows.delete(key);
                listener.changed(key);
            }
            case RowOp.DeleteRange range -> {
                rows.dropRange(range.fromInclusive(), range.toExclusive());
                listener.dropped(range.fromInclusive(), range.toExclusive());
            }
        }
    }

    /** A row that was not looked up is new. */
    private void weigh(RowKey key, int count, long bytes, LookUp seen) {
        RangeLogic.Seen former = row(key, seen);
        boolean existed = former != null && former.exists();
        boolean counts = key.bytes()[0] == indexTag();
        size = new RangeSize(size.entities() + (counts ? count - (existed ? 1 : 0) : 0),
                size.bytes() + bytes - (existed ? key.bytes().length + former.bytes() : 0), size.latestTicks());
    }

    private byte indexTag() {
        return logic.tags().getLast();
    }

    private Decision split(RangeRequest.Split split, LookUp seen) {
        RowKey upperHeader = headerOf(split.upper());
        RangeLogic.Seen upper = row(upperHeader, seen);
        if (upper == null) {
            return new Decision.LookAgain();
        }
        RangeHeader own = header.get();
        if (upper.exists()) {
            return done();
        }
        if (!own.covers(split.at()) || Arrays.equals(split.at(), own.low())) {
            return refused(StorageErrorCode.INVALID_INPUT);
        }
        if (moving) {
            return refused(StorageErrorCode.SERVER_BUSY);
        }
        double lowerShare = measured != null && Arrays.equals(measured.key(), split.at()) ? measured.lowerShare() : 0.5;
        RangeSize lower = size.part(lowerShare);
        become(new RangeHeader(RangeHeader.State.LIVE, own.low(), split.at()));
        rows.put(upperHeader, new RangeHeader(RangeHeader.State.LIVE, split.at(), own.high()).encode());
        rows.put(sizeOf(split.upper()), size.without(lower).encode());
        size = lower;
        sizeChanged = true;
        measured = null;
        rows.forget(key -> isRow(key) && Arrays.compareUnsigned(RangeRows.keyOf(key.bytes()), split.at()) >= 0);
        return done();
    }

    private Decision extend(RangeRequest.Extend extend, LookUp seen) {
        RowKey absorbedHeader = headerOf(extend.absorbed());
        RangeLogic.Seen row = row(absorbedHeader, seen);
        if (row == null) {
            return new Decision.LookAgain();
        }
        RangeHeader own = header.get();
        if (!row.exists()) {
            return refused(StorageErrorCode.INVALID_INPUT);
        }
        RangeHeader absorbed = RangeHeader.decode(row.value());
        if (absorbed.state() == RangeHeader.State.GONE) {
            return done();
        }
        if (absorbed.state() != RangeHeader.State.RETIRED || moving) {
            return refused(StorageErrorCode.SERVER_BUSY);
        }
        if (own.high().length == 0 || !Arrays.equals(own.high(), absorbed.low()) || !Arrays.equals(extend.high(), absorbed.high())) {
            return refused(StorageErrorCode.INVALID_INPUT);
        }
        become(new RangeHeader(RangeHeader.State.LIVE, own.low(), absorbed.high()));
        rows.put(absorbedHeader, RangeHeader.NEVER_AGAIN.encode());
        RangeLogic.Seen absorbedSize = row(sizeOf(extend.absorbed()), seen);
        size = size.plus(RangeSize.of(Optional.ofNullable(absorbedSize.value())));
        sizeChanged = true;
        rows.delete(sizeOf(extend.absorbed()));
        return done();
    }

    private Decision destroy() {
        if (is(RangeHeader.State.GONE)) {
            return done();
        }
        header.ifPresent(own -> logic.tags().forEach(tag ->
                rows.deleteRange(RangeRows.rowKey(tag, own.low()), RangeRows.rowEnd(tag, own.high()))));
        rows.forget(this::isRow);
        rows.delete(sizeKey);
        become(RangeHeader.NEVER_AGAIN);
        size = RangeSize.NOTHING;
        sizeChanged = false;
        return done();
    }

    /** Every change of a row from now on is told. While it moves, the range keeps its bounds. */
    void beginMove(ChangeListener told) {
        moving = true;
        listener = told;
    }

    /** Tells what was decided and is not durable. */
    void tellUndurable() {
        rows.undurableDropped().forEach(range -> listener.dropped(range.from(), range.to()));
        rows.undurable().stream().filter(this::isRow).forEach(listener::changed);
    }

    void endMove() {
        moving = false;
        listener = ChangeListener.NOBODY;
    }

    /** Not the range's own header or size. */
    private boolean isRow(RowKey key) {
        return logic.tags().contains(key.bytes()[0]);
    }

    /** Serves no more from here on: what was decided before is in the batch being collected, whose number it returns, or an earlier one. */
    long handOver(String target) {
        RangeHeader own = header.get();
        become(new RangeHeader(RangeHeader.State.MOVED, own.low(), own.high(), target));
        endMove();
        return rows.batch();
    }

    void measured(SplitKeySearch.Found found) {
        measured = found;
    }

    boolean hasChanges() {
        return !rows.isEmpty();
    }

    long changedBytes() {
        return rows.bytes();
    }

    /** Ends the batch being collected and begins the next. Batches must be committed in the order of their sealing. */
    SealedBatch seal() {
        if (sizeChanged) {
            rows.put(sizeKey, size.encode());
            sizeChanged = false;
        }
        return rows.seal();
    }

    /** The batch and all before it are durable. */
    void durable(long durable) {
        rows.durable(durable);
    }

    private void want(LookUp lookUp, List<RangeLogic.Wanted> wanted) {
        wanted.forEach(row -> rows.want(lookUp, new RowKey(row.key()), row.whole()));
    }

    private void want(LookUp lookUp, RowKey key) {
        rows.want(lookUp, key, true);
    }

    private Decision become(RangeHeader.State state) {
        become(header.get().become(state));
        return done();
    }

    private void become(RangeHeader next) {
        header = Optional.of(next);
        rows.put(headerKey, next.encode());
    }

    private boolean is(RangeHeader.State state) {
        return header.isPresent() && header.get().state() == state;
    }

    private static RowKey headerOf(String range) {
        return new RowKey(RangeRows.headerKey(PartitionId.parse(range).name()));
    }

    private static RowKey sizeOf(String range) {
        return new RowKey(RangeRows.sizeKey(PartitionId.parse(range).name()));
    }

    private static Decision answer(RangeReply reply) {
        return new Decision.Answer(reply);
    }

    private static Decision done() {
        return answer(new RangeReply.Done());
    }

    private static Decision moved() {
        return answer(new RangeReply.Moved());
    }

    private static Decision refused(StorageErrorCode error) {
        return answer(new RangeReply.Refused(error));
    }
}
