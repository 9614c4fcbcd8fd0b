package io.lazuli.storage.chunk.custody;

import io.lazuli.storage.chunk.ChunkId;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The ids of one ordered sequence that another one lacks, in order, without holding either. One thread. */
final class OrderedDifference implements Iterator<ChunkId> {

    private final Iterator<ChunkId> all;
    private final Iterator<ChunkId> without;
    private ChunkId excluded;
    private ChunkId next;

    OrderedDifference(Iterator<ChunkId> all, Iterator<ChunkId> without) {
        this.all = all;
        this.without = without;
        this.excluded = without.hasNext() ? without.next() : null;
        advance();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public ChunkId next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        ChunkId result = next;
        advance();
        return result;
    }

    private void advance() {
        next = null;
        while (next == null && all.hasNext()) {
            ChunkId candidate = all.next();
            while (excluded != null && excluded.compareTo(candidate) < 0) {
                excluded = without.hasNext() ? without.next() : null;
            }
            if (!candidate.equals(excluded)) {
                next = candidate;
            }
        }
    }
}
