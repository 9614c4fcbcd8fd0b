package io.lazuli.storage.chunk;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.PartitionId;

/**
 * Names one chunk: the {@code index}-th of a run. What is stored under an id never changes, so a repetition is harmless and copies need no
 * versions. Ordered by group, then age, run and index; as unsigned numbers, like keys of rows.
 */
public record ChunkId(int group, long createdMillis, long nonce, int index) implements Comparable<ChunkId> {

    public ChunkId {
        if (group < 0 || group > PartitionId.MAX_GROUP || createdMillis < 0 || index < 0) {
            throw new IllegalArgumentException("no chunk: group " + group + ", " + createdMillis + " ms, number " + index);
        }
    }

    public static ChunkId of(ChunkRun run, int index) {
        return new ChunkId(run.group(), run.createdMillis(), run.nonce(), index);
    }

    @Override
    public int compareTo(ChunkId other) {
        int order = Integer.compare(group, other.group);
        if (order == 0) {
            order = Long.compare(createdMillis, other.createdMillis);
        }
        if (order == 0) {
            order = Long.compareUnsigned(nonce, other.nonce);
        }
        return order == 0 ? Integer.compare(index, other.index) : order;
    }

    @Override
    public String toString() {
        return group + "/" + createdMillis + "-" + Long.toHexString(nonce) + "/" + index;
    }
}
