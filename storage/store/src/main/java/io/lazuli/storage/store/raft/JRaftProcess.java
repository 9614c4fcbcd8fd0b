package io.lazuli.storage.store.raft;

import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;

/**
 * What the consensus library keeps once per process: set before its classes load, by the first {@link RaftHost}, and kept
 * until the process ends, so that hosts may start and stop in any order.
 */
final class JRaftProcess {

    private static final int LOG_BLOCK_BYTES = 16 << 10;

    private static boolean prepared;

    private JRaftProcess() {}

    static synchronized void prepare(RaftSettings settings) {
        if (prepared) {
            return;
        }
        RocksDB.loadLibrary();
        threads();
        logStorage(settings);
        prepared = true;
    }

    /** The library sizes these for a machine of its own; a node has a handful of groups. */
    private static void threads() {
        setUnlessGiven("jraft.timer.global_election_timer_workers", "2");
        setUnlessGiven("jraft.timer.global_vote_timer_workers", "1");
        setUnlessGiven("jraft.timer.global_step_down_timer_workers", "1");
        setUnlessGiven("jraft.timer.global_snapshot_timer_workers", "1");
        setUnlessGiven("jraft.timer.global_scheduler_workers", "2");
        setUnlessGiven("jraft.closure.threadpool.size.min", "2");
        setUnlessGiven("jraft.internal.closure.threadpool.size.min", "1");
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Every group has such a database: the library's own three memtables of 64 MiB would add up. Closed by the process' end. */
    private static void logStorage(RaftSettings settings) {
        DBOptions db = StorageOptionsFactory.getDefaultRocksDBOptions();
        db.setMaxTotalWalSize(settings.logWalBytes());
        db.setKeepLogFileNum(2);
        db.setMaxLogFileSize(1 << 20);
        db.setMaxBackgroundJobs(2);
        db.setMaxOpenFiles(64);
        db.setStatsDumpPeriodSec(0);
        StorageOptionsFactory.registerRocksDBOptions(RocksDBLogStorage.class, db);

        ColumnFamilyOptions family = StorageOptionsFactory.getDefaultRocksDBColumnFamilyOptions();
        family.setWriteBufferSize(settings.logMemtableBytes());
        family.setMaxWriteBufferNumber(settings.logMemtables());
        family.setMaxBytesForLevelBase(settings.logLevelBaseBytes());
        family.setTargetFileSizeBase(Math.max(settings.logLevelBaseBytes() / 8, 1 << 20));
        StorageOptionsFactory.registerRocksDBColumnFamilyOptions(RocksDBLogStorage.class, family);

        // New entries are in the library's memory, old ones are read once: a cache per column family would only fill up.
        BlockBasedTableConfig table = new BlockBasedTableConfig().setNoBlockCache(true).setBlockSize(LOG_BLOCK_BYTES);
        StorageOptionsFactory.registerRocksDBTableFormatConfig(RocksDBLogStorage.class, table);
    }
}
