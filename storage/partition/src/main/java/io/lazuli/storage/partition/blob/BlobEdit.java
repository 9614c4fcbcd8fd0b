package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD;
import static io.lazuli.storage.model.StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_POLICY;
import static io.lazuli.storage.model.StorageErrorCode.BLOB_NOT_FOUND;
import static io.lazuli.storage.model.StorageErrorCode.INVALID_BLOB_TYPE;
import static io.lazuli.storage.model.StorageErrorCode.PENDING_COPY_OPERATION;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import io.lazuli.storage.partition.blob.BlobState.Deleted;
import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import io.lazuli.storage.partition.table.RangeLogic.Rows;
import io.lazuli.storage.partition.table.RangeLogic.Seen;
import io.lazuli.storage.partition.table.RangeLogic.Stamp;
import io.lazuli.storage.partition.table.RangeLogic.Wanted;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.List;

/**
 * One decision under way: what it sees of a blob, and what it has changed so far. A rule that is not met ends it with {@link Stop}, a row that
 * was not looked up with {@link Unseen}; both carry no stack trace, because they are answers.
 */
final class BlobEdit {

    /** Nothing is done; this is the answer. */
    static final class Stop extends RuntimeException {

        private final BlobReply reply;

        Stop(BlobReply reply) {
            super("refused", null, false, false);
            this.reply = reply;
        }

        BlobReply reply() {
            return reply;
        }
    }

    /** These rows must be seen, too. */
    static final class Unseen extends RuntimeException {

        private final List<Wanted> rows;

        Unseen(List<Wanted> rows) {
            super("not looked up", null, false, false);
            this.rows = rows;
        }

        List<Wanted> rows() {
            return rows;
        }
    }

    private static final int BYTES_PER_BLOCK = 64;

    private final String blob;
    private final Rows rows;
    private final Stamp stamp;
    private final List<RowOp> ops = new ArrayList<>();
    private final BlobState current;
    private final long ticks;
    /** The current state as it will be; null if there will be none. */
    private BlobState next;
    private long droppedRows;
    private long droppedBytes;

    BlobEdit(String blob, Rows rows, Stamp stamp) {
        this.blob = blob;
        this.rows = rows;
        this.stamp = stamp;
        this.current = stateAt(BlobRows.currentKey(blob));
        this.next = current;
        this.ticks = current == null ? stamp.ticks() : Math.max(stamp.ticks(), current.change() + 1);
    }

    String blob() {
        return blob;
    }

    /** The number of this decision: a time, a version, a content, a change. Later than the blob's last one, even if that came from elsewhere. */
    long ticks() {
        return ticks;
    }

    long nowMillis() {
        return stamp.nowMillis();
    }

    // What is there

    /** What the current state's row says, null if there is none. */
    BlobState current() {
        return current;
    }

    /** The current state as clients see it, null if there is no blob for them. */
    BlobState visible() {
        return current != null && current.exists() ? current : null;
    }

    BlobState existing() {
        if (visible() == null) {
            throw refusal(BLOB_NOT_FOUND);
        }
        return current;
    }

    /** The current state, a snapshot or a version, as clients see it. */
    BlobState existing(BlobTarget target) {
        BlobState state = at(target);
        if (state == null || !state.exists()) {
            throw refusal(BLOB_NOT_FOUND);
        }
        return state;
    }

    /** The same, be it deleted. */
    BlobState at(BlobTarget target) {
        if (target.isCurrent() || isCurrentVersion(target.versionTicks())) {
            return current;
        }
        return target.snapshotTicks() != 0 ? snapshot(target.snapshotTicks()) : version(target.versionTicks());
    }

    boolean isCurrentVersion(long versionTicks) {
        return versionTicks != 0 && visible() != null && current.versionTicks() == versionTicks;
    }

    BlobState snapshot(long ticks) {
        return stateAt(BlobRows.snapshotKey(blob, ticks));
    }

    BlobState version(long ticks) {
        return stateAt(BlobRows.versionKey(blob, ticks));
    }

    UncommittedBlocks uncommitted() {
        Seen seen = row(BlobRows.uncommittedKey(blob));
        return seen.exists() ? UncommittedBlocks.decode(seen.value()) : null;
    }

    private BlobState stateAt(byte[] key) {
        Seen seen = row(key);
        return seen.exists() ? BlobRows.state(key, seen.value()) : null;
    }

    Seen row(byte[] key) {
        Seen seen = rows.get(key);
        if (seen == null) {
            throw new Unseen(List.of(new Wanted(key)));
        }
        return seen;
    }

    /** That it is there is enough. */
    boolean isThere(byte[] key) {
        Seen seen = rows.get(key);
        if (seen == null) {
            throw new Unseen(List.of(new Wanted(key, false)));
        }
        return seen.exists();
    }

    /** Asks for what is missing of several rows at once. */
    void see(List<Wanted> wanted) {
        List<Wanted> missing = wanted.stream().filter(row -> rows.get(row.key()) == null).toList();
        if (!missing.isEmpty()) {
            throw new Unseen(missing);
        }
    }

    // Rules

    static Stop refusal(StorageErrorCode error) {
        return new Stop(new BlobReply.Refused(error));
    }

    /** @param error null if the rule is met */
    static void demand(StorageErrorCode error) {
        if (error != null) {
            throw refusal(error);
        }
    }

    static void demand(boolean met, StorageErrorCode error) {
        if (!met) {
            throw refusal(error);
        }
    }

    void demandUnchanged(long expectedChange) {
        if (expectedChange != (current == null ? 0 : current.change())) {
            throw new Stop(new BlobReply.Changed());
        }
    }

    /** Conditions and lease of an operation that changes what exists. */
    void demandWritable(BlobState state, BlobConditions conditions) {
        demand(ConditionCheck.write(conditions, state));
        demandLease(conditions, LeaseUse.WRITE);
    }

    /** @param use of the current state's lease; if there is no blob, no lease may be named */
    void demandLease(BlobConditions conditions, LeaseUse use) {
        LeaseState lease = visible() == null ? LeaseState.NONE : current.lease();
        demand(ConditionCheck.lease(conditions.leaseId(), lease, use, nowMillis()));
    }

    static void demandKind(BlobState state, BlobKind kind) {
        demand(state.kind() == kind, INVALID_BLOB_TYPE);
    }

    static void demandNoPendingCopy(BlobState state) {
        demand(!isCopying(state), PENDING_COPY_OPERATION);
    }

    static boolean isCopying(BlobState state) {
        return state.copy() != null && state.copy().status() == CopyStatus.PENDING;
    }

    void demandMutable(BlobState state) {
        demand(state.immutability() == null || state.immutability().untilMillis() <= nowMillis(), BLOB_IMMUTABLE_DUE_TO_POLICY);
        demand(!state.legalHold(), BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD);
    }

    // Changes

    /** A new current state; the former one's lease goes on. */
    BlobState put(BlobStateBuilder state) {
        BlobState built = state.change(ticks()).build();
        put(BlobRows.currentKey(blob), BlobRows.stateValue(built));
        next = built;
        return built;
    }

    /** The state of what the builder began with, as it was modified by a write. */
    BlobState putModified(BlobStateBuilder state) {
        return put(state.modified(ticks()).lease(LeaseDecisions.afterWrite(current.lease(), nowMillis())));
    }

    /** A state beside the current one, which has to be put, too, because every change shows there. */
    BlobState putAside(BlobStateBuilder state) {
        BlobState built = state.change(ticks()).build();
        put(keyAside(built), BlobRows.stateValue(built));
        return built;
    }

    void deleteAside(BlobState state) {
        delete(keyAside(state));
    }

    private static byte[] keyAside(BlobState state) {
        return state.snapshotTicks() != 0
                ? BlobRows.snapshotKey(state.name(), state.snapshotTicks())
                : BlobRows.versionKey(state.name(), state.versionTicks());
    }

    /** The state goes; its place stays where other rows need it. */
    void leaveAbsent(boolean hasFormer, int snapshotCount) {
        put(new BlobStateBuilder(blob, ticks()).hasFormer(hasFormer).snapshotCount(snapshotCount));
    }

    void deleteCurrent() {
        delete(BlobRows.currentKey(blob));
        next = null;
    }

    void put(byte[] key, byte[] value) {
        ops.add(new RowOp.Put(key, value));
    }

    void delete(byte[] key) {
        ops.add(new RowOp.Delete(key));
    }

    void deleteRange(byte[] from, byte[] to, long indexRows, long bytes) {
        ops.add(new RowOp.DeleteRange(from, to));
        droppedRows += indexRows;
        droppedBytes += bytes;
    }

    void dropUncommitted() {
        UncommittedBlocks uncommitted = uncommitted();
        if (uncommitted != null) {
            delete(BlobRows.uncommittedKey(blob));
            deleteRange(BlobRows.uncommittedBlockKey(blob, uncommitted.session(), new byte[0]),
                    BlobRows.uncommittedEnd(blob, uncommitted.session()), uncommitted.puts(), (long) uncommitted.puts() * BYTES_PER_BLOCK);
        }
    }

    /** Drops the rows of a content that no other state can name. */
    void dropContent(BlobContent content) {
        switch (content) {
            case BlobContent.Uncommitted uncommitted -> { }
            case BlobContent.Absent absent -> { }
            case BlobContent.Inline inline -> {
                byte[] key = BlobRows.inlineKey(blob, inline.contentId());
                if (isThere(key)) {
                    delete(key);
                }
            }
            case BlobContent.Blocks blocks -> {
                if (!blocks.segments().isEmpty()) {
                    dropSegments(blocks.contentId(), blocks.segments().size(), (long) blocks.blockCount() * BYTES_PER_BLOCK);
                }
            }
            case BlobContent.Pages pages -> dropPages(pages.contentId());
        }
    }

    void dropSegments(long contentId, long segments, long bytes) {
        deleteRange(BlobRows.segmentKey(blob, contentId, 0), BlobRows.segmentsEnd(blob, contentId), segments, bytes);
    }

    void dropPages(long contentId) {
        deleteRange(BlobRows.pagesKey(blob, contentId, 0), BlobRows.pagesEnd(blob, contentId), 0, 0);
    }

    /** Drops whatever rows a content may have that no state names any more. */
    void dropOrphan(long contentId) {
        dropSegments(contentId, 0, 0);
        dropPages(contentId);
        deleteRange(BlobRows.inlineKey(blob, contentId), BlobRows.inlineKey(blob, contentId + 1), 0, 0);
    }

    /** The mark of what is deleted now; null if it goes for good. */
    Deleted deletion(AccountRules rules) {
        return rules.deleteRetentionDays() == 0 ? null : new Deleted(nowMillis(), rules.deleteRetentionDays());
    }

    // The end

    Outcome done(BlobState state) {
        return done(state, 0, state == null ? 0 : state.versionTicks(), -1, -1, false);
    }

    Outcome done(BlobState state, long snapshotTicks, long versionTicks, long appendOffset, int leaseSeconds, boolean accepted) {
        markCopy();
        BlobReply reply = new BlobReply.Done(withoutBlocks(state), snapshotTicks, versionTicks, appendOffset, leaseSeconds, accepted);
        return new Outcome.Made(
                List.copyOf(ops), ops.isEmpty() ? 0 : ticks(), droppedRows, droppedBytes, new RangeReply.Changed(reply));
    }

    /** A pending copy has a row by which it is found without reading all blobs. */
    private void markCopy() {
        boolean was = current != null && isCopying(current);
        boolean is = next != null && isCopying(next);
        if (was == is) {
            return;
        }
        byte[] key = BlobRows.copyKey(blob);
        if (is) {
            isThere(key);
            put(key, BlobRows.COPY_VALUE);
        } else if (isThere(key)) {
            delete(key);
        }
    }

    /** Who is told of a change needs no list of blocks. */
    private static BlobState withoutBlocks(BlobState state) {
        if (state == null || !(state.content() instanceof BlobContent.Blocks blocks)) {
            return state;
        }
        BlobContent slim = new BlobContent.Blocks(blocks.contentId(), blocks.lengthBytes(), blocks.blockCount(), List.of(), List.of());
        return new BlobStateBuilder(state).content(slim).build();
    }
}
