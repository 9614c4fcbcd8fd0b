package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.store.ReadPoint;
import org.junit.jupiter.api.Test;

class WriterTest {

    private final Writer writer = new Writer();

    @Test
    void firstWriterAfterAClaimIsTheWriterUntilTheNextClaim() {
        writer.claimed(1, ReadPoint.at(10), 0);
        writer.admit("a", 1, 3);
        assertThrows(StaleWriterException.class, () -> writer.admit("b", 4, 4));
        writer.claimed(2, ReadPoint.at(11), 3);
        assertThrows(StaleWriterException.class, () -> writer.admit("a", 4, 4));
        writer.admit("b", 4, 4);
        assertEquals(4, writer.highestSequenceNr());
    }

    @Test
    void replacedWriterStaysReplacedWhenItsSuccessorNeverWroteEither() {
        writer.claimed(1, ReadPoint.at(10), 0);
        writer.admit("a", 1, 1);
        writer.claimed(2, ReadPoint.at(11), 1);
        writer.claimed(3, ReadPoint.at(12), 1);
        assertThrows(StaleWriterException.class, () -> writer.admit("a", 2, 2));
        writer.admit("c", 2, 2);
    }

    @Test
    void refusedEventsChangeNothing() {
        writer.claimed(1, ReadPoint.at(10), 5);
        assertThrows(StaleWriterException.class, () -> writer.admit("a", 5, 6));
        assertThrows(StaleWriterException.class, () -> writer.admit("a", 7, 7));
        assertThrows(StaleWriterException.class, () -> writer.admit("a", 6, 5));
        writer.admit("b", 6, 6);
    }

    @Test
    void claimThatArrivesLateChangesNothing() {
        writer.claimed(2, ReadPoint.at(11), 7);
        writer.claimed(1, ReadPoint.at(10), 3);
        assertEquals(2, writer.epoch());
        assertEquals(7, writer.highestSequenceNr());
        assertEquals(ReadPoint.at(11), writer.at());
    }

    @Test
    void failureOfAnEarlierEpochSaysNothingOfThisOne() {
        writer.claimed(1, ReadPoint.at(10), 0);
        writer.claimed(2, ReadPoint.at(11), 0);
        writer.failed(1);
        assertEquals(Writer.Phase.OPEN, writer.phase());
        writer.failed(2);
        assertEquals(Writer.Phase.FAILED, writer.phase());
        writer.claimed(3, ReadPoint.at(12), 0);
        assertEquals(Writer.Phase.OPEN, writer.phase());
    }

    @Test
    void everyAttemptToSaveHasItsOwnName() {
        writer.claimed(1, ReadPoint.at(10), 0);
        JournalKeys.Save first = writer.nextSave(5);
        assertNotEquals(first, writer.nextSave(5));
        writer.claimed(2, ReadPoint.at(10), 0);
        assertNotEquals(first, writer.nextSave(5));
    }
}
