package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.store.RowOp;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventWriteTest {

    @Test
    void writesShareBatchesUpToTheLimitAndAreNeverDivided() {
        EventWrite half = write(2, JournalLimits.MAX_BATCH_BYTES / 2);
        List<List<RowOp>> batches = EventWrite.batches(List.of(half, half, half, write(1, 1)));
        assertEquals(List.of(4, 3), batches.stream().map(List::size).toList());
    }

    @Test
    void manySmallWritesAreLimitedByTheirNumber() {
        List<EventWrite> writes = Stream.generate(() -> write(1, 10)).limit(JournalLimits.MAX_BATCH_ROWS + 1).toList();
        assertEquals(List.of(JournalLimits.MAX_BATCH_ROWS, 1), EventWrite.batches(writes).stream().map(List::size).toList());
    }

    @Test
    void whatIsRejectedNeedsNoBatch() {
        assertTrue(EventWrite.batches(List.of(EventWrite.rejected(1, 1, new Exception("no")))).isEmpty());
    }

    @Test
    void atomicWriteBeyondTheLimitsOfABatchIsRejected() {
        assertTrue(write(1, JournalLimits.MAX_BATCH_BYTES).rejection().isEmpty());
        assertTrue(write(1, JournalLimits.MAX_BATCH_BYTES + 1).rejection().isPresent());
        assertTrue(write(JournalLimits.MAX_BATCH_ROWS + 1, 1).rejection().isPresent());
    }

    private static EventWrite write(int events, int sizeBytes) {
        List<RowOp> puts = IntStream.range(0, events).<RowOp>mapToObj(i -> new RowOp.Put(JournalKeys.event(i), new byte[0])).toList();
        return EventWrite.accepted(1, events, puts, sizeBytes);
    }
}
