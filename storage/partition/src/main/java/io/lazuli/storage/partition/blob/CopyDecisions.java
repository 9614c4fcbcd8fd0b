package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.COPY_ID_MISMATCH;
import static io.lazuli.storage.model.StorageErrorCode.INVALID_BLOB_TYPE;
import static io.lazuli.storage.model.StorageErrorCode.NO_PENDING_COPY_OPERATION;

import io.lazuli.storage.partition.blob.BlobState.CopyState;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The destination of a copy that is made in the background, from its beginning to its end. Sources: "Copy Blob", "Abort Copy Blob". */
final class CopyDecisions {

    private CopyDecisions() {}

    static Outcome begin(BlobEdit edit, BlobCommand.BeginCopy command, Supplier<UUID> randomIds) {
        BlobState visible = edit.visible();
        WholeBlobDecisions.demandReplaceable(edit, command.conditions(), command.rules());
        BlobEdit.demand(visible == null || visible.kind() == command.kind(), INVALID_BLOB_TYPE);
        BlobContent content = command.kind() == BlobKind.PAGE
                ? WholeBlobDecisions.pages(edit, command.source().lengthBytes())
                : WholeBlobDecisions.blocks(edit, List.of());
        CopyState copy = new CopyState(randomIds.get().toString(), command.source().url(), CopyStatus.PENDING, 0,
                command.source().lengthBytes(), 0, null, command.source().origin(), 0);
        BlobStateBuilder state = WholeBlobDecisions.fresh(edit, command.kind(), command.draft(), content).copy(copy);
        return edit.done(WholeBlobDecisions.replace(edit, state, command.rules()));
    }

    static Outcome takeUp(BlobEdit edit, BlobCommand.TakeUpCopy command) {
        BlobState state = pending(edit, command.attempt());
        BlobEdit.demand(state.change() == command.seenChange(), COPY_ID_MISMATCH);
        return edit.done(edit.put(new BlobStateBuilder(state).copy(further(state.copy(), 0, state.copy().attempt() + 1))));
    }

    static Outcome report(BlobEdit edit, BlobCommand.ReportCopy command) {
        BlobState state = pending(edit, command.attempt());
        return edit.done(edit.put(new BlobStateBuilder(state).copy(further(state.copy(), command.copiedBytes(), state.copy().attempt()))));
    }

    private static CopyState further(CopyState copy, long copiedBytes, int attempt) {
        return new CopyState(copy.id(), copy.source(), CopyStatus.PENDING, copiedBytes, copy.totalBytes(), 0, null, copy.origin(), attempt);
    }

    static Outcome end(BlobEdit edit, BlobCommand.EndCopy command) {
        BlobState state = pending(edit, command.attempt());
        CopyState copy = state.copy();
        if (command.failure() != null) {
            return ended(edit, state, new CopyState(copy.id(), copy.source(), CopyStatus.FAILED, copy.copiedBytes(), copy.totalBytes(),
                    edit.nowMillis(), command.failure()));
        }
        BlobStateBuilder done = new BlobStateBuilder(state).copy(new CopyState(copy.id(), copy.source(), CopyStatus.SUCCESS,
                copy.totalBytes(), copy.totalBytes(), edit.nowMillis(), null));
        if (state.kind() != BlobKind.PAGE) {
            done.content(WholeBlobDecisions.blocks(edit, command.blocks()));
        }
        return edit.done(edit.put(done.modified(edit.ticks())));
    }

    static Outcome abort(BlobEdit edit, BlobCommand.AbortCopy command) {
        BlobState state = pending(edit, command.copyId());
        edit.demandLease(command.conditions(), LeaseUse.WRITE);
        CopyState copy = state.copy();
        return ended(edit, state, new CopyState(
                copy.id(), copy.source(), CopyStatus.ABORTED, copy.copiedBytes(), copy.totalBytes(), edit.nowMillis(), null));
    }

    /** Without success: the blob is left empty, with its metadata. */
    private static Outcome ended(BlobEdit edit, BlobState state, CopyState copy) {
        if (!state.contentShared()) {
            edit.dropContent(state.content());
        }
        BlobContent empty = state.kind() == BlobKind.PAGE ? WholeBlobDecisions.pages(edit, 0) : WholeBlobDecisions.blocks(edit, List.of());
        return edit.done(edit.put(new BlobStateBuilder(state).content(empty).contentShared(false).copy(copy).modified(edit.ticks())));
    }

    /** The copy as its latest attempt finds it. */
    static BlobState pending(BlobEdit edit, CopyAttempt attempt) {
        BlobState state = pending(edit, attempt.copyId());
        BlobEdit.demand(state.copy().attempt() == attempt.number(), COPY_ID_MISMATCH);
        return state;
    }

    private static BlobState pending(BlobEdit edit, String copyId) {
        BlobState state = edit.existing();
        BlobEdit.demand(BlobEdit.isCopying(state), NO_PENDING_COPY_OPERATION);
        BlobEdit.demand(state.copy().id().equals(copyId), COPY_ID_MISMATCH);
        return state;
    }
}
