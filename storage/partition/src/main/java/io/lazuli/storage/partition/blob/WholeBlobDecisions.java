package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.BLOCK_LIST_TOO_LONG;
import static io.lazuli.storage.model.StorageErrorCode.INVALID_BLOB_TYPE;

import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import java.util.List;
import java.util.Map;

/** A blob is written anew: Put Blob of each kind, Put Block List, and the beginning of a copy. Snapshots and the lease stay. */
final class WholeBlobDecisions {

    private static final byte[] NO_ID = {};

    private WholeBlobDecisions() {}

    static Outcome put(BlobEdit edit, BlobCommand.PutBlockBlob command) {
        demandReplaceable(edit, command.conditions(), command.rules());
        BlobContent content = switch (command.content()) {
            case NewContent.Inline inline -> {
                edit.put(BlobRows.inlineKey(edit.blob(), edit.ticks()), BlobRows.inlineValue(inline.bytes()));
                yield new BlobContent.Inline(edit.ticks(), inline.lengthBytes());
            }
            case NewContent.Stored stored -> new BlobContent.Blocks(
                    edit.ticks(), stored.lengthBytes(), 1, List.of(new BlockRef(NO_ID, stored.run())), List.of());
        };
        return edit.done(replace(edit, fresh(edit, BlobKind.BLOCK, command.draft(), content), command.rules()));
    }

    static Outcome put(BlobEdit edit, BlobCommand.PutAppendBlob command) {
        demandReplaceable(edit, command.conditions(), command.rules());
        BlobContent content = new BlobContent.Blocks(edit.ticks(), 0, 0, List.of(), List.of());
        return edit.done(replace(edit, fresh(edit, BlobKind.APPEND, command.draft(), content), command.rules()));
    }

    static Outcome put(BlobEdit edit, BlobCommand.PutPageBlob command) {
        demandReplaceable(edit, command.conditions(), command.rules());
        BlobStateBuilder state = fresh(edit, BlobKind.PAGE, command.draft(), pages(edit, command.sizeBytes()));
        return edit.done(replace(edit, state.sequenceNumber(command.sequenceNumber()), command.rules()));
    }

    static Outcome commit(BlobEdit edit, BlobCommand.CommitBlocks command) {
        edit.demandUnchanged(command.expectedChange());
        BlobState visible = edit.visible();
        BlobEdit.demand(visible == null || visible.kind() == BlobKind.BLOCK, INVALID_BLOB_TYPE);
        demandReplaceable(edit, command.conditions(), command.rules());
        BlobEdit.demand(command.blocks().size() <= BlobLimits.MAX_COMMITTED_BLOCKS, BLOCK_LIST_TOO_LONG);
        BlobStateBuilder state = fresh(edit, BlobKind.BLOCK, command.draft(), blocks(edit, command.blocks()));
        if (visible != null) {
            state.created(visible.createdTicks());
        }
        return edit.done(replace(edit, state, command.rules()));
    }

    /** Puts what was made in the place of what is there. */
    static BlobState replace(BlobEdit edit, BlobStateBuilder state, AccountRules rules) {
        BlobState was = edit.current();
        BlobState visible = edit.visible();
        boolean kept = FormerStates.replaced(edit, rules);
        edit.dropUncommitted();
        if (was != null) {
            state.hasFormer(was.hasFormer() || kept).snapshotCount(was.snapshotCount());
        }
        if (visible != null) {
            state.lease(LeaseDecisions.afterWrite(visible.lease(), edit.nowMillis()));
        }
        return edit.put(rules.versioning() ? state.version(edit.ticks(), true) : state);
    }

    static BlobStateBuilder fresh(BlobEdit edit, BlobKind kind, BlobDraft draft, BlobContent content) {
        BlobStateBuilder state = new BlobStateBuilder(edit.blob(), edit.ticks()).kind(kind).headers(draft.headers())
                .metadata(draft.metadata()).tags(draft.tags() == null ? Map.of() : draft.tags()).immutability(draft.immutability())
                .legalHold(draft.legalHold()).content(content);
        if (kind != BlobKind.BLOCK) {
            return state;
        }
        return draft.tier() == null ? state.tier(AccessTier.HOT, true, 0, null) : state.tier(draft.tier(), false, edit.nowMillis(), null);
    }

    /** A list of blocks under a number of its own; writes the segments of a long one. */
    static BlobContent.Blocks blocks(BlobEdit edit, List<BlockRef> blocks) {
        List<BlockSegments.Segment> segments = BlockSegments.cut(blocks);
        for (BlockSegments.Segment segment : segments) {
            edit.put(BlobRows.segmentKey(edit.blob(), edit.ticks(), segment.offset()), BlobRows.segmentValue(segment.blocks()));
        }
        return new BlobContent.Blocks(edit.ticks(), BlockSegments.lengthOf(blocks), blocks.size(),
                segments.isEmpty() ? List.copyOf(blocks) : List.of(), segments.stream().map(BlockSegments.Segment::offset).toList());
    }

    static BlobContent.Pages pages(BlobEdit edit, long sizeBytes) {
        return new BlobContent.Pages(edit.ticks(), sizeBytes, BlobContent.Pages.FIRST_GENERATION, List.of());
    }

    /** What every operation asks that makes a blob or replaces one. */
    static void demandReplaceable(BlobEdit edit, BlobConditions conditions, AccountRules rules) {
        BlobState visible = edit.visible();
        BlobEdit.demand(ConditionCheck.create(conditions, visible));
        edit.demandLease(conditions, LeaseUse.WRITE);
        if (visible != null) {
            BlobEdit.demandNoPendingCopy(visible);
            if (!FormerStates.stays(visible, rules)) {
                edit.demandMutable(visible);
            }
        }
    }
}
