package io.lazuli.storage.chunk;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.chunk.transport.Lane;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What the nodes of a cloud ask of a storage node's chunks, be it this node or another. Any thread; dependents of what is returned run
 * on threads of the disk or of a connection and must be short. Fails as {@link io.lazuli.storage.chunk.local.LocalChunks} does, and with
 * {@link io.lazuli.storage.chunk.transport.PeerUnreachableException}.
 */
public interface NodeChunks {

    NodeId node();

    /** Whether the last attempt to reach it failed just now, or the cluster does not reach it. */
    boolean down();

    /**
     * Takes a chunk from its writer; completes when it is on its disk. The bytes are held for as long as they are read, which may be longer than
     * this takes. Fails with {@link ClockDiffersException} if its run cannot have been begun when it says.
     */
    CompletionStage<Void> append(ChunkId id, int[] checksums, SharedBuffer bytes);

    /** As {@link io.lazuli.storage.chunk.local.LocalChunks#read}; not yet verified on this side. */
    CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers, Lane lane, long timeoutMillis);

    CompletionStage<List<BucketDigest>> digests(int group);

    /** As {@link io.lazuli.storage.chunk.local.LocalChunks#ids}. */
    CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds);

    /**
     * Drops the chunks of all groups whose runs were begun before a time and are not named.
     *
     * @param nowMillis the caller's clock; if the node's differs much, it drops nothing and fails with {@link ClockDiffersException}
     */
    CompletionStage<NodeSweep> sweep(EncodedRuns named, long begunBeforeMillis, long nowMillis);

    CompletionStage<ChunkNodeStatus> status();

    /** Asks it to look soon whether it lacks chunks; whether it hears that is not known. */
    void compareSoon();

    /** What a sweep did on one node. */
    record NodeSweep(long droppedChunks, long droppedBytes) {}

    /** A filter both as it is used and as it travels; made once for all nodes. */
    record EncodedRuns(NamedRuns runs, byte[] bytes) {

        public static EncodedRuns of(NamedRuns runs) {
            return new EncodedRuns(runs, runs.encode());
        }
    }
}
