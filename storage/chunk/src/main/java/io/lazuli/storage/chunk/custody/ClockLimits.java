package io.lazuli.storage.chunk.custody;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ClockDiffersException;

/**
 * What a storage node believes of times that other nodes made. Garbage is told from what is still being written by the time at which a run was
 * begun, as of the clock of the node that wrote it, and by a grace time, as of the clock of the node that sweeps. Therefore both clocks must be near
 * this node's.
 *
 * @param maxDifferenceMillis between this node's clock and another one's
 * @param maxUploadMillis between the begin of a run and its last chunk
 */
public record ClockLimits(long maxDifferenceMillis, long maxUploadMillis) {

    /**
     * A run's first chunk comes as soon as it is begun, the others as slowly as a client sends.
     *
     * @throws ClockDiffersException if the chunk is not to be taken from its writer
     */
    void checkWritten(ChunkId id, long nowMillis) {
        long ageMillis = nowMillis - id.createdMillis();
        long mostMillis = id.index() == 0 ? maxDifferenceMillis : maxUploadMillis + maxDifferenceMillis;
        if (ageMillis < -maxDifferenceMillis || ageMillis > mostMillis) {
            throw new ClockDiffersException("chunk " + id + " is of a run begun " + ageMillis + " ms ago");
        }
    }

    /** @throws ClockDiffersException if nothing is to be dropped for who has that clock */
    void checkSweeping(long sweeperMillis, long nowMillis) {
        long difference = sweeperMillis - nowMillis;
        if (Math.abs(difference) > maxDifferenceMillis) {
            throw new ClockDiffersException("the clock of who sweeps is " + difference + " ms ahead");
        }
    }
}
