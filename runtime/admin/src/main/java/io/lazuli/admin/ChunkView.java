package io.lazuli.admin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The bytes of blobs on the cloud's storage nodes; the node module provides it. */
public interface ChunkView {

    /** Every storage node, in the order of their ids. Takes as long as a node that does not answer is waited for. */
    CompletionStage<List<NodeChunks>> chunks();

    /** @param held empty if the node did not answer */
    record NodeChunks(String node, Optional<HeldChunks> held) {}

    /**
     * What a node holds, and how it looks after it. Counts of events are since the node started.
     *
     * @param notWritable why it takes no chunks, empty if it does
     * @param contentBytes of chunks; {@code fileBytes} with garbage and headers
     * @param missingChunks that other nodes of its groups hold and it does not, as of {@code comparedAtMillis} (0: not compared yet)
     * @param damagedChunks that wait for a repair
     * @param damagedFound, lostFound, repairedChunks, fetchedChunks found damaged; found without their file; whole again; got from others
     * @param verifiedBytes read again by the scrubber; {@code scrubbedAtMillis} when it last had read all, 0 if not yet
     * @param refusedForClock what it refused other nodes because their clocks and its own differ too much, since it started
     */
    record HeldChunks(
            String notWritable, long chunks, long contentBytes, int files, long fileBytes, long freeBytes, long missingChunks,
            long comparedAtMillis, long damagedChunks, long damagedFound, long lostFound, long repairedChunks, long fetchedChunks,
            long verifiedBytes, long scrubbedAtMillis, long refusedForClock) {}
}
