package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import java.util.List;

/**
 * Where the bytes of a blob's state are. Rows that hold long lists or inline bytes are found by {@code contentId}, a number that the blob's range gives
 * once for each content; a snapshot or version shares the content of the state that it was made of.
 */
public sealed interface BlobContent extends WireMessage {

    long lengthBytes();

    /** There are uncommitted blocks only: the blob does not exist yet for those who read. */
    record Uncommitted() implements BlobContent {

        @Override
        public long lengthBytes() {
            return 0;
        }
    }

    /** At most {@link NewContent#MAX_INLINE_BYTES} bytes, in one row of the span of data. */
    record Inline(long contentId, long lengthBytes) implements BlobContent {}

    /**
     * The blocks of a block or append blob in order.
     *
     * @param blocks all of them if they are few; empty if they are in {@code segments}
     * @param segments rows of blocks, each by the offset of its first byte, ascending
     */
    record Blocks(long contentId, long lengthBytes, int blockCount, List<BlockRef> blocks, List<Long> segments) implements BlobContent {}

    /**
     * The pages of a page blob, in rows of {@link PageMap} by their offset and the generation that wrote them: of each, the newest that is not
     * newer than {@code generation} counts.
     */
    record Pages(long contentId, long lengthBytes, long generation) implements BlobContent {}
}
