package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What changes of rows mean to ranges of tables: 1 to 100 entities of one partition key are written, all or none ({@link EntityChange}). */
public final class EntityLogic implements RangeLogic<List<EntityWrite>> {

    private static final List<Byte> TAGS = List.of(RangeRows.INDEX);

    @Override
    public List<Byte> tags() {
        return TAGS;
    }

    @Override
    public List<EntityWrite> changeOf(RangeRequest request) {
        return request instanceof RangeRequest.Write write ? write.writes() : null;
    }

    @Override
    public long bytesOf(List<EntityWrite> writes) {
        long bytes = 0;
        for (EntityWrite entity : writes) {
            bytes += entity.properties().length + entity.key().partitionKey().length() + entity.key().rowKey().length();
        }
        return bytes;
    }

    @Override
    public List<byte[]> keys(List<EntityWrite> writes) {
        return writes.stream().map(write -> write.key().encode()).toList();
    }

    @Override
    public List<Wanted> rows(List<EntityWrite> writes) {
        Set<EntityKey> keys = new HashSet<>();
        List<Wanted> wanted = new ArrayList<>(writes.size());
        for (EntityWrite write : writes) {
            if (keys.add(write.key())) {
                wanted.add(new Wanted(rowKey(write), EntityChange.needsWhole(write.kind())));
            }
        }
        return wanted;
    }

    @Override
    public RangeReply refusal(StorageErrorCode error) {
        return new RangeReply.Failed(0, error);
    }

    @Override
    public Outcome decide(List<EntityWrite> writes, Rows rows, Stamp stamp) {
        Optional<Outcome> invalid = invalid(writes);
        if (invalid.isPresent()) {
            return invalid.get();
        }
        List<RowOp> ops = new ArrayList<>(writes.size());
        List<Long> timestamps = new ArrayList<>(writes.size());
        long lastTicks = 0;
        for (int i = 0; i < writes.size(); i++) {
            byte[] key = rowKey(writes.get(i));
            Seen present = rows.get(key);
            long ticks = Math.max(stamp.ticks(), nextTicks(present)) + i;
            switch (EntityChange.of(writes.get(i), present, ticks)) {
                case EntityChange.Refused refused -> {
                    return failed(i, refused.error());
                }
                case EntityChange.Written row -> {
                    ops.add(new RowOp.Put(key, row.value()));
                    timestamps.add(ticks);
                    lastTicks = Math.max(lastTicks, ticks);
                }
                case EntityChange.Deleted deleted -> {
                    ops.add(new RowOp.Delete(key));
                    timestamps.add(0L);
                }
            }
        }
        return new Outcome.Made(ops, lastTicks, 0, 0, new RangeReply.Written(timestamps));
    }

    /** What no front end should have let pass. */
    private static Optional<Outcome> invalid(List<EntityWrite> writes) {
        if (writes.isEmpty() || writes.size() > EntityLimits.MAX_TRANSACTION_WRITES) {
            return Optional.of(failed(0, StorageErrorCode.INVALID_INPUT));
        }
        Set<EntityKey> distinct = new HashSet<>();
        String partitionKey = writes.getFirst().key().partitionKey();
        for (int i = 0; i < writes.size(); i++) {
            if (!distinct.add(writes.get(i).key()) || !writes.get(i).key().partitionKey().equals(partitionKey)) {
                return Optional.of(failed(i, StorageErrorCode.INVALID_INPUT));
            }
        }
        return Optional.empty();
    }

    /** A Timestamp is later than the entity's last one, even if that came from elsewhere. */
    private static long nextTicks(Seen present) {
        return present.exists() ? RangeRows.ticks(present.value()) + 1 : 0;
    }

    private static byte[] rowKey(EntityWrite write) {
        return RangeRows.entityKey(write.key().encode());
    }

    private static Outcome failed(int index, StorageErrorCode error) {
        return new Outcome.Refused(new RangeReply.Failed(index, error));
    }
}
