package io.lazuli.storage.chunk;

import io.lazuli.kernel.NodeId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/** What background jobs and operators want of the chunks of all storage nodes. Any node, any thread. */
public interface ChunkUpkeep {

    /**
     * Has every storage node drop the chunks of runs that were begun before a time and are not named. Never fails; may take minutes. One at
     * a time: a node that is still at another sweep does not take part.
     */
    CompletionStage<SweepReport> sweep(NamedRuns named, long begunBeforeMillis);

    /** Asks every storage node; empty for those that do not answer in time. Never fails. */
    CompletionStage<SortedMap<NodeId, Optional<ChunkNodeStatus>>> status();
}
