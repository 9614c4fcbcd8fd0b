package io.lazuli.storage.chunk.custody;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ClockDiffersException;
import org.junit.jupiter.api.Test;

class ClockLimitsTest {

    private static final long NOW = 1_000_000;
    private static final ClockLimits LIMITS = new ClockLimits(10, 500);

    @Test
    void aRunsFirstChunkSaysWhatItsWritersClockIs() {
        taken(0, NOW - 10);
        taken(0, NOW + 10);
        refused(0, NOW - 11);
        refused(0, NOW + 11);
    }

    @Test
    void furtherChunksMayComeAsLongAsAnUploadLasts() {
        taken(1, NOW - 510);
        taken(4_999, NOW + 10);
        refused(1, NOW - 511);
        refused(1, NOW + 11);
    }

    @Test
    void nothingIsDroppedForWhoHasAnotherTime() {
        assertDoesNotThrow(() -> LIMITS.checkSweeping(NOW - 10, NOW));
        assertDoesNotThrow(() -> LIMITS.checkSweeping(NOW + 10, NOW));
        assertThrows(ClockDiffersException.class, () -> LIMITS.checkSweeping(NOW - 11, NOW));
        assertThrows(ClockDiffersException.class, () -> LIMITS.checkSweeping(NOW + 11, NOW));
    }

    private static void taken(int index, long createdMillis) {
        assertDoesNotThrow(() -> LIMITS.checkWritten(new ChunkId(0, createdMillis, 1, index), NOW));
    }

    private static void refused(int index, long createdMillis) {
        assertThrows(ClockDiffersException.class, () -> LIMITS.checkWritten(new ChunkId(0, createdMillis, 1, index), NOW));
    }
}
