package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.BlockSegments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The bytes of a block or append blob: a segment of its blocks at a time, by the offset of what is wanted. Segments never change as long as their content is
 * there, but go with it.
 */
final class BlockContent implements ContentSource {

    private final AddressedBlob blob;
    private final BlobContent.Blocks content;

    BlockContent(AddressedBlob blob, BlobContent.Blocks content) {
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
        return blob.row(BlobRows.segmentKey(blob.name(), content.contentId(), segment)).thenCompose(row -> row
                .map(found -> CompletableFuture.completedStage(
                        pieces(BlockSegments.of(content, segment, BlobRows.segment(found)), segment, offset)))
                .orElseGet(this::missing));
    }

    /** The rows tell nothing, or no longer. */
    private CompletionStage<List<ContentPiece>> missing() {
        return blob.state().thenApply(now -> {
            if (now.isPresent() && now.get().content().contentId() == content.contentId()) {
                return List.of();
            }
            throw new StorageException(StorageErrorCode.BLOB_MODIFIED_WHILE_READING);
        });
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
