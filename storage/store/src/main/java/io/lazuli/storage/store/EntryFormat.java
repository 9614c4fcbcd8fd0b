package io.lazuli.storage.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a Raft entry, which every replica applies and logs keep for long: many items, each a claim of a partition or
 * an atomic batch. Numbers are big-endian; {@code bytes16} and {@code bytes32} are preceded by their length in 2 and 4 bytes.
 *
 * <pre>
 * entry  := version(1)=1 itemCount(4) item*
 * item   := claim | batch
 * claim  := type(1)=1 prefix:bytes16
 * batch  := type(1)=2 prefix:bytes16 epoch(8) sequence(8) opCount(4) op*
 * op     := put | delete | range
 * put    := type(1)=1 key:bytes16 value:bytes32
 * delete := type(1)=2 key:bytes16
 * range  := type(1)=3 from:bytes16 to:(bytes16 | 0xFFFF for the partition's end)
 * </pre>
 *
 * Items are encoded by whoever submits them, so that a committer only has to copy bytes. Reading checks everything; what
 * does not fit fails with {@link MalformedEntryException}.
 */
final class EntryFormat {

    static final int ENTRY_HEADER_BYTES = 1 + Integer.BYTES;

    private static final byte VERSION = 1;
    private static final byte CLAIM = 1;
    private static final byte BATCH = 2;
    private static final byte PUT = 1;
    private static final byte DELETE = 2;
    private static final byte DELETE_RANGE = 3;
    private static final int TO_END = 0xFFFF;

    /** Takes what an entry holds, in order. */
    interface Visitor {

        void claim(PartitionPrefix partition);

        /** Whether the batch's operations are wanted; they follow if so. */
        boolean batch(PartitionPrefix partition, long epoch, long sequence);

        void put(byte[] rowKey, byte[] value);

        void delete(byte[] rowKey);

        /** {@code from < to}. */
        void deleteRange(byte[] from, byte[] to);
    }

    private EntryFormat() {}

    static byte[] claim(PartitionPrefix partition) {
        byte[] prefix = partition.bytes();
        return ByteBuffer.allocate(1 + 2 + prefix.length).put(CLAIM).putShort((short) prefix.length).put(prefix).array();
    }

    /** @throws IllegalArgumentException if a key, a value or the whole is larger than {@link StoreLimits} allow */
    static byte[] batch(PartitionPrefix partition, long epoch, long sequence, List<RowOp> ops) {
        byte[] prefix = partition.bytes();
        long size = 1 + 2 + prefix.length + 2 * Long.BYTES + Integer.BYTES;
        for (RowOp op : ops) {
            size += switch (op) {
                case RowOp.Put put -> 1 + 2 + keyLength(put.key()) + 4L + valueLength(put.value());
                case RowOp.Delete delete -> 1 + 2 + keyLength(delete.key());
                case RowOp.DeleteRange range -> 1 + 2 + keyLength(range.fromInclusive()) + 2
                        + (range.toExclusive() == null ? 0 : keyLength(range.toExclusive()));
            };
        }
        if (size > StoreLimits.MAX_BATCH_BYTES) {
            throw new IllegalArgumentException("a batch of " + size + " bytes; " + StoreLimits.MAX_BATCH_BYTES + " are allowed");
        }
        ByteBuffer target = ByteBuffer.allocate((int) size);
        target.put(BATCH).putShort((short) prefix.length).put(prefix).putLong(epoch).putLong(sequence).putInt(ops.size());
        for (RowOp op : ops) {
            switch (op) {
                case RowOp.Put put -> {
                    putKey(target.put(PUT), put.key());
                    target.putInt(put.value().length).put(put.value());
                }
                case RowOp.Delete delete -> putKey(target.put(DELETE), delete.key());
                case RowOp.DeleteRange range -> {
                    putKey(target.put(DELETE_RANGE), range.fromInclusive());
                    if (range.toExclusive() == null) {
                        target.putShort((short) TO_END);
                    } else {
                        putKey(target, range.toExclusive());
                    }
                }
            }
        }
        return target.array();
    }

    /** @param itemBytes what all items have together */
    static byte[] entry(List<byte[]> items, int itemBytes) {
        ByteBuffer target = ByteBuffer.allocate(ENTRY_HEADER_BYTES + itemBytes).put(VERSION).putInt(items.size());
        items.forEach(target::put);
        return target.array();
    }

    static int itemCount(ByteBuffer entry) {
        if (entry.remaining() < ENTRY_HEADER_BYTES || entry.get(entry.position()) != VERSION) {
            throw new MalformedEntryException("an entry of unknown version");
        }
        int count = entry.getInt(entry.position() + 1);
        if (count < 1 || count > entry.remaining()) {
            throw new MalformedEntryException("an entry of " + count + " items");
        }
        return count;
    }

    static void read(ByteBuffer entry, Visitor visitor) {
        int count = itemCount(entry);
        entry.position(entry.position() + ENTRY_HEADER_BYTES);
        for (int i = 0; i < count; i++) {
            readItem(entry, visitor);
        }
        requireEnd(entry);
    }

    /** Refuses an item that would stop the replicas, before it is replicated. */
    static void check(byte[] item) {
        ByteBuffer buffer = ByteBuffer.wrap(item);
        readItem(buffer, CHECKER);
        requireEnd(buffer);
    }

    private static void readItem(ByteBuffer source, Visitor visitor) {
        need(source, 1);
        byte type = source.get();
        PartitionPrefix partition = PartitionPrefix.ofBytes(bytes(source, length16(source)));
        switch (type) {
            case CLAIM -> visitor.claim(partition);
            case BATCH -> readBatch(source, partition, visitor);
            default -> throw new MalformedEntryException("an item of unknown type " + type);
        }
    }

    private static void readBatch(ByteBuffer source, PartitionPrefix partition, Visitor visitor) {
        need(source, 2 * Long.BYTES + Integer.BYTES);
        boolean wanted = visitor.batch(partition, source.getLong(), source.getLong());
        int count = source.getInt();
        if (count < 1 || count > source.remaining()) {
            throw new MalformedEntryException("a batch of " + count + " operations");
        }
        for (int i = 0; i < count; i++) {
            readOp(source, partition, wanted ? visitor : CHECKER);
        }
    }

    private static void readOp(ByteBuffer source, PartitionPrefix partition, Visitor visitor) {
        need(source, 1);
        byte type = source.get();
        byte[] key = rowKey(source, partition, length16(source));
        switch (type) {
            case PUT -> {
                need(source, Integer.BYTES);
                visitor.put(key, bytes(source, source.getInt()));
            }
            case DELETE -> visitor.delete(key);
            case DELETE_RANGE -> {
                int length = length16(source);
                byte[] to = length == TO_END ? partition.end() : rowKey(source, partition, length);
                if (Arrays.compareUnsigned(key, to) < 0) {
                    visitor.deleteRange(key, to);
                }
            }
            default -> throw new MalformedEntryException("an operation of unknown type " + type);
        }
    }

    private static byte[] rowKey(ByteBuffer source, PartitionPrefix partition, int length) {
        need(source, length);
        return partition.rowKey(source, length);
    }

    private static byte[] bytes(ByteBuffer source, int length) {
        need(source, length);
        byte[] bytes = new byte[length];
        source.get(bytes);
        return bytes;
    }

    private static int length16(ByteBuffer source) {
        need(source, Short.BYTES);
        return Short.toUnsignedInt(source.getShort());
    }

    private static void need(ByteBuffer source, int length) {
        if (length < 0 || source.remaining() < length) {
            throw new MalformedEntryException("an entry ends too early");
        }
    }

    private static void requireEnd(ByteBuffer source) {
        if (source.hasRemaining()) {
            throw new MalformedEntryException(source.remaining() + " bytes follow an entry's last item");
        }
    }

    private static int keyLength(byte[] key) {
        if (key.length > StoreLimits.MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes; " + StoreLimits.MAX_KEY_BYTES + " are allowed");
        }
        return key.length;
    }

    private static int valueLength(byte[] value) {
        if (value.length > StoreLimits.MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("a value of " + value.length + " bytes; " + StoreLimits.MAX_VALUE_BYTES + " are allowed");
        }
        return value.length;
    }

    private static void putKey(ByteBuffer target, byte[] key) {
        target.putShort((short) key.length).put(key);
    }

    private static final Visitor CHECKER = new Visitor() {
        @Override
        public void claim(PartitionPrefix partition) {}

        @Override
        public boolean batch(PartitionPrefix partition, long epoch, long sequence) {
            return true;
        }

        @Override
        public void put(byte[] rowKey, byte[] value) {}

        @Override
        public void delete(byte[] rowKey) {}

        @Override
        public void deleteRange(byte[] from, byte[] to) {}
    };
}
