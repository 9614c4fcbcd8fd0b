package io.lazuli.storage.store;

import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WriteBufferManager;

/**
 * What the row databases of one node share, so that its memory does not grow with the number of groups: one block cache, one
 * limit on memtables, RocksDB's background threads. Closed after the last database that uses it.
 */
final class RocksResources implements AutoCloseable {

    /** A memtable is flushed at this size; two may wait for it. */
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final int MAX_MEMTABLES = 3;
    private static final long BASE_LEVEL_BYTES = 64L << 20;
    private static final int MAX_OPEN_FILES = 512;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int BLOCK_BYTES = 8 << 10;
    /** Indexes and filters are read in pieces of this size: whole ones of a large file would not fit into a shard of a small cache. */
    private static final int INDEX_BLOCK_BYTES = 4 << 10;
    /** Few, because a shard must hold much more than one block, and memtables are charged to the cache. */
    private static final int CACHE_SHARD_BITS = 2;
    /** Kept for indexes and filters, which every read needs. */
    private static final double INDEX_SHARE_OF_CACHE = 0.5;
    private static final long MAX_INFO_LOG_BYTES = 1L << 20;
    private static final long KEPT_INFO_LOGS = 2;
    /** A file with so many deletions among so many neighbouring entries is compacted soon: queues delete at their head. */
    private static final long DELETION_WINDOW = 1024;
    private static final long DELETION_TRIGGER = 512;

    private final Cache blockCache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter bloomFilter;
    private final TablePropertiesCollectorFactory deletionCollector;
    private final Options options;

    RocksResources(StoreSettings settings) {
        RocksDB.loadLibrary();
        // Memtables are charged to the cache, so that one number bounds both; it must hold them and the blocks.
        blockCache = new LRUCache(
                settings.blockCacheBytes() + settings.writeBufferBytes(), CACHE_SHARD_BITS, false, INDEX_SHARE_OF_CACHE);
        writeBuffers = new WriteBufferManager(settings.writeBufferBytes(), blockCache, false);
        bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY, false);
        deletionCollector = TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(DELETION_WINDOW, DELETION_TRIGGER, 0.0);
        Env env = Env.getDefault();
        env.setBackgroundThreads(settings.backgroundThreads(), Priority.LOW);
        env.setBackgroundThreads(1, Priority.HIGH);
        options = new Options()
                .setCreateIfMissing(true)
                .setEnv(env)
                .setWriteBufferManager(writeBuffers)
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(MAX_MEMTABLES)
                .setMaxBytesForLevelBase(BASE_LEVEL_BYTES)
                .setLevelCompactionDynamicLevelBytes(true)
                .setMaxBackgroundJobs(settings.backgroundThreads() + 1)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MAX_INFO_LOG_BYTES)
                .setKeepLogFileNum(KEPT_INFO_LOGS)
                .setStatsDumpPeriodSec(0)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(blockCache)
                        .setBlockSize(BLOCK_BYTES)
                        .setFilterPolicy(bloomFilter)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setIndexType(IndexType.kTwoLevelIndexSearch)
                        .setPartitionFilters(true)
                        .setMetadataBlockSize(INDEX_BLOCK_BYTES)
                        .setFormatVersion(5));
        options.setTablePropertiesCollectorFactory(List.of(deletionCollector));
    }

    Options options() {
        return options;
    }

    @Override
    public void close() {
        options.close();
        deletionCollector.close();
        bloomFilter.close();
        writeBuffers.close();
        blockCache.close();
    }
}
