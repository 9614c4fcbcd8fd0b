package io.lazuli.storage.chunk.local;

import java.util.Map;

/**
 * A node's chunks at a glance.
 *
 * @param notWritable why no chunk is taken (disk full, failing); empty if they are
 * @param chunkBytes content of the chunks it holds
 * @param chunksByGroup how many, by group
 * @param extents files
 * @param extentBytes what they take on disk, garbage and headers included
 * @param freeBytes of the disk
 * @param appends chunks written since the start
 * @param forces times that the disk was waited for since the start
 */
public record LocalStatus(
        String notWritable, long chunkBytes, Map<Integer, Long> chunksByGroup, int extents, long extentBytes, long freeBytes,
        long appends, long forces, ScrubReport scrub) {

    public LocalStatus {
        chunksByGroup = Map.copyOf(chunksByGroup);
    }

    public boolean writable() {
        return notWritable.isEmpty();
    }
}
