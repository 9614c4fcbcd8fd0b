package io.lazuli.storage.chunk;

import io.lazuli.storage.chunk.local.LocalStatus;
import java.util.List;

/**
 * One storage node's chunks as operators see them.
 *
 * @param groups those that the node holds replicas of, or still has chunks of
 * @param refusedForClock chunks and sweeps that the node refused since it started, because its clock and the asking node's differ too much
 */
public record ChunkNodeStatus(LocalStatus local, List<GroupProgress> groups, RepairTally repairs, long refusedForClock) {

    public ChunkNodeStatus {
        groups = List.copyOf(groups);
    }

    /**
     * How complete a group's chunks are on a node: {@code heldChunks} of {@code heldChunks + missingChunks}, as of the last comparison.
     *
     * @param voter false for chunks that are kept only until the group's voters have them
     * @param comparedAtMillis when the node last compared with the others, 0 if not since it started
     */
    public record GroupProgress(int group, boolean voter, long heldChunks, long missingChunks, long comparedAtMillis) {}

    /**
     * Since the node started.
     *
     * @param fetchedChunks that this node lacked and got from others
     * @param failedFetches chunks that no other node could give when it was asked; they are asked for again
     * @param handedOverChunks dropped because all voters of their group, of which this node is none, have them
     */
    public record RepairTally(long fetchedChunks, long fetchedBytes, long failedFetches, long handedOverChunks) {}
}
