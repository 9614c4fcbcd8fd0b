package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.APPEND_POSITION_CONDITION_NOT_MET;
import static io.lazuli.storage.model.StorageErrorCode.BLOB_IS_SEALED;
import static io.lazuli.storage.model.StorageErrorCode.BLOCK_COUNT_EXCEEDS_LIMIT;
import static io.lazuli.storage.model.StorageErrorCode.INVALID_BLOB_OR_BLOCK;
import static io.lazuli.storage.model.StorageErrorCode.INVALID_BLOB_TYPE;
import static io.lazuli.storage.model.StorageErrorCode.INVALID_PAGE_RANGE;
import static io.lazuli.storage.model.StorageErrorCode.MAX_BLOB_SIZE_CONDITION_NOT_MET;
import static io.lazuli.storage.model.StorageErrorCode.SEQUENCE_NUMBER_CONDITION_NOT_MET;
import static io.lazuli.storage.model.StorageErrorCode.SEQUENCE_NUMBER_INCREMENT_TOO_LARGE;

import io.lazuli.storage.partition.blob.BlobCommand.SequenceCondition;
import io.lazuli.storage.partition.blob.BlobContent.Blocks;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.ConditionCheck.LeaseUse;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import io.lazuli.storage.partition.table.RangeLogic.Seen;
import io.lazuli.storage.partition.table.RangeLogic.Wanted;
import java.util.ArrayList;
import java.util.List;

/** Parts of a blob's bytes are written: Put Block, Append Block, Put Page, and what the kinds of blobs have beside that. */
final class ContentDecisions {

    private ContentDecisions() {}

    // Block blobs

    static Outcome putBlock(BlobEdit edit, BlobCommand.PutBlock command) {
        BlobState visible = edit.visible();
        edit.demandLease(command.conditions(), LeaseUse.WRITE);
        if (visible != null) {
            BlobEdit.demand(visible.kind() == BlobKind.BLOCK, INVALID_BLOB_TYPE);
            BlobEdit.demandNoPendingCopy(visible);
        }
        byte[] id = command.block().id();
        UncommittedBlocks before = edit.uncommitted();
        if (before == null) {
            before = new UncommittedBlocks(edit.ticks(), 0, id.length, edit.nowMillis());
        }
        BlobEdit.demand(before.idBytes() == id.length, INVALID_BLOB_OR_BLOCK);
        byte[] key = BlobRows.uncommittedBlockKey(edit.blob(), before.session(), id);
        boolean again = before.puts() > 0 && edit.isThere(key);
        BlobEdit.demand(again || before.puts() < BlobLimits.MAX_UNCOMMITTED_BLOCKS, BLOCK_COUNT_EXCEEDS_LIMIT);
        edit.put(key, BlobRows.runValue(command.block().run()));
        edit.put(BlobRows.uncommittedKey(edit.blob()),
                new UncommittedBlocks(before.session(), before.puts() + (again ? 0 : 1), id.length, edit.nowMillis()).encode());
        BlobState state = edit.current();
        if (state == null || state.content() instanceof BlobContent.Absent) {
            BlobStateBuilder begun = state == null ? new BlobStateBuilder(edit.blob(), edit.ticks()) : new BlobStateBuilder(state);
            state = edit.put(begun.content(new BlobContent.Uncommitted()));
        } else if (again) {
            // Nothing names the former bytes any more: a block list that was put together with them must not be committed.
            state = edit.put(new BlobStateBuilder(state));
        }
        return edit.done(state);
    }

    // Append blobs

    static Outcome append(BlobEdit edit, BlobCommand.AppendBlock command) {
        BlobState state = writable(edit, command.conditions(), BlobKind.APPEND);
        Blocks content = (Blocks) state.content();
        BlobEdit.demand(!state.sealed(), BLOB_IS_SEALED);
        demandPosition(content, command.appendPosition());
        long length = content.lengthBytes() + command.run().lengthBytes();
        BlobEdit.demand(command.maxSizeBytes() == null || length <= command.maxSizeBytes(), MAX_BLOB_SIZE_CONDITION_NOT_MET);
        BlobEdit.demand(content.blockCount() < BlobLimits.MAX_APPENDS, BLOCK_COUNT_EXCEEDS_LIMIT);
        Blocks roomy = content.blocks().size() < BlockSegments.MAX_EMBEDDED_BLOCKS ? content : withoutTail(edit, content);
        List<BlockRef> tail = new ArrayList<>(roomy.blocks());
        tail.add(new BlockRef(new byte[0], command.run()));
        Blocks appended = new Blocks(content.contentId(), length, content.blockCount() + 1, tail, roomy.segments());
        BlobState result = edit.putModified(new BlobStateBuilder(state).content(appended));
        return edit.done(result, 0, result.versionTicks(), content.lengthBytes(), -1, false);
    }

    /** Moves the last blocks into the last segment, or into a new one if that is full. */
    private static Blocks withoutTail(BlobEdit edit, Blocks content) {
        List<Long> segments = new ArrayList<>(content.segments());
        List<BlockRef> blocks = new ArrayList<>();
        if (!segments.isEmpty()) {
            long last = segments.get(segments.size() - 1);
            Seen row = edit.row(BlobRows.segmentKey(edit.blob(), content.contentId(), last));
            List<BlockRef> present = BlockSegments.of(content, last, BlobRows.segment(row.value()));
            if (present.size() + content.blocks().size() <= BlockSegments.MAX_SEGMENT_BLOCKS) {
                blocks.addAll(present);
            }
        }
        if (blocks.isEmpty()) {
            segments.add(content.tailOffset());
        }
        blocks.addAll(content.blocks());
        long offset = segments.get(segments.size() - 1);
        edit.put(BlobRows.segmentKey(edit.blob(), content.contentId(), offset), BlobRows.segmentValue(blocks));
        return new Blocks(content.contentId(), content.lengthBytes(), content.blockCount(), List.of(), segments);
    }

    static Outcome seal(BlobEdit edit, BlobCommand.SealAppendBlob command) {
        BlobState state = writable(edit, command.conditions(), BlobKind.APPEND);
        demandPosition((Blocks) state.content(), command.appendPosition());
        return edit.done(state.sealed() ? state : edit.putModified(new BlobStateBuilder(state).sealed()));
    }

    private static void demandPosition(Blocks content, Long position) {
        BlobEdit.demand(position == null || position == content.lengthBytes(), APPEND_POSITION_CONDITION_NOT_MET);
    }

    // Page blobs

    static Outcome writePages(BlobEdit edit, BlobCommand.WritePages command) {
        BlobState state = command.attempt() == null
                ? writable(edit, command.conditions(), BlobKind.PAGE)
                : copied(edit, command.attempt());
        Pages content = (Pages) state.content();
        long end = command.offset() + command.lengthBytes();
        BlobEdit.demand(end <= content.lengthBytes() && command.lengthBytes() <= BlobLimits.MAX_CLEARED_BYTES, INVALID_PAGE_RANGE);
        demandSequence(state, command.sequence());
        List<Long> windows = new ArrayList<>();
        for (long window = PageWindow.windowOf(command.offset()); window < end; window += PageWindow.WINDOW_BYTES) {
            windows.add(window);
        }
        edit.see(windows.stream().map(window -> new Wanted(BlobRows.pagesKey(edit.blob(), content.contentId(), window))).toList());
        for (long window : windows) {
            writeWindow(edit, state, content, window, command);
        }
        return edit.done(edit.putModified(new BlobStateBuilder(state)));
    }

    private static void writeWindow(BlobEdit edit, BlobState state, Pages content, long window, BlobCommand.WritePages command) {
        Seen seen = edit.row(BlobRows.pagesKey(edit.blob(), content.contentId(), window));
        PageWindow present = seen.exists() ? PageWindow.decode(seen.value()) : null;
        if (present == null && command.run() == null) {
            return;
        }
        long from = Math.max(command.offset(), window);
        long to = Math.min(command.offset() + command.lengthBytes(), window + PageWindow.WINDOW_BYTES);
        PageWindow written = PageMap.written(
                content, window, present, (int) (from - window), (int) (to - window), command.run(), from - command.offset());
        putWindow(edit, state, content, window, seen, written);
    }

    /** Puts a window in the place of its present row, which snapshots may still need. */
    private static void putWindow(BlobEdit edit, BlobState state, Pages content, long window, Seen seen, PageWindow written) {
        byte[] key = BlobRows.pagesKey(edit.blob(), content.contentId(), window);
        if (seen.exists() && state.contentShared()) {
            long former = PageWindow.decode(seen.value()).generation();
            if (former < content.generation()) {
                edit.put(BlobRows.formerPagesKey(edit.blob(), content.contentId(), window, former), seen.value());
            }
        }
        if (written.slices().isEmpty() && !state.contentShared()) {
            edit.delete(key);
        } else {
            edit.put(key, written.encode());
        }
    }

    static Outcome settlePages(BlobEdit edit, BlobCommand.SettlePages command) {
        BlobState state = edit.current();
        if (state == null || !(state.content() instanceof Pages content) || content.contentId() != command.contentId()) {
            throw new BlobEdit.Stop(new BlobReply.Changed());
        }
        edit.see(command.windows().stream().map(window -> new Wanted(BlobRows.pagesKey(edit.blob(), content.contentId(), window))).toList());
        for (long window : command.windows()) {
            Seen seen = edit.row(BlobRows.pagesKey(edit.blob(), content.contentId(), window));
            if (seen.exists()) {
                PageWindow settled = PageMap.settled(content, window, PageWindow.decode(seen.value()));
                putWindow(edit, state, content, window, seen, settled);
            }
        }
        Pages left = command.settled() == null ? content : PageMap.settled(content, command.settled());
        return edit.done(edit.put(new BlobStateBuilder(state).content(left)));
    }

    static Outcome setPageBlob(BlobEdit edit, BlobCommand.SetPageBlob command) {
        BlobState state = writable(edit, command.conditions(), BlobKind.PAGE);
        BlobStateBuilder changed = new BlobStateBuilder(state);
        if (command.newSizeBytes() != null) {
            Pages resized = PageMap.resized((Pages) state.content(), command.newSizeBytes());
            if (resized == null) {
                throw new BlobEdit.Stop(new BlobReply.Changed());
            }
            changed.content(resized);
        }
        if (command.action() != null) {
            changed.sequenceNumber(switch (command.action()) {
                case MAX -> Math.max(state.sequenceNumber(), command.newNumber());
                case UPDATE -> command.newNumber();
                case INCREMENT -> {
                    BlobEdit.demand(state.sequenceNumber() < Long.MAX_VALUE, SEQUENCE_NUMBER_INCREMENT_TOO_LARGE);
                    yield state.sequenceNumber() + 1;
                }
            });
        }
        return edit.done(edit.putModified(changed));
    }

    private static void demandSequence(BlobState state, SequenceCondition condition) {
        long number = state.sequenceNumber();
        boolean met = condition == null
                || (condition.atMost() == null || number <= condition.atMost())
                        && (condition.less() == null || number < condition.less())
                        && (condition.equal() == null || number == condition.equal());
        BlobEdit.demand(met, SEQUENCE_NUMBER_CONDITION_NOT_MET);
    }

    // All

    private static BlobState writable(BlobEdit edit, BlobConditions conditions, BlobKind kind) {
        BlobState state = edit.existing();
        edit.demandWritable(state, conditions);
        BlobEdit.demandKind(state, kind);
        BlobEdit.demandNoPendingCopy(state);
        edit.demandMutable(state);
        return state;
    }

    /** A copy writes the pages of its destination, which is closed to all others. */
    private static BlobState copied(BlobEdit edit, CopyAttempt attempt) {
        BlobState state = CopyDecisions.pending(edit, attempt);
        BlobEdit.demandKind(state, BlobKind.PAGE);
        return state;
    }
}
