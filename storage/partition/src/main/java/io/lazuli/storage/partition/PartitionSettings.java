package io.lazuli.storage.partition;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import io.lazuli.storage.chunk.ChunkSettings;
import io.lazuli.storage.partition.account.AccountPartitionSettings;
import io.lazuli.storage.partition.blob.service.BlobServiceSettings;
import io.lazuli.storage.partition.blob.service.UpkeepSettings;
import io.lazuli.storage.partition.queue.QueuePartitionSettings;
import io.lazuli.storage.partition.table.RangeSettings;
import io.lazuli.storage.partition.table.directory.TableDirectorySettings;

/**
 * What can be configured of partitions ({@code lazuli.partition} in {@code reference.conf}, where each key is explained).
 *
 * @param requestTimeoutMillis how long a front end waits for a partition before it answers OperationTimedOut
 * @param maxRoutes queues whose partition a front end remembers
 * @param blob of ranges of containers
 * @param maxTableRoutes ranges of tables that a front end remembers, {@code maxContainerRoutes} of containers
 */
public record PartitionSettings(
        QueuePartitionSettings queue, AccountPartitionSettings account, RangeSettings table, TableDirectorySettings tableDirectory,
        RangeSettings blob, TableDirectorySettings containerDirectory, BlobServiceSettings blobService, UpkeepSettings blobUpkeep,
        long requestTimeoutMillis, int maxRoutes, int maxTableRoutes, int maxContainerRoutes) {

    /** @throws io.lazuli.kernel.SettingsException if a value is missing or wrong, also beside the chunk store's */
    public static PartitionSettings of(Config config) {
        SettingsReader settings = new SettingsReader(config).under("lazuli.partition");
        long requestTimeoutMillis = settings.millisIn("request-timeout", 100, 600_000);
        return new PartitionSettings(
                QueuePartitionSettings.of(settings.under("queue")),
                AccountPartitionSettings.of(settings.under("account"), requestTimeoutMillis),
                RangeSettings.of(settings.under("table")),
                TableDirectorySettings.of(settings.under("table-directory"), requestTimeoutMillis),
                RangeSettings.of(settings.under("blob")),
                TableDirectorySettings.of(settings.under("container-directory"), requestTimeoutMillis),
                BlobServiceSettings.of(settings.under("blob-service"), ChunkSettings.of(config).replication().clockLimits()),
                UpkeepSettings.of(settings.under("blob-upkeep")),
                requestTimeoutMillis,
                settings.intIn("max-routes", 1, 10_000_000),
                settings.intIn("max-table-routes", 1, 10_000_000),
                settings.intIn("max-container-routes", 1, 10_000_000));
    }
}
