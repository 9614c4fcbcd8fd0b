package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.BLOB_ARCHIVED;
import static io.lazuli.storage.model.StorageErrorCode.BLOB_NOT_FOUND;
import static io.lazuli.storage.model.StorageErrorCode.OPERATION_NOT_ALLOWED_ON_ROOT_BLOB;
import static io.lazuli.storage.model.StorageErrorCode.SNAPSHOTS_PRESENT;

import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobState.Deleted;
import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * States beside the current one, and the end of all of them.
 *
 * <pre>
 * current --Delete, versioning--> version                            place kept: Absent
 * current --Delete, retention---> deleted --Undelete--> current
 * current --Delete--------------> gone                               place kept only if there may be others
 * snapshot, version --Delete, retention--> deleted --Undelete--> snapshot, version
 * snapshot, version --Delete-------------> gone
 * deleted --retention over (Tidy), permanent deletion--> gone
 * </pre>
 */
final class StateDecisions {

    private StateDecisions() {}

    static Outcome snapshot(BlobEdit edit, BlobCommand.Snapshot command) {
        BlobState state = edit.existing();
        BlobEdit.demand(ConditionCheck.write(command.conditions(), state));
        edit.demandLease(command.conditions(), LeaseUse.READ);
        BlobEdit.demandNoPendingCopy(state);
        BlobEdit.demand(state.tier() != AccessTier.ARCHIVE, BLOB_ARCHIVED);
        BlobStateBuilder snapshot = new BlobStateBuilder(state).aside(edit.ticks(), 0).immutability(null).legalHold(false).contentShared(true);
        if (command.metadata() != null) {
            snapshot.metadata(command.metadata()).modified(edit.ticks());
        }
        BlobStateBuilder successor = FormerStates.sharing(state).snapshotCount(state.snapshotCount() + 1);
        if (command.rules().versioning()) {
            FormerStates.asVersion(edit, state, true);
            successor.version(edit.ticks(), true).hasFormer(true);
        }
        BlobState current = edit.put(successor);
        return edit.done(edit.putAside(snapshot), edit.ticks(), current.versionTicks(), -1, -1, false);
    }

    static Outcome delete(BlobEdit edit, BlobCommand.Delete command) {
        return command.target().isCurrent() ? deleteCurrent(edit, command) : deleteAside(edit, command);
    }

    private static Outcome deleteCurrent(BlobEdit edit, BlobCommand.Delete command) {
        BlobState state = edit.existing();
        if (command.snapshots() != DeleteSnapshots.NONE) {
            edit.demandUnchanged(command.expectedChange());
        }
        edit.demandWritable(state, command.conditions());
        BlobEdit.demandNoPendingCopy(state);
        Deleted deletion = edit.deletion(command.rules());
        if (command.snapshots() == DeleteSnapshots.NONE) {
            BlobEdit.demand(state.snapshotCount() == 0, SNAPSHOTS_PRESENT);
        }
        if (command.snapshots() != DeleteSnapshots.ONLY && !FormerStates.stays(state, command.rules())) {
            edit.demandMutable(state);
        }
        Set<Long> contents = new LinkedHashSet<>();
        int left = state.snapshotCount();
        if (command.snapshots() != DeleteSnapshots.NONE) {
            left -= deleteSnapshots(edit, command, deletion, contents);
        }
        boolean hasFormer = state.hasFormer() || deletion != null && left < state.snapshotCount();
        if (command.snapshots() == DeleteSnapshots.ONLY) {
            boolean mayLeaveContents = hasFormer || contents.stream().anyMatch(content -> content != state.content().contentId());
            return edit.done(edit.put(new BlobStateBuilder(state).snapshotCount(left).hasFormer(mayLeaveContents)));
        }
        if (left != 0) {
            throw new BlobEdit.Stop(new BlobReply.Changed());
        }
        edit.dropUncommitted();
        if (FormerStates.stays(state, command.rules())) {
            FormerStates.asVersion(edit, state, state.contentShared());
            edit.leaveAbsent(true, 0);
            return edit.done(null, 0, FormerStates.versionOf(state), -1, -1, false);
        }
        if (deletion != null) {
            edit.put(new BlobStateBuilder(state).deleted(deletion).lease(LeaseState.NONE).snapshotCount(0).hasFormer(hasFormer));
            return edit.done(null);
        }
        if (hasFormer) {
            if (!state.contentShared()) {
                edit.dropContent(state.content());
            }
            edit.leaveAbsent(true, 0);
        } else {
            edit.dropContent(state.content());
            contents.remove(state.content().contentId());
            contents.forEach(edit::dropOrphan);
            edit.deleteCurrent();
        }
        return edit.done(null);
    }

    /** @param contents gets those of snapshots that are gone for good. @return how many there were */
    private static int deleteSnapshots(BlobEdit edit, BlobCommand.Delete command, Deleted deletion, Set<Long> contents) {
        int count = 0;
        for (long ticks : command.snapshotTicks()) {
            BlobState snapshot = edit.snapshot(ticks);
            if (snapshot == null || snapshot.deleted() != null) {
                continue;
            }
            count++;
            edit.demandMutable(snapshot);
            if (deletion != null) {
                edit.putAside(new BlobStateBuilder(snapshot).deleted(deletion));
            } else {
                edit.deleteAside(snapshot);
                contents.add(snapshot.content().contentId());
            }
        }
        return count;
    }

    private static Outcome deleteAside(BlobEdit edit, BlobCommand.Delete command) {
        BlobEdit.demand(!edit.isCurrentVersion(command.target().versionTicks()), OPERATION_NOT_ALLOWED_ON_ROOT_BLOB);
        BlobState state = edit.at(command.target());
        BlobEdit.demand(state != null && command.permanent() == (state.deleted() != null), BLOB_NOT_FOUND);
        BlobEdit.demand(ConditionCheck.write(command.conditions(), state));
        edit.demandMutable(state);
        Deleted deletion = command.permanent() ? null : edit.deletion(command.rules());
        if (deletion != null) {
            edit.putAside(new BlobStateBuilder(state).deleted(deletion));
        } else {
            if (!state.contentShared()) {
                edit.dropContent(state.content());
            }
            edit.deleteAside(state);
        }
        boolean counted = state.snapshotTicks() != 0 && state.deleted() == null;
        BlobState current = edit.current();
        boolean mayLeaveContent = state.contentShared() && state.content().contentId() != current.content().contentId();
        edit.put(new BlobStateBuilder(current)
                .snapshotCount(current.snapshotCount() - (counted ? 1 : 0))
                .hasFormer(current.hasFormer() || deletion != null || mayLeaveContent));
        return edit.done(null);
    }

    static Outcome undelete(BlobEdit edit, BlobCommand.Undelete command) {
        edit.demandUnchanged(command.expectedChange());
        BlobState current = edit.current();
        BlobEdit.demand(current != null, BLOB_NOT_FOUND);
        BlobStateBuilder restored = new BlobStateBuilder(current);
        boolean any = restorable(edit, current);
        if (any) {
            restored.deleted(null);
        }
        int snapshots = 0;
        for (long ticks : command.snapshotTicks()) {
            snapshots += restore(edit, edit.snapshot(ticks));
        }
        int versions = 0;
        for (long ticks : command.versionTicks()) {
            versions += restore(edit, edit.version(ticks));
        }
        if (!any && snapshots + versions == 0) {
            BlobEdit.demand(current.exists(), BLOB_NOT_FOUND);
            return edit.done(current);
        }
        BlobState result = edit.put(restored.snapshotCount(current.snapshotCount() + snapshots));
        return edit.done(result.exists() ? result : null);
    }

    private static int restore(BlobEdit edit, BlobState state) {
        if (state == null || !restorable(edit, state)) {
            return 0;
        }
        edit.putAside(new BlobStateBuilder(state).deleted(null));
        return 1;
    }

    private static boolean restorable(BlobEdit edit, BlobState state) {
        return state.deleted() != null && !state.deleted().isOver(edit.nowMillis());
    }
}
