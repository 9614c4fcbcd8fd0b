package io.lazuli.storage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One group's ordered rows on this node: a RocksDB whose content can be replaced whole. It owns {@code directory}:
 *
 * <pre>
 * current      the name of the generation that counts
 * rows-N/      a RocksDB; generations other than the current one are leftovers of a crash and deleted on opening
 * </pre>
 *
 * <p>RocksDB's write-ahead log is off: after a crash the content is that of some earlier moment, whole up to the batch,
 * because everything is in one column family. Reads, writes and closing may come from any threads: a read-write lock keeps a
 * closed RocksDB from ever being touched, which would crash the process.
 */
final class RowDatabase implements AutoCloseable {

    private static final String CURRENT = "current";
    private static final String GENERATION = "rows-";
    private static final String CHECKPOINT = "checkpoint";

    private final Path directory;
    private final RocksResources resources;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions pointReads = new ReadOptions();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Lock use = lock.readLock();
    private final Lock exchange = lock.writeLock();
    private RocksDB rocks;
    private int generation;

    private RowDatabase(Path directory, RocksResources resources, RocksDB rocks, int generation) {
        this.directory = directory;
        this.resources = resources;
        this.rocks = rocks;
        this.generation = generation;
    }

    static RowDatabase open(Path directory, RocksResources resources) throws IOException {
        DurableFiles.createDirectory(directory);
        Path pointer = directory.resolve(CURRENT);
        int generation = 1;
        if (Files.exists(pointer)) {
            generation = Integer.parseInt(Files.readString(pointer).strip().substring(GENERATION.length()));
        }
        for (Path leftover : DurableFiles.list(directory)) {
            boolean current = Files.exists(pointer) && leftover.getFileName().toString().equals(GENERATION + generation);
            if (Files.isDirectory(leftover) && !current) {
                DurableFiles.deleteTree(leftover);
            }
        }
        RocksDB rocks = openRocks(directory.resolve(GENERATION + generation), resources);
        if (!Files.exists(pointer)) {
            DurableFiles.replace(pointer, GENERATION + generation);
        }
        return new RowDatabase(directory, resources, rocks, generation);
    }

    /** What a reader sees. */
    interface View {

        /** The value, or null. */
        byte[] get(byte[] key);

        /** Rows with {@code from <= key < to}; see {@link RowRange} for the limits. Keys are whole. */
        RowPage scan(byte[] from, byte[] to, int maxRows, int maxBytes, boolean reverse);
    }

    /** See {@link View#get}. */
    byte[] get(byte[] key) {
        use.lock();
        try {
            return opened().get(pointReads, key);
        } catch (RocksDBException e) {
            throw failed("read", e);
        } finally {
            use.unlock();
        }
    }

    /** See {@link View#scan}. */
    RowPage scan(byte[] from, byte[] to, int maxRows, int maxBytes, boolean reverse) {
        use.lock();
        try (ReadOptions options = new ReadOptions()) {
            return scan(options, from, to, maxRows, maxBytes, reverse);
        } finally {
            use.unlock();
        }
    }

    /** Several reads as of one moment, whatever is written or replaced meanwhile. */
    <T> T atOneMoment(Function<View, T> reading) {
        use.lock();
        try {
            Snapshot moment = opened().getSnapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(moment)) {
                return reading.apply(new MomentView(options));
            } finally {
                rocks.releaseSnapshot(moment);
            }
        } finally {
            use.unlock();
        }
    }

    /** To be called under the lock, with options of its own. */
    private RowPage scan(ReadOptions options, byte[] from, byte[] to, int maxRows, int maxBytes, boolean reverse) {
        try (Slice lower = new Slice(from);
                Slice upper = new Slice(to);
                RocksIterator rows = opened().newIterator(options.setIterateLowerBound(lower).setIterateUpperBound(upper))) {
            List<Row> page = new ArrayList<>(Math.min(maxRows, 64));
            long bytes = 0;
            if (reverse) {
                rows.seekToLast();
            } else {
                rows.seekToFirst();
            }
            while (rows.isValid() && page.size() < maxRows && bytes < maxBytes) {
                Row row = new Row(rows.key(), rows.value());
                bytes += row.key().length + row.value().length;
                if (bytes > maxBytes && !page.isEmpty()) {
                    break;
                }
                page.add(row);
                if (reverse) {
                    rows.prev();
                } else {
                    rows.next();
                }
            }
            boolean more = rows.isValid();
            rows.status();
            return new RowPage(page, more);
        } catch (RocksDBException e) {
            throw failed("scan", e);
        }
    }

    void write(WriteBatch batch) {
        use.lock();
        try {
            opened().write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw failed("write", e);
        } finally {
            use.unlock();
        }
    }

    /** Writes a whole, durable copy of the present content into an existing empty directory. */
    void save(Path target) throws IOException {
        Path checkpointed = directory.resolve(CHECKPOINT);
        DurableFiles.deleteTree(checkpointed);
        use.lock();
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            opened().flush(flush);
            try (Checkpoint checkpoint = Checkpoint.create(opened())) {
                checkpoint.createCheckpoint(checkpointed.toString());
            }
        } catch (RocksDBException e) {
            throw new IOException("cannot copy the rows in " + directory, e);
        } finally {
            use.unlock();
        }
        DurableFiles.copyDatabase(checkpointed, target);
        DurableFiles.deleteTree(checkpointed);
    }

    /** Replaces the content by a copy that {@link #save} made. A crash at any moment leaves the old or the new. */
    void replace(Path source) throws IOException {
        int next = generation + 1;
        Path fresh = directory.resolve(GENERATION + next);
        DurableFiles.deleteTree(fresh);
        DurableFiles.createDirectory(fresh);
        DurableFiles.copyDatabase(source, fresh);
        RocksDB replacement = openRocks(fresh, resources);
        Path old = directory.resolve(GENERATION + generation);
        exchange.lock();
        try {
            if (rocks == null) {
                replacement.close();
                throw new IOException("the replica in " + directory + " is closed");
            }
            DurableFiles.replace(directory.resolve(CURRENT), GENERATION + next);
            rocks.close();
            rocks = replacement;
            generation = next;
        } finally {
            exchange.unlock();
        }
        DurableFiles.deleteTree(old);
    }

    @Override
    public void close() {
        exchange.lock();
        try {
            if (rocks != null) {
                rocks.close();
                rocks = null;
                writeOptions.close();
                pointReads.close();
            }
        } finally {
            exchange.unlock();
        }
    }

    /** Used under the lock. */
    private final class MomentView implements View {

        private final ReadOptions options;

        private MomentView(ReadOptions options) {
            this.options = options;
        }

        @Override
        public byte[] get(byte[] key) {
            try {
                return opened().get(options, key);
            } catch (RocksDBException e) {
                throw failed("read", e);
            }
        }

        @Override
        public RowPage scan(byte[] from, byte[] to, int maxRows, int maxBytes, boolean reverse) {
            try (ReadOptions ofScan = new ReadOptions(options)) {
                return RowDatabase.this.scan(ofScan, from, to, maxRows, maxBytes, reverse);
            }
        }
    }

    private RocksDB opened() {
        if (rocks == null) {
            throw new StoreUnavailableException("the replica is closed", true);
        }
        return rocks;
    }

    private static RocksDB openRocks(Path directory, RocksResources resources) throws IOException {
        try {
            return RocksDB.open(resources.options(), directory.toString());
        } catch (RocksDBException e) {
            throw new IOException("cannot open the rows in " + directory, e);
        }
    }

    private IllegalStateException failed(String what, RocksDBException e) {
        return new IllegalStateException("cannot " + what + " rows in " + directory, e);
    }
}
