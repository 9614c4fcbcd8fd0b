package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.raft.RaftStateMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What a group replicates: rows, who may write them, and the index up to which the log is applied, all in one
 * {@link RowDatabase}. A run of entries is gathered into one RocksDB batch, which carries the applied index with it, so that
 * what a crash leaves is the state after some entry, and replay continues behind exactly that one.
 *
 * <pre>
 * key 00                        applied index: version(1)=1 index(8)
 * key 01 prefix                 the partition's writer ({@link WriterRow})
 * key row-space relative-key    a row ({@link PartitionPrefix}; its first byte is a letter)
 * </pre>
 *
 * <p>Fencing and the order of a writer's batches are decided here, where all replicas agree, and not in front of the log. A
 * batch of an older epoch is refused; one that was applied before is answered as applied without being applied again; one
 * whose predecessor is missing is refused. See DESIGN.md.
 *
 * <p>Bounded: {@value #MAX_CACHED_WRITERS} writers are cached; what is gathered, by the length of a run. Reads may come from any thread and see what
 * {@link #flushApplied} has written.
 */
final class RowStateMachine implements RaftStateMachine, AutoCloseable {

    private static final byte VERSION = 1;
    private static final byte[] APPLIED_KEY = {0};
    private static final byte WRITERS = 1;
    private static final RowPage NO_ROWS = new RowPage(List.of(), false);
    private static final int MAX_CACHED_WRITERS = 50_000;

    private interface Scan {

        RowPage scan(byte[] from, byte[] to, int maxRows, int maxBytes, boolean reverse);
    }

    /** Told when this replica begins or ceases to lead; on the group's thread. */
    interface LeadershipListener {

        void onLeadership(boolean leading, long term);
    }

    private final RowDatabase database;
    private final LeadershipListener listener;
    private final Map<PartitionPrefix, WriterRow> writers = new ConcurrentHashMap<>();
    private final Set<PartitionPrefix> changedWriters = new HashSet<>();
    private final WriteBatch gathered = new WriteBatch();
    private final EntryFormat.Visitor applier = new Applier();
    private ByteBuffer results;
    private long gatheredIndex;
    private volatile long appliedIndex;

    RowStateMachine(RowDatabase database, LeadershipListener listener) {
        this.database = database;
        this.listener = listener;
        readAppliedIndex();
    }

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public byte[] apply(long index, ByteBuffer entry) {
        if (index <= gatheredIndex) {
            throw new IllegalStateException("entry " + index + " comes after entry " + gatheredIndex);
        }
        results = ByteBuffer.allocate(EntryFormat.itemCount(entry) * ItemResult.BYTES);
        EntryFormat.read(entry, applier);
        gatheredIndex = index;
        byte[] answer = results.array();
        results = null;
        return answer;
    }

    @Override
    public void flushApplied() {
        if (gatheredIndex == appliedIndex) {
            return;
        }
        try {
            for (PartitionPrefix partition : changedWriters) {
                gathered.put(writerKey(partition), writers.get(partition).encode());
            }
            gathered.put(APPLIED_KEY, encodeIndex(gatheredIndex));
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
        database.write(gathered);
        gathered.clear();
        changedWriters.clear();
        appliedIndex = gatheredIndex;
        if (writers.size() > MAX_CACHED_WRITERS) {
            writers.clear();
        }
    }

    @Override
    public void saveSnapshot(Path directory) throws IOException {
        flushApplied();
        database.save(directory);
    }

    @Override
    public void loadSnapshot(Path directory) throws IOException {
        gathered.clear();
        changedWriters.clear();
        database.replace(directory);
        writers.clear();
        readAppliedIndex();
    }

    @Override
    public void onLeadership(boolean leading, long term) {
        listener.onLeadership(leading, term);
    }

    /** The partition's newest epoch if it need not be read from the database, else -1. */
    long cachedEpoch(PartitionPrefix partition) {
        WriterRow writer = writers.get(partition);
        return writer == null ? -1 : writer.epoch();
    }

    long epoch(PartitionPrefix partition) {
        WriterRow writer = writers.get(partition);
        return (writer == null ? readWriter(partition) : writer).epoch();
    }

    /** The row's value, or null. */
    byte[] get(PartitionPrefix partition, byte[] key) {
        return database.get(partition.rowKey(key));
    }

    RowsRead read(PartitionPrefix partition, RowsWanted wanted) {
        return database.atOneMoment(rows -> read(rows, partition, wanted));
    }

    /** All as of one moment. As many of the first reads as hold {@link StoreLimits#MAX_READ_BYTES} together, at least one. */
    List<RowsRead> readKeys(List<PointReads.Wanted> reads) {
        return database.atOneMoment(rows -> {
            List<RowsRead> done = new ArrayList<>(reads.size());
            long bytes = 0;
            for (PointReads.Wanted wanted : reads) {
                RowsRead read = read(rows, PartitionPrefix.of(wanted.partition()), new RowsWanted(Optional.empty(), wanted.keys()));
                bytes += read.values().stream().mapToLong(value -> value.map(found -> found.length).orElse(0)).sum();
                if (bytes > StoreLimits.MAX_READ_BYTES && !done.isEmpty()) {
                    break;
                }
                done.add(read);
            }
            return done;
        });
    }

    private static RowsRead read(RowDatabase.View rows, PartitionPrefix partition, RowsWanted wanted) {
        RowPage page = wanted.range().map(range -> scan(rows::scan, partition, range)).orElse(NO_ROWS);
        List<Optional<byte[]>> values = new ArrayList<>(wanted.keys().size());
        int bytes = 0;
        for (byte[] key : wanted.keys()) {
            if (bytes >= StoreLimits.MAX_READ_BYTES) {
                break;
            }
            byte[] value = rows.get(partition.rowKey(key));
            values.add(Optional.ofNullable(value));
            bytes += value == null ? 0 : value.length;
        }
        return new RowsRead(page, values);
    }

    RowPage scan(PartitionPrefix partition, RowRange range) {
        return scan(database::scan, partition, range);
    }

    private static RowPage scan(Scan rows, PartitionPrefix partition, RowRange range) {
        byte[] from = partition.rowKey(range.fromInclusive());
        byte[] to = range.toExclusive() == null ? partition.end() : partition.rowKey(range.toExclusive());
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return NO_ROWS;
        }
        RowPage page = rows.scan(from, to, range.maxRows(), range.maxBytes(), range.reverse());
        return new RowPage(
                page.rows().stream().map(row -> new Row(partition.relativeKey(row.key()), row.value())).toList(), page.more());
    }

    /** Names, as of {@link RowStore#partitions}: leaps from one partition's first row to the next one's. */
    List<String> partitions(PartitionKind kind, String afterName, int max) {
        byte[] end = PartitionPrefix.endOf(kind);
        return database.atOneMoment(rows -> {
            List<String> names = new ArrayList<>();
            String last = afterName;
            while (names.size() < max) {
                List<Row> first = rows.scan(PartitionPrefix.behind(kind, last), end, 1, 1, false).rows();
                if (first.isEmpty()) {
                    break;
                }
                last = PartitionPrefix.nameIn(first.getFirst().key());
                names.add(last);
            }
            return names;
        });
    }

    /** Only when no thread applies any more. */
    @Override
    public void close() {
        database.close();
        gathered.close();
    }

    private void readAppliedIndex() {
        byte[] value = database.get(APPLIED_KEY);
        appliedIndex = value == null ? 0 : decodeIndex(value);
        gatheredIndex = appliedIndex;
    }

    private WriterRow readWriter(PartitionPrefix partition) {
        byte[] value = database.get(writerKey(partition));
        return value == null ? WriterRow.UNCLAIMED : WriterRow.decode(value);
    }

    /** On the group's thread: what the entries so far, gathered ones included, make of the partition's writer. */
    private WriterRow writerNow(PartitionPrefix partition) {
        WriterRow writer = writers.get(partition);
        return writer == null ? readWriter(partition) : writer;
    }

    private void changeWriter(PartitionPrefix partition, WriterRow writer) {
        writers.put(partition, writer);
        changedWriters.add(partition);
    }

    static byte[] encodeIndex(long index) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(VERSION).putLong(index).array();
    }

    static long decodeIndex(byte[] value) {
        if (value.length != 1 + Long.BYTES || value[0] != VERSION) {
            throw new MalformedEntryException("an applied-index row of " + value.length + " bytes");
        }
        return ByteBuffer.wrap(value, 1, Long.BYTES).getLong();
    }

    private static byte[] writerKey(PartitionPrefix partition) {
        byte[] prefix = partition.bytes();
        byte[] key = new byte[1 + prefix.length];
        key[0] = WRITERS;
        System.arraycopy(prefix, 0, key, 1, prefix.length);
        return key;
    }

    private final class Applier implements EntryFormat.Visitor {

        @Override
        public void claim(PartitionPrefix partition) {
            long epoch = writerNow(partition).epoch() + 1;
            changeWriter(partition, new WriterRow(epoch, 0));
            ItemResult.write(results, ItemResult.Kind.CLAIMED, epoch);
        }

        @Override
        public boolean batch(PartitionPrefix partition, long epoch, long sequence) {
            WriterRow writer = writerNow(partition);
            if (epoch != writer.epoch()) {
                ItemResult.write(results, ItemResult.Kind.FENCED, writer.epoch());
                return false;
            }
            if (sequence <= writer.sequence()) {
                ItemResult.write(results, ItemResult.Kind.APPLIED, 0);
                return false;
            }
            if (sequence > writer.sequence() + 1) {
                ItemResult.write(results, ItemResult.Kind.OUT_OF_ORDER, writer.sequence());
                return false;
            }
            changeWriter(partition, new WriterRow(epoch, sequence));
            ItemResult.write(results, ItemResult.Kind.APPLIED, 0);
            return true;
        }

        @Override
        public void put(byte[] rowKey, byte[] value) {
            try {
                gathered.put(rowKey, value);
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void delete(byte[] rowKey) {
            try {
                gathered.delete(rowKey);
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void deleteRange(byte[] from, byte[] to) {
            try {
                gathered.deleteRange(from, to);
            } catch (RocksDBException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
