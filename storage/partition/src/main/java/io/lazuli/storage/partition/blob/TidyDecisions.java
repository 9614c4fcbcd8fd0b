package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.blob.BlobCommand.FormerPages;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import io.lazuli.storage.partition.table.RangeLogic.Wanted;

/** What time brings: the end of retentions, of uncommitted blocks, of rehydrations, and of rows that nothing names any more. */
final class TidyDecisions {

    private TidyDecisions() {}

    static Outcome tidy(BlobEdit edit, BlobCommand.Tidy command) {
        edit.demandUnchanged(command.expectedChange());
        BlobState current = edit.current();
        if (current == null) {
            command.contents().forEach(edit::dropOrphan);
            return edit.done(null);
        }
        long now = command.nowMillis();
        edit.see(command.pages().stream().map(pages -> new Wanted(keyOf(edit, pages), false)).toList());
        UncommittedBlocks uncommitted = edit.uncommitted();
        boolean uncommittedOver = uncommitted != null && uncommitted.isDue(now);
        boolean deletionOver = current.deleted() != null && current.deleted().isOver(now);
        if (deletionOver && !current.contentShared()) {
            edit.dropContent(current.content());
        }
        if (uncommittedOver) {
            edit.dropUncommitted();
        }
        boolean allGone = true;
        for (long ticks : command.snapshotTicks()) {
            allGone &= tidyAside(edit, edit.snapshot(ticks), now);
        }
        for (long ticks : command.versionTicks()) {
            allGone &= tidyAside(edit, edit.version(ticks), now);
        }
        command.contents().stream().filter(content -> deletionOver || content != current.content().contentId()).forEach(edit::dropOrphan);
        command.pages().stream().map(pages -> keyOf(edit, pages)).filter(edit::isThere).forEach(edit::delete);
        boolean alone = command.alone() && allGone;
        boolean hasUncommitted = uncommitted != null && !uncommittedOver;
        boolean absent = deletionOver || !current.hasContent() && !hasUncommitted;
        if (absent && alone && !hasUncommitted) {
            edit.deleteCurrent();
            return edit.done(null);
        }
        BlobState result = edit.put(absent ? absent(edit, current, alone, hasUncommitted) : present(current, alone, now));
        return edit.done(result.exists() ? result : null);
    }

    private static BlobStateBuilder absent(BlobEdit edit, BlobState current, boolean alone, boolean hasUncommitted) {
        BlobStateBuilder place = new BlobStateBuilder(edit.blob(), edit.ticks()).hasFormer(!alone).snapshotCount(current.snapshotCount());
        return hasUncommitted ? place.content(new BlobContent.Uncommitted()) : place;
    }

    /** Pages may have former rows left when their last snapshot is gone, so they are not taken for unshared again. */
    private static BlobStateBuilder present(BlobState current, boolean alone, long now) {
        BlobStateBuilder state = new BlobStateBuilder(current).hasFormer(current.hasFormer() && !alone);
        if (alone && !(current.content() instanceof BlobContent.Pages)) {
            state.contentShared(false);
        }
        return current.isRehydrated(now) ? rehydrated(state, current) : state;
    }

    private static BlobStateBuilder rehydrated(BlobStateBuilder state, BlobState was) {
        return state.tier(was.rehydrating(), false, was.tierChangedMillis(), null);
    }

    /** @return whether it is gone */
    private static boolean tidyAside(BlobEdit edit, BlobState state, long now) {
        if (state == null) {
            return true;
        }
        if (state.deleted() != null && state.deleted().isOver(now)) {
            edit.deleteAside(state);
            return true;
        }
        if (state.isRehydrated(now)) {
            edit.putAside(rehydrated(new BlobStateBuilder(state), state));
        }
        return false;
    }

    private static byte[] keyOf(BlobEdit edit, FormerPages pages) {
        return pages.generation() == 0
                ? BlobRows.pagesKey(edit.blob(), pages.contentId(), pages.offset())
                : BlobRows.formerPagesKey(edit.blob(), pages.contentId(), pages.offset(), pages.generation());
    }
}
