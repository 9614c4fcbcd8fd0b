package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.BLOB_ARCHIVED;
import static io.lazuli.storage.model.StorageErrorCode.BLOB_BEING_REHYDRATED;
import static io.lazuli.storage.model.StorageErrorCode.BLOB_IMMUTABLE_DUE_TO_POLICY;

import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a blob says of itself is changed, or its lease. Headers and metadata count as writes: they need the lease, and make a new ETag. Tags, tier,
 * immutability and leases leave ETag and Last-Modified alone.
 */
final class PropertyDecisions {

    private PropertyDecisions() {}

    static Outcome headers(BlobEdit edit, BlobCommand.SetHeaders command) {
        BlobState state = writable(edit, command.conditions());
        edit.demandMutable(state);
        return edit.done(edit.putModified(new BlobStateBuilder(state).headers(command.headers())));
    }

    static Outcome metadata(BlobEdit edit, BlobCommand.SetMetadata command) {
        BlobState state = writable(edit, command.conditions());
        if (!FormerStates.stays(state, command.rules())) {
            edit.demandMutable(state);
            return edit.done(edit.putModified(new BlobStateBuilder(state).metadata(command.metadata())));
        }
        FormerStates.asVersion(edit, state, true);
        boolean versioning = command.rules().versioning();
        BlobStateBuilder successor = FormerStates.sharing(state).metadata(command.metadata()).hasFormer(true)
                .version(versioning ? edit.ticks() : 0, versioning);
        return edit.done(edit.putModified(successor));
    }

    static Outcome tags(BlobEdit edit, BlobCommand.SetTags command) {
        BlobState state = edit.existing(command.target());
        BlobEdit.demand(ConditionCheck.write(command.conditions(), state));
        if (isCurrent(edit, command.target())) {
            edit.demandLease(command.conditions(), LeaseUse.WRITE);
        }
        return edit.done(put(edit, command.target(), new BlobStateBuilder(state).tags(command.tags())));
    }

    static Outcome tier(BlobEdit edit, BlobCommand.SetTier command) {
        BlobState state = edit.existing(command.target());
        BlobEdit.demand(ConditionCheck.write(command.conditions(), state));
        if (isCurrent(edit, command.target())) {
            edit.demandLease(command.conditions(), LeaseUse.READ);
        }
        BlobEdit.demandKind(state, BlobKind.BLOCK);
        BlobEdit.demandNoPendingCopy(state);
        if (state.rehydrating() != null) {
            BlobEdit.demand(command.tier() == state.rehydrating(), BLOB_BEING_REHYDRATED);
            return edit.done(state, 0, state.versionTicks(), -1, -1, true);
        }
        BlobStateBuilder changed = new BlobStateBuilder(state);
        if (state.tier() == AccessTier.ARCHIVE && command.tier() != AccessTier.ARCHIVE) {
            changed.tier(AccessTier.ARCHIVE, false, edit.nowMillis(), command.tier());
            return edit.done(put(edit, command.target(), changed), 0, state.versionTicks(), -1, -1, true);
        }
        if (state.tier() == command.tier() && !state.tierInferred()) {
            return edit.done(state);
        }
        return edit.done(put(edit, command.target(), changed.tier(command.tier(), false, edit.nowMillis(), null)));
    }

    static Outcome immutability(BlobEdit edit, BlobCommand.SetImmutability command) {
        BlobState state = edit.existing(command.target());
        BlobEdit.demand(ConditionCheck.write(command.conditions(), state));
        ImmutabilityPolicy present = state.immutability();
        ImmutabilityPolicy next = command.policy();
        boolean held = present != null && present.locked() && present.untilMillis() > edit.nowMillis();
        boolean strengthens = next != null && next.locked() && present != null && next.untilMillis() >= present.untilMillis();
        BlobEdit.demand(!held || strengthens, BLOB_IMMUTABLE_DUE_TO_POLICY);
        return edit.done(put(edit, command.target(), new BlobStateBuilder(state).immutability(next)));
    }

    static Outcome legalHold(BlobEdit edit, BlobCommand.SetLegalHold command) {
        BlobState state = edit.existing(command.target());
        return edit.done(put(edit, command.target(), new BlobStateBuilder(state).legalHold(command.hold())));
    }

    static Outcome lease(BlobEdit edit, BlobCommand.Lease command, Supplier<UUID> randomIds) {
        BlobState state = edit.existing();
        BlobEdit.demand(ConditionCheck.write(command.conditions(), state));
        String newId = command.proposedId() != null ? command.proposedId() : randomIds.get().toString();
        LeaseDecisions.Outcome outcome = LeaseDecisions.decide(command.action(), state.lease(), command.conditions().leaseId(), newId,
                command.durationSeconds(), command.breakSeconds(), edit.nowMillis());
        return switch (outcome) {
            case LeaseDecisions.Outcome.Refused refused -> throw BlobEdit.refusal(refused.error());
            case LeaseDecisions.Outcome.Changed changed -> {
                BlobState leased = edit.put(new BlobStateBuilder(state).lease(changed.lease()));
                yield edit.done(leased, 0, leased.versionTicks(), -1, changed.leaseSeconds(), false);
            }
        };
    }

    private static BlobState writable(BlobEdit edit, BlobConditions conditions) {
        BlobState state = edit.existing();
        edit.demandWritable(state, conditions);
        BlobEdit.demandNoPendingCopy(state);
        BlobEdit.demand(state.tier() != AccessTier.ARCHIVE, BLOB_ARCHIVED);
        return state;
    }

    private static boolean isCurrent(BlobEdit edit, BlobTarget target) {
        return target.isCurrent() || edit.isCurrentVersion(target.versionTicks());
    }

    /** Puts the addressed state, and the current one if it is another. */
    private static BlobState put(BlobEdit edit, BlobTarget target, BlobStateBuilder state) {
        if (isCurrent(edit, target)) {
            return edit.put(state);
        }
        edit.put(new BlobStateBuilder(edit.current()));
        return edit.putAside(state);
    }
}
