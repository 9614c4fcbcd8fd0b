package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobDecisions;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.table.RangeLogic;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.Ticks;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The rows of one container's blobs in memory, changed by the decisions that the real ranges make. Not for several threads at once. */
final class FakeBlobRows {

    private final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    private final BlobDecisions decisions = new BlobDecisions(UUID::randomUUID);
    private final Clock clock;
    private long lastTicks;

    FakeBlobRows(Clock clock) {
        this.clock = clock;
    }

    /** @throws StorageException if it is refused */
    BlobReply.Done change(BlobCommand command) {
        RangeLogic.Stamp stamp = new RangeLogic.Stamp(Math.max(lastTicks + 1, Ticks.ofEpochMillis(clock.epochMillis())), clock.epochMillis());
        RangeReply reply = switch (decisions.decide(command, this::seen, stamp)) {
            case RangeLogic.Outcome.Made made -> {
                made.ops().forEach(this::apply);
                lastTicks = Math.max(lastTicks, made.lastTicks());
                yield made.reply();
            }
            case RangeLogic.Outcome.Refused refused -> refused.reply();
            case RangeLogic.Outcome.LookUp more -> throw new IllegalStateException("all rows have been seen, not found: " + more);
        };
        return switch (((RangeReply.Changed) reply).reply()) {
            case BlobReply.Done done -> done;
            case BlobReply.Refused refused -> throw new StorageException(refused.error(), refused.details());
            case BlobReply.Changed changed -> throw new IllegalStateException("nobody else changes it: " + command);
        };
    }

    private RangeLogic.Seen seen(byte[] key) {
        byte[] value = rows.get(key);
        return value == null ? RangeLogic.Seen.NOTHING : new RangeLogic.Seen(value, value.length);
    }

    private void apply(RowOp op) {
        switch (op) {
            case RowOp.Put put -> rows.put(put.key(), put.value());
            case RowOp.Delete delete -> rows.remove(delete.key());
            case RowOp.DeleteRange range -> rows.subMap(range.fromInclusive(), range.toExclusive()).clear();
        }
    }

    /** Null if there is no such row. */
    byte[] row(byte[] key) {
        return rows.get(key);
    }

    Map<byte[], byte[]> rows(byte[] from, byte[] to) {
        return rows.subMap(from, to);
    }

    /** The state's row, whether it exists for readers or not; null if there is none. */
    BlobState state(BlobTarget target) {
        for (BlobState state : states(target.name())) {
            boolean meant = target.isCurrent() ? isCurrent(state)
                    : target.snapshotTicks() != 0 ? state.snapshotTicks() == target.snapshotTicks() : state.versionTicks() == target.versionTicks();
            if (meant) {
                return state;
            }
        }
        return null;
    }

    static boolean isCurrent(BlobState state) {
        return state.snapshotTicks() == 0 && (state.versionTicks() == 0 || state.isCurrentVersion());
    }

    /** Of one blob: snapshots and versions from the oldest on, the current one last. */
    List<BlobState> states(String blob) {
        List<BlobState> states = new ArrayList<>();
        BlobState current = null;
        for (BlobState state : states()) {
            if (state.name().equals(blob)) {
                if (isCurrent(state)) {
                    current = state;
                } else {
                    states.add(state);
                }
            }
        }
        states.sort((a, b) -> Long.compare(a.snapshotTicks() + a.versionTicks(), b.snapshotTicks() + b.versionTicks()));
        if (current != null) {
            states.add(current);
        }
        return states;
    }

    /** Of all blobs, in key order. */
    List<BlobState> states() {
        List<BlobState> states = new ArrayList<>();
        rows.subMap(BlobRows.from(""), BlobRows.indexEnd()).forEach((key, value) -> {
            if (BlobRows.isState(key)) {
                states.add(BlobRows.state(key, value));
            }
        });
        return states;
    }
}
