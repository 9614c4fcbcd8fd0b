package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobTarget;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which content blobs had whose bytes are inline when they were last read here, so that the next time state and bytes are read at once. Only
 * hints. Bounded: when it is full it is emptied, which costs one more read each. Any thread.
 */
final class InlineHints {

    /** Contents are numbered from 1. */
    static final long NONE = 0;

    private record Key(String container, BlobTarget target) {}

    private final int maxHints;
    private final ConcurrentMap<Key, Long> contents = new ConcurrentHashMap<>();

    InlineHints(int maxHints) {
        this.maxHints = maxHints;
    }

    long get(String container, BlobTarget target) {
        return contents.getOrDefault(new Key(container, target), NONE);
    }

    void put(String container, BlobTarget target, long contentId) {
        if (contents.size() >= maxHints) {
            contents.clear();
        }
        contents.put(new Key(container, target), contentId);
    }
}
