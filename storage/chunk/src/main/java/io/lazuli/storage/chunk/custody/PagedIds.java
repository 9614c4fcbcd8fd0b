package io.lazuli.storage.chunk.custody;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.local.LocalChunks;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Ids in order, fetched page by page when they are needed. One thread, which waits for each page. */
final class PagedIds implements Iterator<ChunkId> {

    /** The ids behind one, null for the first; a page that is not full is the last. */
    interface Pages {
        List<ChunkId> after(ChunkId last);
    }

    private final Pages pages;
    private List<ChunkId> page = List.of();
    private int next;
    private ChunkId last;
    private boolean exhausted;

    PagedIds(Pages pages) {
        this.pages = pages;
    }

    @Override
    public boolean hasNext() {
        if (next == page.size() && !exhausted) {
            page = pages.after(last);
            next = 0;
            exhausted = page.size() < LocalChunks.MAX_PAGE_IDS;
        }
        return next < page.size();
    }

    @Override
    public ChunkId next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        last = page.get(next++);
        return last;
    }
}
