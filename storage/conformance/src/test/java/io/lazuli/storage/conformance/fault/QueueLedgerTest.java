package io.lazuli.storage.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge of the fault tests must see what they look for. */
class QueueLedgerTest {

    private final QueueLedger ledger = new QueueLedger(100);

    @Test
    void anAcknowledgedPutThatNobodyDeletedIsOutstanding() {
        ledger.putAcknowledged("a");
        ledger.putAcknowledged("b");
        ledger.putAcknowledged("c");
        ledger.putUnknown("d");
        ledger.deleteAcknowledged("b", 10);
        ledger.deleteUnknown("c");
        assertEquals(Set.of("a"), ledger.outstanding());
    }

    @Test
    void aMessageSeenByARequestThatBeganAfterItsDeleteHasReappeared() {
        ledger.deleteAcknowledged("a", 50);
        ledger.seen("a", 49);
        assertEquals(Set.of(), ledger.reappearedAfterDelete());
        ledger.delivered("a", 51, 60);
        assertEquals(Set.of("a"), ledger.reappearedAfterDelete());
    }

    @Test
    void twoDeliveriesWithinTheVisibilityTimeoutAreTwoReaders() {
        ledger.delivered("a", 0, 5);
        ledger.delivered("a", 90, 101);
        assertEquals(Set.of(), ledger.seenByTwoReaders());
        ledger.delivered("a", 110, 189);
        assertEquals(Set.of("a"), ledger.seenByTwoReaders());
    }

    @Test
    void aPopReceiptRefusedWhileTheMessageIsHiddenIsForgotten() {
        ledger.deleteRefused("late", 0, 150);
        ledger.deleteRefused("early", 0, 50);
        assertEquals(Set.of("early"), ledger.refusedDeletes());
    }
}
