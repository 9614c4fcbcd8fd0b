package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.WritePages;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.PageWindow;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Clears more pages than one command may: part by part, passing over what nobody wrote, so not at one moment. The first part is cleared under the
 * request's conditions, those behind it need its lease alone. Who is interrupted may do it again.
 */
final class PageClearing {

    private final BlobStates states;
    private final BlobReads reads;
    private final BlobChanges changes;
    private final ContainerRanges container;
    private final WritePages whole;
    private final long end;

    PageClearing(BlobStates states, BlobReads reads, BlobChanges changes, ContainerRanges container, WritePages whole) {
        this.states = states;
        this.reads = reads;
        this.changes = changes;
        this.container = container;
        this.whole = whole;
        this.end = whole.offset() + whole.lengthBytes();
    }

    CompletionStage<BlobReply.Done> run() {
        return states.find(container, new BlobTarget(whole.blob())).thenCompose(found -> {
            BlobState state = found.orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND));
            if (!(state.content() instanceof BlobContent.Pages pages)) {
                throw new StorageException(StorageErrorCode.INVALID_BLOB_TYPE);
            }
            if (end > pages.lengthBytes()) {
                throw new StorageException(StorageErrorCode.INVALID_PAGE_RANGE);
            }
            return clear(whole.offset(), whole.sequence(), whole.conditions()).thenCompose(done -> further(pages.contentId(), done, partEnd(whole.offset())));
        });
    }

    private long partEnd(long offset) {
        return Math.min(end, offset + BlobLimits.MAX_CLEARED_BYTES);
    }

    private CompletionStage<BlobReply.Done> clear(long offset, BlobCommand.SequenceCondition sequence, BlobConditions conditions) {
        return changes.change(container, new WritePages(
                whole.blob(), offset, partEnd(offset) - offset, null, sequence, whole.attempt(), conditions));
    }

    private CompletionStage<BlobReply.Done> further(long contentId, BlobReply.Done done, long offset) {
        if (offset >= end) {
            return CompletableFuture.completedStage(done);
        }
        BlobConditions lease = new BlobConditions(null, null, null, null, null, whole.conditions().leaseId());
        return nextWritten(contentId, offset).thenCompose(next -> next.isEmpty()
                ? CompletableFuture.completedStage(done)
                : clear(next.getAsLong(), null, lease).thenCompose(cleared -> further(contentId, cleared, partEnd(next.getAsLong()))));
    }

    /** Where the next window begins that has a row, or {@code offset} within it. */
    private CompletionStage<OptionalLong> nextWritten(long contentId, long offset) {
        byte[] from = BlobRows.pagesKey(whole.blob(), contentId, PageWindow.windowOf(offset));
        byte[] to = BlobRows.pagesKey(whole.blob(), contentId, PageWindow.windowOf(end - 1) + PageWindow.WINDOW_BYTES);
        return reads.page(container, from, to, 1, List.of()).thenApply(page -> page.rows().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(offset, ((BlobRowKey.Pages) BlobRows.parse(page.rows().getFirst().key())).offset())));
    }
}
