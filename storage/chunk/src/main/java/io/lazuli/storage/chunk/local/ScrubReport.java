package io.lazuli.storage.chunk.local;

/**
 * How far a node's scrubber is.
 *
 * @param passBeganMillis 0 before the first
 * @param passChunks chunks that this pass has read
 * @param lastPassEndedMillis when every chunk had been read, 0 if never
 * @param verifiedChunks read and found good, since the node started
 * @param verifiedBytes of them
 * @param damagedFound chunks found damaged or unreadable by the scrubber or by reads, since the node started
 * @param lostFound chunks whose file was gone or unreadable, since the node started
 * @param repaired chunks that had been damaged or lost and have come again from elsewhere, since the node started
 * @param damagedNow chunks that are damaged or were lost and wait for a repair
 */
public record ScrubReport(
        long passBeganMillis, long passChunks, long lastPassEndedMillis, long verifiedChunks, long verifiedBytes,
        long damagedFound, long lostFound, long repaired, long damagedNow) {}
