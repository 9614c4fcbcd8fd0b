package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.Ticks;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What changes make of a container that is there. Source: the pages of "Operations on containers". */
public final class ContainerDecisions {

    /** What becomes of it. */
    public sealed interface Outcome {

        record Changed(ContainerState state) implements Outcome {}

        /** It is to be deleted; with a retention, {@code state} is what is kept until then. */
        record Deleted(ContainerState state) implements Outcome {}

        record Refused(StorageErrorCode error) implements Outcome {}
    }

    private ContainerDecisions() {}

    public static ContainerState created(String name, long number, ContainerCommand.Create create, long nowMillis) {
        long ticks = Ticks.ofEpochMillis(nowMillis);
        return new ContainerState(name, number, ticks, etag(ticks), create.publicAccess(), create.metadata(), List.of(), LeaseState.NONE, false,
                0, 0, null);
    }

    public static Outcome decide(ContainerState current, ContainerCommand command, long nowMillis) {
        return switch (command) {
            case ContainerCommand.Create create -> new Outcome.Refused(StorageErrorCode.CONTAINER_ALREADY_EXISTS);
            case ContainerCommand.Delete delete -> {
                StorageErrorCode error = unmet(current, delete.conditions(), LeaseUse.WRITE, nowMillis);
                yield error != null ? new Outcome.Refused(error) : new Outcome.Deleted(kept(current, delete.retentionDays(), nowMillis));
            }
            case ContainerCommand.SetMetadata set -> {
                StorageErrorCode error = unmet(current, set.conditions(), LeaseUse.READ, nowMillis);
                yield error != null ? new Outcome.Refused(error)
                        : changed(current, current.publicAccess(), set.metadata(), current.policies(), nowMillis);
            }
            case ContainerCommand.SetAccess set -> {
                StorageErrorCode error = unmet(current, set.conditions(), LeaseUse.READ, nowMillis);
                yield error != null ? new Outcome.Refused(error)
                        : changed(current, set.publicAccess(), current.metadata(), set.policies(), nowMillis);
            }
            case ContainerCommand.MarkImmutability mark -> mark.number() != current.number()
                    ? new Outcome.Refused(StorageErrorCode.CONTAINER_NOT_FOUND)
                    : new Outcome.Changed(current.withImmutabilityMark());
            case ContainerCommand.Lease lease -> lease(current, lease, nowMillis);
        };
    }

    /** A container that was deleted softly, as it is when it is there again: without a lease. */
    public static ContainerState restored(ContainerState deleted, String newName, long nowMillis) {
        long ticks = nextTicks(deleted, nowMillis);
        return new ContainerState(newName, deleted.number(), ticks, etag(ticks), deleted.publicAccess(), deleted.metadata(), deleted.policies(),
                LeaseState.NONE, deleted.immutabilityMark(), 0, 0, null);
    }

    /** A container whose deletion had begun and is given up: as it was before. */
    public static ContainerState undeleted(ContainerState ending) {
        return new ContainerState(ending.name(), ending.number(), ending.modifiedTicks(), ending.etag(), ending.publicAccess(), ending.metadata(),
                ending.policies(), ending.lease(), ending.immutabilityMark(), 0, 0, null);
    }

    private static ContainerState kept(ContainerState state, int retentionDays, long nowMillis) {
        boolean softly = retentionDays > 0;
        return new ContainerState(state.name(), state.number(), state.modifiedTicks(), state.etag(), state.publicAccess(), state.metadata(),
                state.policies(), LeaseState.NONE, state.immutabilityMark(), softly ? nowMillis : 0, retentionDays, softly ? version(state, nowMillis) : null);
    }

    /** Another one for each deletion of a container of the same name: its number is never given again. */
    private static String version(ContainerState state, long nowMillis) {
        return String.format(Locale.ROOT, "%016X%X", Ticks.ofEpochMillis(nowMillis), state.number());
    }

    private static StorageErrorCode unmet(ContainerState state, BlobConditions conditions, LeaseUse use, long nowMillis) {
        StorageErrorCode error = ConditionCheck.container(conditions, state);
        return error != null ? error : ConditionCheck.containerLease(conditions.leaseId(), state.lease(), use, nowMillis);
    }

    private static Outcome changed(
            ContainerState state, ContainerState.PublicAccess access, Map<String, String> metadata, List<AccessPolicy> policies,
            long nowMillis) {
        long ticks = nextTicks(state, nowMillis);
        return new Outcome.Changed(new ContainerState(
                state.name(), state.number(), ticks, etag(ticks), access, metadata, policies, state.lease(), state.immutabilityMark(),
                0, 0, null));
    }

    /** A lease changes neither entity tag nor Last-Modified. */
    private static Outcome lease(ContainerState state, ContainerCommand.Lease lease, long nowMillis) {
        StorageErrorCode error = ConditionCheck.container(lease.conditions(), state);
        if (error != null) {
            return new Outcome.Refused(error);
        }
        return switch (LeaseDecisions.decide(lease.action(), state.lease(), lease.conditions().leaseId(), lease.proposedId(),
                lease.durationSeconds(), lease.breakSeconds(), nowMillis)) {
            case LeaseDecisions.Outcome.Refused refused -> new Outcome.Refused(refused.error());
            case LeaseDecisions.Outcome.Changed changed -> new Outcome.Changed(new ContainerState(state.name(), state.number(),
                    state.modifiedTicks(), state.etag(), state.publicAccess(), state.metadata(), state.policies(), changed.lease(),
                    state.immutabilityMark(), 0, 0, null));
        };
    }

    private static long nextTicks(ContainerState state, long nowMillis) {
        return Math.max(Ticks.ofEpochMillis(nowMillis), state.modifiedTicks() + 1);
    }

    private static String etag(long ticks) {
        return "\"0x" + Long.toHexString(ticks).toUpperCase(Locale.ROOT) + "\"";
    }
}
