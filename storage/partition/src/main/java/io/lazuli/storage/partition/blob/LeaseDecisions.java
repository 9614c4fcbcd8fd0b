package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.LEASE_ALREADY_PRESENT;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISMATCH_WITH_LEASE_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_NOT_PRESENT_WITH_LEASE_OPERATION;

import io.lazuli.storage.model.StorageErrorCode;
import java.util.concurrent.TimeUnit;

/** What the five lease operations make of a lease, of a blob or a container. Source: the tables of outcomes of "Lease Blob" and "Lease Container". */
public final class LeaseDecisions {

    /** What becomes of it. */
    public sealed interface Outcome {

        /** @param leaseSeconds of a break: how long it still holds, 0 if it is broken; otherwise -1 */
        record Changed(LeaseState lease, int leaseSeconds) implements Outcome {}

        record Refused(StorageErrorCode error) implements Outcome {}
    }

    private static final int NO_SECONDS = -1;

    private LeaseDecisions() {}

    /**
     * @param leaseId the id that the request gives for the present lease, null if none
     * @param newId of a lease that is acquired or changed
     * @param durationSeconds of a lease that is acquired; otherwise ignored
     * @param breakSeconds null for the default: what is left of a lease, nothing of an infinite one
     */
    public static Outcome decide(
            BlobCommand.LeaseAction action, LeaseState lease, String leaseId, String newId, Integer durationSeconds, Integer breakSeconds,
            long nowMillis) {
        return switch (action) {
            case ACQUIRE -> acquire(lease, newId, durationSeconds, nowMillis);
            case RENEW -> renew(lease, leaseId, nowMillis);
            case CHANGE -> change(lease, leaseId, newId, nowMillis);
            case RELEASE -> release(lease, leaseId);
            case BREAK -> breakUp(lease, breakSeconds, nowMillis);
        };
    }

    /** The lease after the blob was changed by somebody who needed none: an expired or broken one is forgotten, so that it cannot be renewed. */
    static LeaseState afterWrite(LeaseState lease, long nowMillis) {
        LeaseState.Phase phase = lease.phase(nowMillis);
        return phase == LeaseState.Phase.EXPIRED || phase == LeaseState.Phase.BROKEN ? LeaseState.NONE : lease;
    }

    private static Outcome acquire(LeaseState lease, String newId, int durationSeconds, long nowMillis) {
        boolean same = newId.equals(lease.id());
        return switch (lease.phase(nowMillis)) {
            case AVAILABLE, EXPIRED, BROKEN -> leased(newId, durationSeconds, nowMillis);
            case LEASED -> same ? leased(newId, durationSeconds, nowMillis) : new Outcome.Refused(LEASE_ALREADY_PRESENT);
            case BREAKING -> new Outcome.Refused(same ? LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED : LEASE_ALREADY_PRESENT);
        };
    }

    private static Outcome renew(LeaseState lease, String leaseId, long nowMillis) {
        if (!lease.present() || !lease.id().equals(leaseId)) {
            return new Outcome.Refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
        }
        return switch (lease.phase(nowMillis)) {
            case LEASED, EXPIRED -> leased(lease.id(), lease.durationSeconds(), nowMillis);
            case AVAILABLE, BREAKING, BROKEN -> new Outcome.Refused(LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED);
        };
    }

    private static Outcome change(LeaseState lease, String leaseId, String newId, long nowMillis) {
        return switch (lease.phase(nowMillis)) {
            case LEASED -> lease.id().equals(leaseId) || lease.id().equals(newId)
                    ? new Outcome.Changed(new LeaseState(newId, lease.durationSeconds(), lease.endsMillis(), false), NO_SECONDS)
                    : new Outcome.Refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
            case BREAKING -> new Outcome.Refused(lease.id().equals(leaseId)
                    ? LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED
                    : LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
            case AVAILABLE, EXPIRED, BROKEN -> new Outcome.Refused(LEASE_NOT_PRESENT_WITH_LEASE_OPERATION);
        };
    }

    private static Outcome release(LeaseState lease, String leaseId) {
        boolean same = lease.present() && lease.id().equals(leaseId);
        return same ? new Outcome.Changed(LeaseState.NONE, NO_SECONDS) : new Outcome.Refused(LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
    }

    private static Outcome breakUp(LeaseState lease, Integer breakSeconds, long nowMillis) {
        return switch (lease.phase(nowMillis)) {
            case AVAILABLE -> new Outcome.Refused(LEASE_NOT_PRESENT_WITH_LEASE_OPERATION);
            case EXPIRED, BROKEN -> new Outcome.Changed(new LeaseState(lease.id(), lease.durationSeconds(), nowMillis, true), 0);
            case LEASED -> {
                boolean infinite = lease.durationSeconds() == BlobLimits.INFINITE_LEASE_SECONDS;
                long leftMillis = infinite ? 0 : lease.endsMillis() - nowMillis;
                long asked = breakSeconds == null ? leftMillis : TimeUnit.SECONDS.toMillis(breakSeconds);
                yield breaking(lease, infinite ? asked : Math.min(asked, leftMillis), nowMillis);
            }
            case BREAKING -> {
                long leftMillis = lease.endsMillis() - nowMillis;
                yield breaking(lease, breakSeconds == null ? leftMillis : Math.min(leftMillis, TimeUnit.SECONDS.toMillis(breakSeconds)), nowMillis);
            }
        };
    }

    private static Outcome breaking(LeaseState lease, long leftMillis, long nowMillis) {
        int seconds = (int) ((leftMillis + 999) / 1_000);
        return new Outcome.Changed(new LeaseState(lease.id(), lease.durationSeconds(), nowMillis + leftMillis, true), seconds);
    }

    private static Outcome leased(String id, int durationSeconds, long nowMillis) {
        boolean infinite = durationSeconds == BlobLimits.INFINITE_LEASE_SECONDS;
        long endsMillis = infinite ? 0 : nowMillis + TimeUnit.SECONDS.toMillis(durationSeconds);
        return new Outcome.Changed(new LeaseState(id, durationSeconds, endsMillis, false), NO_SECONDS);
    }
}
