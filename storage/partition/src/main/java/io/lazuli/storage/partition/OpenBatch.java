package io.lazuli.storage.partition;

import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.List;

/** The changes of rows that a partition has decided since it last sealed a batch, and how much they weigh. Its owner seals it before it grows too large. */
public final class OpenBatch {

    private static final int BYTES_PER_OP = 16;

    private List<RowOp> ops = new ArrayList<>();
    private long bytes;

    public void put(byte[] key, byte[] value) {
        add(new RowOp.Put(key, value));
    }

    public void delete(byte[] key) {
        add(new RowOp.Delete(key));
    }

    public void deleteRange(byte[] fromInclusive, byte[] toExclusive) {
        add(new RowOp.DeleteRange(fromInclusive, toExclusive));
    }

    public boolean isEmpty() {
        return ops.isEmpty();
    }

    /** Of keys and values, and something for each change. */
    public long bytes() {
        return bytes;
    }

    /** Ends it; what follows belongs to the next. */
    public List<RowOp> take() {
        List<RowOp> taken = ops;
        ops = new ArrayList<>();
        bytes = 0;
        return taken;
    }

    public static long bytesOf(RowOp op) {
        return switch (op) {
            case RowOp.Put put -> BYTES_PER_OP + put.key().length + put.value().length;
            case RowOp.Delete delete -> BYTES_PER_OP + delete.key().length;
            case RowOp.DeleteRange range -> BYTES_PER_OP + range.fromInclusive().length + range.toExclusive().length;
        };
    }

    private void add(RowOp op) {
        ops.add(op);
        bytes += bytesOf(op);
    }
}
