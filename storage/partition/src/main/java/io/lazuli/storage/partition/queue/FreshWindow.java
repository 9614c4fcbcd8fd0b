package io.lazuli.storage.partition.queue;

import java.util.Map;
import java.util.TreeMap;

/**
 * The messages at the head of the line of those that nobody has received yet, with their text. While the whole line fits,
 * the window is <em>attached</em>: it holds all of them, new ones join it, and nothing is ever read. When it is full it lets
 * go of the tail; from then on rows behind {@link #nextToLoad} are read in pages as the head is consumed, until it catches
 * up with the tail again. Bounded by count and bytes, beyond which one page may reach.
 */
final class FreshWindow {

    private final TreeMap<Long, MessageRow> rows = new TreeMap<>();
    private final int maxMessages;
    private final long maxBytes;
    private long bytes;
    private boolean attached;
    private long nextToLoad;

    FreshWindow(int maxMessages, long maxBytes, long nextToLoad) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.nextToLoad = nextToLoad;
    }

    /** A message was put at the tail. */
    void offer(long sequence, MessageRow row) {
        if (!attached) {
            return;
        }
        if (hasRoom()) {
            add(sequence, row);
        } else {
            attached = false;
            nextToLoad = sequence;
        }
    }

    /** A message behind the last one in the window was found. */
    void add(long sequence, MessageRow row) {
        rows.put(sequence, row);
        bytes += row.bytes();
    }

    boolean hasRoom() {
        return rows.size() < maxMessages && bytes < maxBytes;
    }

    /** True when half of the window or more is free and rows are left to read. */
    boolean wantsRows() {
        return !attached && rows.size() <= maxMessages / 2 && bytes <= maxBytes / 2;
    }

    int freeMessages() {
        return Math.max(1, maxMessages - rows.size());
    }

    long freeBytes() {
        return Math.max(1, maxBytes - bytes);
    }

    /** Everything before {@code sequence} is in the window or not in the line. */
    void loadedUpTo(long sequence) {
        nextToLoad = sequence;
    }

    void attach() {
        attached = true;
    }

    boolean attached() {
        return attached;
    }

    /** The first one's number, or where the line goes on: no message with a lower number is in the line. */
    long head(long nextSequence) {
        return !rows.isEmpty() ? rows.firstKey() : attached ? nextSequence : nextToLoad;
    }

    long nextToLoad() {
        return nextToLoad;
    }

    void remove(long sequence) {
        MessageRow row = rows.remove(sequence);
        if (row != null) {
            bytes -= row.bytes();
        }
    }

    /** Null if the message is not in the window. */
    MessageRow get(long sequence) {
        return rows.get(sequence);
    }

    /** In the order of the line. */
    Iterable<Map.Entry<Long, MessageRow>> inOrder() {
        return rows.entrySet();
    }

    /** The line is empty and goes on with {@code nextSequence}. */
    void clear(long nextSequence) {
        rows.clear();
        bytes = 0;
        attached = true;
        nextToLoad = nextSequence;
    }

    int size() {
        return rows.size();
    }

    long bytes() {
        return bytes;
    }
}
