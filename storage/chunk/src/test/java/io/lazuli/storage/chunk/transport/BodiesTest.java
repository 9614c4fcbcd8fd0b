package io.lazuli.storage.chunk.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkNodeStatus.GroupProgress;
import io.lazuli.storage.chunk.ChunkNodeStatus.RepairTally;
import io.lazuli.storage.chunk.ClockDiffersException;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.LocalStatus;
import io.lazuli.storage.chunk.local.ScrubReport;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said on the wire is what is understood, and nothing else is. */
class BodiesTest {

    static final ChunkNodeStatus STATUS = new ChunkNodeStatus(
            new LocalStatus("disk full", 1, Map.of(0, 2L, 7, 3L), 4, 5, 6, 7, 8, new ScrubReport(9, 10, 11, 12, 13, 14, 15, 16, 17)),
            List.of(new GroupProgress(0, true, 18, 19, 20), new GroupProgress(7, false, 21, 22, 23)), new RepairTally(24, 25, 26, 27), 28);
    private static final ChunkId ID = new ChunkId(1, 2, -3, 4);

    @Test
    void everyBodyIsReadAsItWasWritten() throws Exception {
        assertEquals(STATUS, Bodies.readStatus(Bodies.status(STATUS)));
        List<ChunkId> ids = List.of(ID, new ChunkId(1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE));
        assertEquals(ids, Bodies.readIds(Bodies.ids(ids)));
        List<BucketDigest> digests = List.of(new BucketDigest(1, 2, 3), new BucketDigest(4, 5, -6));
        assertEquals(digests, Bodies.readDigests(Bodies.digests(digests)));
    }

    @Test
    void failuresKeepWhatTheyMean() throws Exception {
        assertInstanceOf(ChunkMissingException.class, passed(new ChunkMissingException(ID)));
        assertInstanceOf(ChunkDamagedException.class, passed(new ChunkDamagedException(ID, "here")));
        assertInstanceOf(ClockDiffersException.class, passed(new ClockDiffersException("an hour")));
        for (StorageErrorCode code : List.of(
                StorageErrorCode.SERVER_BUSY, StorageErrorCode.INSUFFICIENT_STORAGE, StorageErrorCode.INTERNAL_ERROR)) {
            assertEquals(code, assertInstanceOf(StorageException.class, passed(new StorageException(code))).error());
        }
        assertEquals(StorageErrorCode.INTERNAL_ERROR,
                assertInstanceOf(StorageException.class, passed(new IllegalStateException("x".repeat(100_000)))).error());
    }

    private static RuntimeException passed(Throwable failure) throws ProtocolViolation {
        return Bodies.readFailure(Bodies.failure(failure), ID, "node-1");
    }

    @Test
    void bodiesOfAnotherLengthAreViolations() {
        byte[] status = Bodies.status(STATUS);
        assertThrows(ProtocolViolation.class, () -> Bodies.readStatus(Arrays.copyOf(status, status.length - 1)));
        assertThrows(ProtocolViolation.class, () -> Bodies.readStatus(Arrays.copyOf(status, status.length + 1)));
        assertThrows(ProtocolViolation.class, () -> Bodies.readIds(new byte[25]));
        assertThrows(ProtocolViolation.class, () -> Bodies.readDigests(new byte[1]));
        assertThrows(ProtocolViolation.class, () -> Bodies.readSweep(new byte[0]));
    }
}
