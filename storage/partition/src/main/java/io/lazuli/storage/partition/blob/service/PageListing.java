package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.PageStretch;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.PageMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells which pages of a blob are written, or differ from a snapshot's, a stretch at a time and each stretch as of one moment. To know where the rows are,
 * the state is read first; if the blob is overwritten before the rows are read, anew, {@value #MAX_TRIES} times at most.
 */
final class PageListing {

    private static final int MAX_TRIES = 8;

    private final AddressedBlob blob;
    private final long since;

    /** @param since ticks of the snapshot to compare with, 0 for none */
    PageListing(AddressedBlob blob, long since) {
        this.blob = blob;
        this.since = since;
    }

    /** From {@code offset} on, before {@code end} and the blob's end. */
    CompletionStage<PageStretch> stretch(long offset, long end) {
        return attempt(offset, end, 1);
    }

    private CompletionStage<PageStretch> attempt(long offset, long end, int tries) {
        return blob.state().thenCompose(found -> {
            BlobState state = existing(found);
            long last = Math.min(end, state.lengthBytes());
            return new PageReads(blob, state.content().contentId(), since).read(offset, Math.max(offset + 1, last)).thenCompose(read -> {
                BlobState now = existing(read.state());
                if (now.content().contentId() == state.content().contentId()) {
                    return CompletableFuture.completedStage(stretch(now, read, offset, Math.min(end, now.lengthBytes())));
                }
                return tries < MAX_TRIES ? attempt(offset, end, tries + 1)
                        : CompletableFuture.failedStage(new StorageException(StorageErrorCode.SERVER_BUSY));
            });
        });
    }

    private PageStretch stretch(BlobState now, PageReads.Stretch read, long offset, long end) {
        long through = Math.min(end, read.end());
        if (since == 0) {
            return new PageStretch(now, PageMap.ranges(read.written(), offset, through), through);
        }
        BlobState earlier = read.earlier().filter(BlobState::exists)
                .orElseThrow(() -> new StorageException(StorageErrorCode.PREVIOUS_SNAPSHOT_NOT_FOUND));
        if (earlier.content().contentId() != now.content().contentId()) {
            throw new StorageException(StorageErrorCode.BLOB_OVERWRITTEN);
        }
        List<PageRange> ranges = PageMap.difference(read.writtenEarlier(), read.written(), offset, through);
        return new PageStretch(now, ranges, through);
    }

    private static BlobState existing(Optional<BlobState> found) {
        BlobState state = found.filter(BlobState::exists).orElseThrow(() -> new StorageException(StorageErrorCode.BLOB_NOT_FOUND));
        if (!(state.content() instanceof Pages)) {
            throw new StorageException(StorageErrorCode.INVALID_BLOB_TYPE);
        }
        return state;
    }
}
