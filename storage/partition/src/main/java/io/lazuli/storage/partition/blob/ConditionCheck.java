package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.BLOB_ALREADY_EXISTS;
import static io.lazuli.storage.model.StorageErrorCode.CONDITION_NOT_MET;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISMATCH_WITH_BLOB_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_ID_MISSING;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_LOST;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_NOT_PRESENT_WITH_BLOB_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION;
import static io.lazuli.storage.model.StorageErrorCode.NOT_MODIFIED;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.table.Ticks;
import java.util.List;
import java.util.Map;

/**
 * Whether an operation's conditions hold. Each check gives the error, or null if they do. Conditions combine as documented:
 * {@code If-Match && If-Unmodified-Since && (If-None-Match || If-Modified-Since) && x-ms-if-tags}; of what does not hold, a read is answered 304
 * in the third case, everything else 412. Source: "Specifying conditional headers for Blob service operations", "Lease Blob".
 */
public final class ConditionCheck {

    private static final String ANY = "*";

    /** What a lease means for an operation that is no lease operation. */
    public enum LeaseUse {
        /** Needs no lease; if an id is given it must be that of the active lease. */
        READ,
        /** Needs the active lease's id; an id that is given must be that of an active lease. */
        WRITE
    }

    private ConditionCheck() {}

    /** Of a read of a blob that exists, its lease included. */
    public static StorageErrorCode read(BlobConditions conditions, BlobState state, long nowMillis) {
        StorageErrorCode error = conditions(conditions, state.etag(), state.modifiedTicks(), state.tags(), NOT_MODIFIED);
        return error != null ? error : lease(conditions.leaseId(), state.lease(), LeaseUse.READ, nowMillis);
    }

    /** Of a change, apart from its lease. @param state null if the blob does not exist */
    public static StorageErrorCode write(BlobConditions conditions, BlobState state) {
        if (state == null) {
            boolean wantsOne = conditions.ifMatch() != null || conditions.ifTags() != null;
            return wantsOne ? CONDITION_NOT_MET : null;
        }
        return conditions(conditions, state.etag(), state.modifiedTicks(), state.tags(), CONDITION_NOT_MET);
    }

    /** As {@link #write}, for an operation that may make the blob. */
    static StorageErrorCode create(BlobConditions conditions, BlobState state) {
        if (state != null && conditions.ifNoneMatch() != null && conditions.ifNoneMatch().contains(ANY)) {
            return BLOB_ALREADY_EXISTS;
        }
        return write(conditions, state);
    }

    /** The conditions of a write of a container. */
    public static StorageErrorCode container(BlobConditions conditions, ContainerState container) {
        return conditions(conditions, container.etag(), container.modifiedTicks(), Map.of(), CONDITION_NOT_MET);
    }

    /** Of a blob's lease. @param leaseId null if none was given */
    static StorageErrorCode lease(String leaseId, LeaseState lease, LeaseUse use, long nowMillis) {
        return lease(leaseId, lease, use, nowMillis, LEASE_NOT_PRESENT_WITH_BLOB_OPERATION, LEASE_ID_MISMATCH_WITH_BLOB_OPERATION);
    }

    /** Of a container's lease: to delete it is a write, all else are reads. @param leaseId null if none was given */
    public static StorageErrorCode containerLease(String leaseId, LeaseState lease, LeaseUse use, long nowMillis) {
        return lease(
                leaseId, lease, use, nowMillis, LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION, LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION);
    }

    private static StorageErrorCode lease(
            String leaseId, LeaseState lease, LeaseUse use, long nowMillis, StorageErrorCode notPresent, StorageErrorCode mismatch) {
        LeaseState.Phase phase = lease.phase(nowMillis);
        boolean active = phase == LeaseState.Phase.LEASED || phase == LeaseState.Phase.BREAKING;
        if (leaseId == null) {
            return active && use == LeaseUse.WRITE ? LEASE_ID_MISSING : null;
        }
        if (phase == LeaseState.Phase.AVAILABLE) {
            return notPresent;
        }
        if (!leaseId.equals(lease.id())) {
            return active ? mismatch : notPresent;
        }
        return active ? null : LEASE_LOST;
    }

    private static StorageErrorCode conditions(
            BlobConditions conditions, String etag, long modifiedTicks, Map<String, String> tags, StorageErrorCode notModified) {
        long modifiedMillis = wholeSeconds(Ticks.toEpochMillis(modifiedTicks));
        if (conditions.ifMatch() != null && !matches(conditions.ifMatch(), etag)) {
            return CONDITION_NOT_MET;
        }
        if (conditions.ifUnmodifiedSinceMillis() != null && modifiedMillis > conditions.ifUnmodifiedSinceMillis()) {
            return CONDITION_NOT_MET;
        }
        boolean noneMatches = conditions.ifNoneMatch() != null && !matches(conditions.ifNoneMatch(), etag);
        boolean modified = conditions.ifModifiedSinceMillis() != null && modifiedMillis > conditions.ifModifiedSinceMillis();
        boolean asked = conditions.ifNoneMatch() != null || conditions.ifModifiedSinceMillis() != null;
        if (asked && !noneMatches && !modified) {
            return notModified;
        }
        if (conditions.ifTags() != null && !TagExpressions.ofCondition(conditions.ifTags()).matches(tags)) {
            return CONDITION_NOT_MET;
        }
        return null;
    }

    private static boolean matches(List<String> etags, String etag) {
        return etags.contains(ANY) || etags.contains(etag);
    }

    /** Dates of HTTP have no fractions. */
    private static long wholeSeconds(long millis) {
        return millis - Math.floorMod(millis, 1_000L);
    }
}
