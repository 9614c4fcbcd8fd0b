package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.BlockSegments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The bytes of a block or append blob: a segment of its blocks at a time, by the offset of what is wanted. */
final class BlockContent implements ContentSource {

    private final BlobReads reads;
    private final ContainerRanges container;
    private final String blob;
    private final BlobContent.Blocks content;

    BlockContent(BlobReads reads, ContainerRanges container, String blob, BlobContent.Blocks content) {
        this.reads = reads;
        this.container = container;
        this.blob = blob;
        this.content = content;
    }

    @Override
    public CompletionStage<List<ContentPiece>> from(long offset, long end) {
        long tail = content.tailOffset();
        if (offset >= tail) {
            return CompletableFuture.completedStage(pieces(content.blocks(), tail, offset));
        }
        long segment = segmentOf(offset);
        byte[] key = BlobRows.segmentKey(blob, content.contentId(), segment);
        return reads.rows(container, blob, List.of(key)).thenApply(rows -> rows.getFirst()
                .map(row -> pieces(BlockSegments.of(content, segment, BlobRows.segment(row)), segment, offset))
                .orElse(List.of()));
    }

    private long segmentOf(long offset) {
        List<Long> segments = content.segments();
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return segments.get(low);
    }

    /** @param begin of the first block */
    private static List<ContentPiece> pieces(List<BlockRef> blocks, long begin, long offset) {
        List<ContentPiece> pieces = new ArrayList<>();
        long at = begin;
        for (BlockRef block : blocks) {
            long length = block.run().lengthBytes();
            if (at + length > offset) {
                long skipped = Math.max(0, offset - at);
                pieces.add(new ContentPiece.Stored(block.run(), skipped, length - skipped));
            }
            at += length;
        }
        return pieces;
    }
}
