package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;
import java.util.List;

/**
 * Where the bytes of a blob's state are. Rows that hold long lists or inline bytes are found by {@code contentId}, a number that the blob's range gives
 * once for each content; a snapshot or version shares the content of the state that it was made of.
 */
public sealed interface BlobContent extends WireMessage {

    long lengthBytes();

    /** 0 if it has no rows. */
    default long contentId() {
        return 0;
    }

    /** There are uncommitted blocks only: the blob does not exist yet for those who read. */
    record Uncommitted() implements BlobContent {

        @Override
        public long lengthBytes() {
            return 0;
        }
    }

    /** The blob has no current state; its row stays as long as there are versions or deleted snapshots of it, so that {@link BlobState#change} goes on. */
    record Absent() implements BlobContent {

        @Override
        public long lengthBytes() {
            return 0;
        }
    }

    /** At most {@link NewContent#MAX_INLINE_BYTES} bytes, in one row of the span of data. */
    record Inline(long contentId, long lengthBytes) implements BlobContent {}

    /**
     * The blocks of a block or append blob in order: those in {@code segments}, then {@code blocks}. The last segment of an append blob that has
     * been appended to since may hold more than this content: of the segments only what begins before {@link #tailOffset} counts.
     *
     * @param blocks the last ones; all of them if they are few
     * @param segments rows of blocks, each by the offset of its first byte, ascending
     */
    record Blocks(long contentId, long lengthBytes, int blockCount, List<BlockRef> blocks, List<Long> segments) implements BlobContent {

        /** Where the first of {@code blocks} begins. */
        public long tailOffset() {
            return lengthBytes - blocks.stream().mapToLong(block -> block.run().lengthBytes()).sum();
        }
    }

    /**
     * The pages of a page blob, in rows of {@link PageWindow}s, each written by a generation: of each window, the newest row that is not newer than
     * {@code generation} counts, see {@link PageMap}.
     *
     * @param cuts where the blob once ended, ascending in both components
     */
    record Pages(long contentId, long lengthBytes, long generation, List<Cut> cuts) implements BlobContent {

        public static final long FIRST_GENERATION = 1;
    }

    /** What generations before {@code generation} wrote at or behind {@code sizeBytes} is gone, because the blob was made that short. */
    record Cut(long generation, long sizeBytes) implements WireMessage {}
}
