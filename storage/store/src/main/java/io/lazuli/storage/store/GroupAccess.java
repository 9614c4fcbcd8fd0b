package io.lazuli.storage.store;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One try to have a group's leader do something, here or on another node. All stages complete, in time for another try.
 * Failures: {@link StoreUnavailableException}, {@link FencedException} from {@link #confirm}.
 */
interface GroupAccess {

    /** @param item encoded by {@link EntryFormat} */
    CompletionStage<ItemResult> submit(byte[] item);

    CompletionStage<ReadPoint> confirm(PartitionId partition, long epoch);

    CompletionStage<Optional<byte[]>> get(PartitionId partition, byte[] key, ReadPoint at);

    CompletionStage<RowsRead> read(PartitionId partition, RowsWanted wanted, ReadPoint at);

    CompletionStage<RowPage> scan(PartitionId partition, RowRange range, ReadPoint at);

    /** Names, as of {@link RowStore#partitions}. */
    CompletionStage<List<String>> partitions(PartitionKind kind, String afterName, int max);
}
