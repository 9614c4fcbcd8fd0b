package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.PageMap.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The bytes of one state of a page blob, a stretch of its windows at a time; what nobody wrote are zeroes. The pages of a current state are written in
 * place: once its ETag is another one, what has not been read yet cannot be told any more.
 */
final class PageContent implements ContentSource {

    private final PageReads reads;
    private final BlobState state;
    /** What was read together with the state; null if nothing was. */
    private final PageReads.Stretch first;
    private final long firstOffset;

    PageContent(AddressedBlob blob, BlobState state) {
        this(new PageReads(blob, state.content().contentId(), 0), state, null, 0);
    }

    private PageContent(PageReads reads, BlobState state, PageReads.Stretch first, long firstOffset) {
        this.reads = reads;
        this.state = state;
        this.first = first;
        this.firstOffset = firstOffset;
    }

    BlobState state() {
        return state;
    }

    /** With a first stretch as of one moment, and in the state of then. Empty if the blob has another content meanwhile, or none. */
    CompletionStage<Optional<PageContent>> begin(long offset, long end) {
        if (knows(offset)) {
            return CompletableFuture.completedStage(Optional.of(this));
        }
        return reads.read(offset, end).thenApply(read -> read.state()
                .filter(now -> now.exists() && now.content() instanceof Pages pages && pages.contentId() == state.content().contentId())
                .map(now -> new PageContent(reads, now, read, offset)));
    }

    private boolean knows(long offset) {
        return first != null && firstOffset <= offset && offset < first.end();
    }

    @Override
    public CompletionStage<List<ContentPiece>> from(long offset, long end) {
        if (knows(offset)) {
            return CompletableFuture.completedStage(pieces(first, offset));
        }
        return reads.read(offset, end).thenApply(read -> {
            if (read.state().filter(now -> now.etag().equals(state.etag())).isEmpty()) {
                throw new StorageException(StorageErrorCode.BLOB_MODIFIED_WHILE_READING);
            }
            return pieces(read, offset);
        });
    }

    private static List<ContentPiece> pieces(PageReads.Stretch stretch, long offset) {
        List<ContentPiece> pieces = new ArrayList<>();
        long at = offset;
        for (Extent extent : stretch.written()) {
            long from = Math.max(extent.offset(), at);
            long to = Math.min(extent.end(), stretch.end());
            if (from >= to) {
                continue;
            }
            if (from > at) {
                pieces.add(new ContentPiece.Zeroes(from - at));
            }
            pieces.add(new ContentPiece.Stored(extent.run(), extent.runOffset() + from - extent.offset(), to - from));
            at = to;
        }
        if (at < stretch.end()) {
            pieces.add(new ContentPiece.Zeroes(stretch.end() - at));
        }
        return pieces;
    }
}
