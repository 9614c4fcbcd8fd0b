package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.LEASE_ALREADY_PRESENT;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISMATCH_WITH_BLOB_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISMATCH_WITH_LEASE_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISSING;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_LOST;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_NOT_PRESENT_WITH_BLOB_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_NOT_PRESENT_WITH_LEASE_OPERATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobCommand.LeaseAction;
import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.blob.LeaseDecisions.Outcome;
import io.lazuli.storage.partition.blob.LeaseState.Phase;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every operation in every phase of a lease, as the documented tables have it. */
class LeaseDecisionsTest {

    private static final long NOW = 1_000_000;
    private static final String A = "id-a";
    private static final String B = "id-b";
    private static final String C = "id-c";
    private static final Map<Phase, LeaseState> LEASES = new EnumMap<>(Map.of(
            Phase.AVAILABLE, LeaseState.NONE,
            Phase.LEASED, new LeaseState(A, 30, NOW + 10_000, false),
            Phase.EXPIRED, new LeaseState(A, 30, NOW, false),
            Phase.BREAKING, new LeaseState(A, 30, NOW + 5_000, true),
            Phase.BROKEN, new LeaseState(A, 30, NOW, true)));

    @Test
    void phasesAreToldByTime() {
        LEASES.forEach((phase, lease) -> assertEquals(phase, lease.phase(NOW)));
        assertEquals(Phase.LEASED, new LeaseState(A, BlobLimits.INFINITE_LEASE_SECONDS, 0, false).phase(Long.MAX_VALUE));
    }

    @Test
    void acquire() {
        for (Phase free : new Phase[] {Phase.AVAILABLE, Phase.EXPIRED, Phase.BROKEN}) {
            assertEquals(new LeaseState(B, 60, NOW + 60_000, false), changed(LeaseAction.ACQUIRE, free, null, B).lease());
            assertEquals(new LeaseState(A, 60, NOW + 60_000, false), changed(LeaseAction.ACQUIRE, free, null, A).lease());
        }
        refused(LEASE_ALREADY_PRESENT, LeaseAction.ACQUIRE, Phase.LEASED, null, B);
        assertEquals(new LeaseState(A, 60, NOW + 60_000, false), changed(LeaseAction.ACQUIRE, Phase.LEASED, null, A).lease());
        refused(LEASE_ALREADY_PRESENT, LeaseAction.ACQUIRE, Phase.BREAKING, null, B);
        refused(LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED, LeaseAction.ACQUIRE, Phase.BREAKING, null, A);
    }

    @Test
    void renew() {
        for (Phase phase : Phase.values()) {
            refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION, LeaseAction.RENEW, phase, B, null);
        }
        refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION, LeaseAction.RENEW, Phase.AVAILABLE, A, null);
        assertEquals(new LeaseState(A, 30, NOW + 30_000, false), changed(LeaseAction.RENEW, Phase.LEASED, A, null).lease());
        assertEquals(new LeaseState(A, 30, NOW + 30_000, false), changed(LeaseAction.RENEW, Phase.EXPIRED, A, null).lease());
        refused(LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED, LeaseAction.RENEW, Phase.BREAKING, A, null);
        refused(LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED, LeaseAction.RENEW, Phase.BROKEN, A, null);
    }

    @Test
    void change() {
        assertEquals(new LeaseState(B, 30, NOW + 10_000, false), changed(LeaseAction.CHANGE, Phase.LEASED, A, B).lease());
        assertEquals(A, changed(LeaseAction.CHANGE, Phase.LEASED, B, A).lease().id(), "asked again after the answer was lost");
        refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION, LeaseAction.CHANGE, Phase.LEASED, B, C);
        refused(LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED, LeaseAction.CHANGE, Phase.BREAKING, A, B);
        refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION, LeaseAction.CHANGE, Phase.BREAKING, B, C);
        for (Phase phase : new Phase[] {Phase.AVAILABLE, Phase.EXPIRED, Phase.BROKEN}) {
            refused(LEASE_NOT_PRESENT_WITH_LEASE_OPERATION, LeaseAction.CHANGE, phase, A, B);
        }
    }

    @Test
    void release() {
        for (Phase phase : Phase.values()) {
            refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION, LeaseAction.RELEASE, phase, B, null);
            if (phase != Phase.AVAILABLE) {
                assertEquals(LeaseState.NONE, changed(LeaseAction.RELEASE, phase, A, null).lease());
            }
        }
    }

    @Test
    void breaking() {
        assertBroken(Phase.LEASED, null, 10);
        assertBroken(Phase.LEASED, 3, 3);
        assertBroken(Phase.LEASED, 60, 10);
        assertBroken(Phase.LEASED, 0, 0);
        assertBroken(Phase.BREAKING, null, 5);
        assertBroken(Phase.BREAKING, 60, 5);
        assertBroken(Phase.BREAKING, 2, 2);
        assertBroken(Phase.EXPIRED, 30, 0);
        assertBroken(Phase.BROKEN, null, 0);
        refused(LEASE_NOT_PRESENT_WITH_LEASE_OPERATION, LeaseAction.BREAK, Phase.AVAILABLE, null, null);
        LeaseState infinite = new LeaseState(A, BlobLimits.INFINITE_LEASE_SECONDS, 0, false);
        assertEquals(0, ((Outcome.Changed) LeaseDecisions.decide(LeaseAction.BREAK, infinite, null, null, null, null, NOW)).leaseSeconds());
        assertEquals(40, ((Outcome.Changed) LeaseDecisions.decide(LeaseAction.BREAK, infinite, null, null, null, 40, NOW)).leaseSeconds());
    }

    @Test
    void whoUsesABlob() {
        assertNull(use(Phase.LEASED, A, LeaseUse.WRITE));
        assertNull(use(Phase.BREAKING, A, LeaseUse.WRITE));
        for (Phase active : new Phase[] {Phase.LEASED, Phase.BREAKING}) {
            assertEquals(LEASE_ID_MISSING, use(active, null, LeaseUse.WRITE));
            assertNull(use(active, null, LeaseUse.READ));
            for (LeaseUse use : LeaseUse.values()) {
                assertEquals(LEASE_ID_MISMATCH_WITH_BLOB_OPERATION, use(active, B, use));
            }
        }
        for (LeaseUse use : LeaseUse.values()) {
            assertEquals(LEASE_NOT_PRESENT_WITH_BLOB_OPERATION, use(Phase.AVAILABLE, A, use));
            assertEquals(LEASE_LOST, use(Phase.EXPIRED, A, use));
            assertEquals(LEASE_LOST, use(Phase.BROKEN, A, use));
            assertNull(use(Phase.EXPIRED, null, use));
            assertNull(use(Phase.BROKEN, null, use));
        }
    }

    @Test
    void aWriteWithoutLeaseEndsWhatHasExpired() {
        assertEquals(LeaseState.NONE, LeaseDecisions.afterWrite(LEASES.get(Phase.EXPIRED), NOW));
        assertEquals(LeaseState.NONE, LeaseDecisions.afterWrite(LEASES.get(Phase.BROKEN), NOW));
        assertEquals(LEASES.get(Phase.LEASED), LeaseDecisions.afterWrite(LEASES.get(Phase.LEASED), NOW));
        assertEquals(LEASES.get(Phase.BREAKING), LeaseDecisions.afterWrite(LEASES.get(Phase.BREAKING), NOW));
    }

    private static void assertBroken(Phase phase, Integer seconds, int expected) {
        Outcome.Changed changed =
                (Outcome.Changed) LeaseDecisions.decide(LeaseAction.BREAK, LEASES.get(phase), null, null, null, seconds, NOW);
        assertEquals(expected, changed.leaseSeconds());
        assertEquals(expected > 0 ? Phase.BREAKING : Phase.BROKEN, changed.lease().phase(NOW));
        assertEquals(Phase.BROKEN, changed.lease().phase(NOW + expected * 1_000L));
    }

    private static StorageErrorCode use(Phase phase, String id, LeaseUse use) {
        return ConditionCheck.lease(id, LEASES.get(phase), use, NOW);
    }

    private static Outcome.Changed changed(LeaseAction action, Phase phase, String id, String newId) {
        return (Outcome.Changed) decide(action, phase, id, newId);
    }

    private static void refused(StorageErrorCode error, LeaseAction action, Phase phase, String id, String newId) {
        assertEquals(new Outcome.Refused(error), decide(action, phase, id, newId), phase + " by " + id);
    }

    private static Outcome decide(LeaseAction action, Phase phase, String id, String newId) {
        return LeaseDecisions.decide(action, LEASES.get(phase), id, newId, action == LeaseAction.ACQUIRE ? 60 : null, null, NOW);
    }
}
