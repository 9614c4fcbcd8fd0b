package io.lazuli.storage.partition.table.directory;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.ContainerState;
import java.util.List;

/** What a table directory answers, after what it tells is durable. */
public sealed interface TableDirectoryReply extends WireMessage {

    record Done() implements TableDirectoryReply {}

    /** What was to be changed is not as whoever asked has read it. */
    record Outdated() implements TableDirectoryReply {}

    /** The container as it is now, or as it was when it was deleted. */
    record Container(ContainerState state) implements TableDirectoryReply {}

    record Refused(StorageErrorCode error) implements TableDirectoryReply {}

    /** @param next the first key of the next page's first range, null behind the last */
    record Ranges(List<RangeFacts> ranges, byte[] next) implements TableDirectoryReply {}

    /** @param state a word for people; numbers as last reported, 0 before the first report */
    record RangeFacts(
            byte[] low, String partition, String state, long entities, long bytes, double writesPerSecond, double readsPerSecond) {}
}
