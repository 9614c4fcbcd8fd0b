package io.lazuli.storage.protocol.http;

import java.util.ArrayDeque;

/**
 * One event loop's share of the bytes that large bodies and answers may take together. A request's first
 * {@value #FREE_BYTES_PER_REQUEST} bytes are not counted – their number is bounded by the requests under way – so small
 * requests neither pay for the counting nor are held up by large ones. A request whose answer may be large and finds no
 * room stands in line, in order of arrival; the line is as long as requests may be under way. Event loop only.
 */
final class BufferBudget {

    /** One message of the largest size and what is around it. */
    static final int FREE_BYTES_PER_REQUEST = 68 * 1024;

    private final long maxBytes;
    private final ArrayDeque<HeldRoom> line = new ArrayDeque<>();
    private long heldBytes;

    BufferBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What counts of a request with so many bytes. */
    static long counted(long bytes) {
        return Math.max(0, bytes - FREE_BYTES_PER_REQUEST);
    }

    /** Whether there is room; if so, it is taken. A request that is larger than everything gets it when nobody else holds any. */
    boolean take(long bytes) {
        if (bytes > 0 && heldBytes > 0 && heldBytes + bytes > maxBytes) {
            return false;
        }
        heldBytes += bytes;
        return true;
    }

    /** Gives room back, and to those in line. */
    void give(long bytes) {
        heldBytes -= bytes;
        for (HeldRoom next = line.peek(); next != null && take(next.wantedBytes()); next = line.peek()) {
            line.remove();
            next.granted();
        }
    }

    /** Whether somebody stands in line. */
    boolean inDemand() {
        return !line.isEmpty();
    }

    void join(HeldRoom room) {
        line.add(room);
    }

    void quit(HeldRoom room) {
        line.remove(room);
    }
}
