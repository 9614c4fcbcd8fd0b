package io.lazuli.storage.partition.table;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobReply;
import java.util.List;

/** What a range answers; every answer leaves after what it reports is durable. */
public sealed interface RangeReply extends WireMessage {

    /** @param ticks the entities' new Timestamps, 0 for a deletion */
    record Written(List<Long> ticks) implements RangeReply {}

    /** The change at {@code index} could not be made, hence none was. */
    record Failed(int index, StorageErrorCode error) implements RangeReply {}

    /** What became of a blob's change. */
    record Changed(BlobReply reply) implements RangeReply {}

    record Done() implements RangeReply {}

    /** @param key the first partition key of the upper half, empty if there is nothing to split */
    record SplitKey(byte[] key) implements RangeReply {}

    /** @param entities and {@code bytes} approximate */
    record Described(long entities, long bytes, double writesPerSecond) implements RangeReply {}

    record Refused(StorageErrorCode error) implements RangeReply {}

    /** The keys asked for are not served here (any more): look up the way anew. */
    record Moved() implements RangeReply {}
}
