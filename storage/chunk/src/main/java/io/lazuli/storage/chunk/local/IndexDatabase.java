package io.lazuli.storage.chunk.local;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The RocksDB of a node's chunk index, with little memory of its own. Its write-ahead log is off and all rows are in one column family: a
 * crash leaves the rows after some earlier batch, and what came later is found in the extents again.
 *
 * <p>Its owner closes it only when no thread uses it any more: a closed RocksDB that is touched ends the process.
 */
final class IndexDatabase implements AutoCloseable {

    private static final int MAX_MEMTABLES = 3;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int BLOCK_BYTES = 4 << 10;
    private static final int CACHE_SHARD_BITS = 0;
    private static final double INDEX_SHARE_OF_CACHE = 0.5;
    private static final int MAX_OPEN_FILES = 128;
    private static final long MAX_INFO_LOG_BYTES = 1L << 20;
    private static final long KEPT_INFO_LOGS = 2;

    static {
        RocksDB.loadLibrary();
    }

    private final LRUCache cache;
    private final BloomFilter bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY, false);
    private final Options options;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions pointReads = new ReadOptions();
    private final RocksDB rocks;

    /** @throws RocksDBException if what is there is no database that can be read */
    IndexDatabase(Path directory, LocalSettings settings) throws RocksDBException {
        cache = new LRUCache(settings.indexCacheBytes(), CACHE_SHARD_BITS, false, INDEX_SHARE_OF_CACHE);
        options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(settings.indexWriteBufferBytes())
                .setMaxWriteBufferNumber(MAX_MEMTABLES)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MAX_INFO_LOG_BYTES)
                .setKeepLogFileNum(KEPT_INFO_LOGS)
                .setStatsDumpPeriodSec(0)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(BLOCK_BYTES)
                        .setFilterPolicy(bloomFilter)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setFormatVersion(5));
        RocksDB opened = null;
        try {
            opened = RocksDB.open(options, directory.toString());
        } finally {
            if (opened == null) {
                closeOptions();
            }
        }
        rocks = opened;
    }

    interface RowReader {

        /** @return whether to go on */
        boolean row(byte[] key, byte[] value);
    }

    /** Null if there is none. */
    byte[] get(byte[] key) {
        try {
            return rocks.get(pointReads, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /** Rows with {@code from <= key < to}, in order, as of one moment. */
    void scan(byte[] from, byte[] to, RowReader reader) {
        try (Slice upper = new Slice(to);
                ReadOptions reads = new ReadOptions().setIterateUpperBound(upper);
                RocksIterator rows = rocks.newIterator(reads)) {
            rows.seek(from);
            while (rows.isValid() && reader.row(rows.key(), rows.value())) {
                rows.next();
            }
            rows.status();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    void write(WriteBatch batch) {
        try {
            rocks.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    void flush(boolean wait) {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            rocks.flush(flush);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        rocks.close();
        closeOptions();
    }

    private void closeOptions() {
        pointReads.close();
        writeOptions.close();
        options.close();
        bloomFilter.close();
        cache.close();
    }

    private static IllegalStateException failed(RocksDBException e) {
        return new IllegalStateException("the chunk index fails", e);
    }
}
