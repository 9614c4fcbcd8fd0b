package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One range: decides requests and says which rows change. Knows no actor, no store and no clock. What is decided joins the batch
 * being collected ({@link #seal}); later decisions build on it before it is durable, which is safe because the batches of one
 * partition are applied in order and no answer is given before its batch is durable.
 *
 * <p>A request is decided on rows that were {@linkplain #lookUp looked up}, as of some durable batch; whatever has been decided since
 * is laid over them ({@link DecidedRows}, which also bounds the memory).
 */
final class RangeState {

    /** Entities' rows of one batch; the rest is for its encoding and the range's own rows. */
    static final int MAX_BATCH_BYTES = StoreLimits.MAX_BATCH_BYTES - (64 << 10);

    /** What became of a request. */
    sealed interface Decision {

        /** To be given once the batch being collected is durable, or, if it is empty, once this writer has been confirmed. */
        record Answer(RangeReply reply) implements Decision {}

        /** What must be seen has changed: {@link #lookUp} again. */
        record LookAgain() implements Decision {}

        /** Does not fit into the batch being collected: {@link #seal} first. */
        record AwaitSeal() implements Decision {}

        /** The range serves and may look for the key. */
        record SearchSplitKey() implements Decision {}

        /** The range serves and may be copied. */
        record Copy() implements Decision {}

        /** The range has moved there, if the target knows it. */
        record CompleteTarget() implements Decision {}
    }

    private final PartitionId partition;
    private final RowKey headerKey;
    private final RowKey sizeKey;
    private final DecidedRows rows;
    private Consumer<RowKey> onChange = key -> { };
    private long changedEntities;
    private boolean sizeChanged;
    private Optional<RangeHeader> header;
    private RangeSize size;
    private SplitKeySearch.Found measured;
    private boolean moving;

    RangeState(PartitionId partition, Optional<RangeHeader> header, RangeSize size, long cacheBytes) {
        this.partition = partition;
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

    /** Entities written or deleted so far. */
    long changedEntities() {
        return changedEntities;
    }

    /** What this request must have seen. To be handed to {@link #decide}, or {@link #dropped}. */
    LookUp lookUp(RangeRequest request) {
        boolean ofOthers = !live() || request instanceof RangeRequest.Split || request instanceof RangeRequest.Extend;
        LookUp lookUp = rows.begin(ofOthers);
        if (!live()) {
            want(lookUp, headerKey);
            want(lookUp, sizeKey);
        } else if (request instanceof RangeRequest.Write write) {
            wantEntities(lookUp, write.writes());
        } else if (request instanceof RangeRequest.Split split) {
            want(lookUp, headerOf(split.upper()));
        } else if (request instanceof RangeRequest.Extend extend) {
            want(lookUp, headerOf(extend.absorbed()));
            want(lookUp, sizeOf(extend.absorbed()));
        }
        return lookUp;
    }

    /** Rows of entities, whole. To be {@link #dropped}. */
    LookUp lookUp(List<RowKey> keys) {
        LookUp lookUp = rows.begin(false);
        keys.forEach(key -> want(lookUp, key));
        return lookUp;
    }

    /** The row as decided so far; null if the look-up knows nothing of it. */
    LookUp.Seen row(RowKey key, LookUp seen) {
        return rows.row(key, seen);
    }

    void dropped(LookUp lookUp) {
        rows.ended(lookUp);
    }

    /** @param seen complete; no longer to be used unless the answer is {@link Decision.AwaitSeal} */
    Decision decide(RangeRequest request, LookUp seen, long nowTicks) {
        Decision decision = live() ? decideLive(request, seen, nowTicks) : decideNotLive(request, seen);
        if (!(decision instanceof Decision.AwaitSeal)) {
            dropped(seen);
        }
        return decision;
    }

    private Decision decideLive(RangeRequest request, LookUp seen, long nowTicks) {
        return switch (request) {
            case RangeRequest.Write write -> write(write.writes(), seen, nowTicks);
            case RangeRequest.Change change -> refused(StorageErrorCode.INVALID_INPUT);
            case RangeRequest.Initialize initialize -> done();
            case RangeRequest.FindSplitKey find -> new Decision.SearchSplitKey();
            case RangeRequest.Split split -> split(split, seen);
            case RangeRequest.Retire retire -> moving ? refused(StorageErrorCode.SERVER_BUSY) : retire();
            case RangeRequest.Extend extend -> extend(extend, seen);
            case RangeRequest.Move move -> new Decision.Copy();
            case RangeRequest.Destroy destroy -> destroy();
            case RangeRequest.Describe describe -> answer(new RangeReply.Described(size.entities(), size.bytes(), 0));
        };
    }

    private Decision decideNotLive(RangeRequest request, LookUp seen) {
        LookUp.Seen row = row(headerKey, seen);
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
            case RangeRequest.Retire retire when is(RangeHeader.State.RETIRED) || is(RangeHeader.State.GONE) -> done();
            case RangeRequest.Move move when is(RangeHeader.State.MOVED) && header.get().target().equals(move.target()) ->
                    new Decision.CompleteTarget();
            case RangeRequest any -> moved();
        };
    }

    private Decision write(List<EntityWrite> writes, LookUp seen, long nowTicks) {
        List<RowKey> keys = rowKeys(writes);
        if (!keys.stream().allMatch(key -> header.get().covers(RangeRows.entityKeyOf(key.bytes())))) {
            return moved();
        }
        if (seen.tooLarge()) {
            return failed(0, StorageErrorCode.REQUEST_BODY_TOO_LARGE);
        }
        Optional<Decision> invalid = invalid(writes, keys);
        if (invalid.isPresent()) {
            return invalid.get();
        }
        long ticks = Math.max(nowTicks, size.latestTicks() + 1);
        long bytes = 0;
        List<EntityChange> decided = new ArrayList<>(writes.size());
        for (int i = 0; i < writes.size(); i++) {
            LookUp.Seen present = row(keys.get(i), seen);
            if (present == null) {
                return new Decision.LookAgain();
            }
            EntityChange change = EntityChange.of(writes.get(i), present, Math.max(ticks, nextTicks(present)) + i);
            if (change instanceof EntityChange.Refused refused) {
                return failed(i, refused.error());
            }
            bytes += DecidedRows.bytesOf(keys.get(i), change instanceof EntityChange.Written row ? row.value().length : 0);
            if (bytes > MAX_BATCH_BYTES) {
                return failed(i, StorageErrorCode.REQUEST_BODY_TOO_LARGE);
            }
            decided.add(change);
        }
        if (rows.bytes() + bytes > MAX_BATCH_BYTES) {
            return new Decision.AwaitSeal();
        }
        List<Long> timestamps = new ArrayList<>(writes.size());
        for (int i = 0; i < writes.size(); i++) {
            timestamps.add(apply(keys.get(i), row(keys.get(i), seen), decided.get(i)));
        }
        return answer(new RangeReply.Written(timestamps));
    }

    /** What no front end should have let pass. */
    private static Optional<Decision> invalid(List<EntityWrite> writes, List<RowKey> keys) {
        if (writes.isEmpty() || writes.size() > EntityLimits.MAX_TRANSACTION_WRITES) {
            return Optional.of(failed(0, StorageErrorCode.INVALID_INPUT));
        }
        Set<RowKey> distinct = new HashSet<>();
        String partitionKey = writes.getFirst().key().partitionKey();
        for (int i = 0; i < writes.size(); i++) {
            if (!distinct.add(keys.get(i)) || !writes.get(i).key().partitionKey().equals(partitionKey)) {
                return Optional.of(failed(i, StorageErrorCode.INVALID_INPUT));
            }
        }
        return Optional.empty();
    }

    /** A Timestamp is later than the entity's last one, even if that came from elsewhere. */
    private static long nextTicks(LookUp.Seen present) {
        return present.exists() ? RangeRows.ticks(present.value()) + 1 : 0;
    }

    /** The new Timestamp, 0 of a deletion. */
    private long apply(RowKey key, LookUp.Seen present, EntityChange change) {
        long formerBytes = present.exists() ? key.bytes().length + present.bytes() : 0;
        long former = present.exists() ? 1 : 0;
        changedEntities++;
        sizeChanged = true;
        onChange.accept(key);
        return switch (change) {
            case EntityChange.Written row -> {
                long ticks = RangeRows.ticks(row.value());
                rows.put(key, row.value());
                size = new RangeSize(size.entities() + 1 - former, size.bytes() + key.bytes().length + row.value().length - formerBytes,
                        Math.max(size.latestTicks(), ticks));
                yield ticks;
            }
            case EntityChange.Deleted deleted -> {
                rows.delete(key);
                size = new RangeSize(size.entities() - former, size.bytes() - formerBytes, size.latestTicks());
                yield 0;
            }
            case EntityChange.Refused refused -> throw new IllegalStateException("applied although refused: " + refused.error());
        };
    }

    private Decision split(RangeRequest.Split split, LookUp seen) {
        RowKey upperHeader = headerOf(split.upper());
        LookUp.Seen upper = row(upperHeader, seen);
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
        byte[] firstOfUpper = RangeRows.entityKey(split.at());
        rows.forget(key -> RangeRows.isEntity(key.bytes()) && Arrays.compareUnsigned(key.bytes(), firstOfUpper) >= 0);
        return done();
    }

    private Decision retire() {
        become(header.get().become(RangeHeader.State.RETIRED));
        return done();
    }

    private Decision extend(RangeRequest.Extend extend, LookUp seen) {
        RowKey absorbedHeader = headerOf(extend.absorbed());
        LookUp.Seen row = row(absorbedHeader, seen);
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
        LookUp.Seen absorbedSize = row(sizeOf(extend.absorbed()), seen);
        size = size.plus(RangeSize.of(Optional.ofNullable(absorbedSize.value())));
        sizeChanged = true;
        rows.delete(sizeOf(extend.absorbed()));
        return done();
    }

    private Decision destroy() {
        if (is(RangeHeader.State.GONE)) {
            return done();
        }
        header.ifPresent(own -> rows.deleteRange(RangeRows.entityKey(own.low()), RangeRows.entityEnd(own.high())));
        rows.forget(key -> RangeRows.isEntity(key.bytes()));
        rows.delete(sizeKey);
        become(RangeHeader.NEVER_AGAIN);
        size = RangeSize.NOTHING;
        sizeChanged = false;
        return done();
    }

    /** Every change of an entity from now on is told. While it moves, the range keeps its bounds. */
    void beginMove(Consumer<RowKey> listener) {
        moving = true;
        onChange = listener;
    }

    /** What was decided and is not durable, as far as it is entities' rows. */
    List<RowKey> undurableEntities() {
        return rows.undurable().stream().filter(key -> RangeRows.isEntity(key.bytes())).toList();
    }

    void endMove() {
        moving = false;
        onChange = key -> { };
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
    DecidedRows.Sealed seal() {
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

    private void wantEntities(LookUp lookUp, List<EntityWrite> writes) {
        if (!writes.stream().allMatch(write -> header.get().covers(write.key().encode()))) {
            return;
        }
        Set<RowKey> wanted = new HashSet<>();
        for (EntityWrite write : writes) {
            RowKey key = rowKey(write);
            if (wanted.add(key)) {
                rows.want(lookUp, key, EntityChange.needsWhole(write.kind()));
            }
        }
    }

    private void want(LookUp lookUp, RowKey key) {
        rows.want(lookUp, key, true);
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

    private static List<RowKey> rowKeys(List<EntityWrite> writes) {
        return writes.stream().map(RangeState::rowKey).toList();
    }

    private static RowKey rowKey(EntityWrite write) {
        return new RowKey(RangeRows.entityKey(write.key().encode()));
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

    private static Decision failed(int index, StorageErrorCode error) {
        return answer(new RangeReply.Failed(index, error));
    }

    private static Decision refused(StorageErrorCode error) {
        return answer(new RangeReply.Refused(error));
    }
}
