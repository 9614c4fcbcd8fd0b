package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.table.RangeLogic;
import io.lazuli.storage.partition.table.RangeLogic.Outcome;
import io.lazuli.storage.partition.table.RangeLogic.Seen;
import io.lazuli.storage.partition.table.RangeLogic.Stamp;
import io.lazuli.storage.partition.table.RangeLogic.Wanted;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.Ticks;
import io.lazuli.storage.store.RowOp;
import io.lazuli.storage.store.StoreLimits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Rows of blobs in a map, commands decided on them as a range does it: only what was looked up is seen, what is changed by itself was looked up or is
 * new. And bytes of runs, so that contents can be read.
 */
final class BlobDriver {

    static final AccountRules VERSIONING = new AccountRules(true, 0);
    static final AccountRules RETENTION = new AccountRules(false, 7);
    static final BlobDraft DRAFT = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, false);
    static final long DAY_MILLIS = 86_400_000;

    final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    final Map<ChunkRun, byte[]> runs = new HashMap<>();
    long nowMillis = 1_700_000_000_000L;
    private final BlobDecisions decisions = new BlobDecisions(this::randomId);
    private long randomIds;
    private long lastTicks;
    private long nonce;

    private UUID randomId() {
        return new UUID(7, ++randomIds);
    }

    // Commands

    BlobReply send(BlobCommand command) {
        long changeBefore = changeOf(command.blob());
        Map<String, Seen> seen = new HashMap<>();
        look(seen, decisions.rows(command));
        Stamp stamp = new Stamp(Math.max(lastTicks + 1, Ticks.ofEpochMillis(nowMillis)), nowMillis);
        for (int i = 0; i <= RangeLogic.MAX_LOOK_UPS; i++) {
            switch (decisions.decide(command, key -> seen.get(Arrays.toString(key)), stamp)) {
                case Outcome.LookUp lookUp -> look(seen, lookUp.rows());
                case Outcome.Refused refused -> {
                    return ((RangeReply.Changed) refused.reply()).reply();
                }
                case Outcome.Made made -> {
                    apply(made, seen);
                    boolean onlyBlocks = command instanceof BlobCommand.PutBlock;
                    assertTrue(onlyBlocks || made.ops().isEmpty() || changeOf(command.blob()) != changeBefore, "the change shows in the state");
                    return ((RangeReply.Changed) made.reply()).reply();
                }
            }
        }
        throw new AssertionError("too many look-ups for " + command);
    }

    BlobReply.Done done(BlobCommand command) {
        return assertInstanceOf(BlobReply.Done.class, send(command));
    }

    void refused(StorageErrorCode error, BlobCommand command) {
        List<byte[]> before = List.copyOf(rows.values());
        assertEquals(error, assertInstanceOf(BlobReply.Refused.class, send(command)).error());
        assertTrue(before.size() == rows.size() && before.stream().allMatch(new HashSet<>(rows.values())::contains), "nothing changed");
    }

    private void look(Map<String, Seen> seen, List<Wanted> wanted) {
        assertFalse(wanted.isEmpty());
        for (Wanted row : wanted) {
            byte[] value = rows.get(row.key());
            Seen found = value == null ? Seen.NOTHING : new Seen(row.whole() ? value : Arrays.copyOf(value, 1), value.length);
            seen.put(Arrays.toString(row.key()), found);
        }
    }

    private void apply(Outcome.Made made, Map<String, Seen> seen) {
        long bytes = 0;
        Set<String> written = new HashSet<>();
        for (RowOp op : made.ops()) {
            switch (op) {
                case RowOp.Put put -> {
                    assertKnown(put.key(), seen, written);
                    bytes += put.key().length + put.value().length;
                    rows.put(put.key(), put.value());
                }
                case RowOp.Delete delete -> {
                    assertKnown(delete.key(), seen, written);
                    rows.remove(delete.key());
                }
                case RowOp.DeleteRange range -> rows.subMap(range.fromInclusive(), range.toExclusive()).clear();
            }
        }
        assertTrue(bytes < StoreLimits.MAX_BATCH_BYTES, bytes + " bytes in a batch");
        assertTrue(made.ops().isEmpty() || made.lastTicks() > lastTicks);
        lastTicks = Math.max(lastTicks, made.lastTicks());
    }

    private void assertKnown(byte[] key, Map<String, Seen> seen, Set<String> written) {
        boolean known = seen.containsKey(Arrays.toString(key)) || !rows.containsKey(key) || written.contains(Arrays.toString(key));
        assertTrue(known, () -> "changed without being seen: " + BlobRows.parse(key));
        written.add(Arrays.toString(key));
    }

    // Shorthand

    BlobReply.Done put(String blob, String text, AccountRules rules) {
        return done(new BlobCommand.PutBlockBlob(blob, DRAFT, inline(text), BlobConditions.NONE, rules));
    }

    static NewContent inline(String text) {
        return new NewContent.Inline(text.getBytes());
    }

    static BlobConditions leased(String id) {
        return new BlobConditions(null, null, null, null, null, id);
    }

    ChunkRun run(byte[] bytes) {
        ChunkRun run = new ChunkRun(1, nowMillis, ++nonce, bytes.length);
        runs.put(run, bytes);
        return run;
    }

    BlockRef block(String id, String text) {
        return new BlockRef(id.getBytes(), run(text.getBytes()));
    }

    BlobCommand.Delete delete(String blob, DeleteSnapshots snapshots, AccountRules rules) {
        List<Long> all = snapshots == DeleteSnapshots.NONE ? List.of() : snapshots(blob);
        return new BlobCommand.Delete(new BlobTarget(blob), snapshots, all, changeOf(blob), false, BlobConditions.NONE, rules);
    }

    BlobCommand.Delete delete(BlobTarget target, boolean permanent, AccountRules rules) {
        return new BlobCommand.Delete(target, DeleteSnapshots.NONE, List.of(), 0, permanent, BlobConditions.NONE, rules);
    }

    BlobCommand.Undelete undelete(String blob) {
        return new BlobCommand.Undelete(blob, snapshots(blob), versions(blob), changeOf(blob));
    }

    Optional<BlobCommand.Tidy> tidy(String blob) {
        TidyPlan plan = new TidyPlan(blob, nowMillis);
        rows.subMap(BlobRows.currentKey(blob), BlobRows.behind(blob)).forEach(plan::row);
        rows.subMap(BlobRows.dataFrom(blob), BlobRows.dataBehind(blob)).forEach(plan::row);
        return plan.command();
    }

    // What is there

    long changeOf(String blob) {
        BlobState state = current(blob);
        return state == null ? 0 : state.change();
    }

    BlobState current(String blob) {
        return state(BlobRows.currentKey(blob));
    }

    BlobState state(byte[] key) {
        byte[] value = rows.get(key);
        return value == null ? null : BlobRows.state(key, value);
    }

    List<Long> snapshots(String blob) {
        List<Long> ticks = new ArrayList<>();
        rows.subMap(BlobRows.snapshotKey(blob, 0), BlobRows.versionKey(blob, 0)).forEach((key, value) -> ticks.add(BlobRows.state(key, value).snapshotTicks()));
        return ticks;
    }

    List<Long> versions(String blob) {
        List<Long> ticks = new ArrayList<>();
        rows.subMap(BlobRows.versionKey(blob, 0), BlobRows.behindStates(blob)).forEach((key, value) -> ticks.add(BlobRows.state(key, value).versionTicks()));
        return ticks;
    }

    /** The bytes of a state, as a reader puts them together. */
    byte[] bytes(BlobState state) {
        return switch (state.content()) {
            case BlobContent.Uncommitted uncommitted -> new byte[0];
            case BlobContent.Absent absent -> new byte[0];
            case BlobContent.Inline inline -> {
                byte[] value = rows.get(BlobRows.inlineKey(state.name(), inline.contentId()));
                yield Arrays.copyOfRange(value, 1, value.length);
            }
            case BlobContent.Blocks blocks -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                List<BlockRef> all = blocks(state.name(), blocks);
                assertEquals(blocks.blockCount(), all.size());
                all.forEach(block -> out.writeBytes(runs.get(block.run())));
                yield out.toByteArray();
            }
            case Pages pages -> pages(state.name(), pages);
        };
    }

    List<BlockRef> blocks(String blob, BlobContent.Blocks content) {
        List<BlockRef> all = new ArrayList<>();
        for (long offset : content.segments()) {
            byte[] row = rows.get(BlobRows.segmentKey(blob, content.contentId(), offset));
            all.addAll(BlockSegments.of(content, offset, BlobRows.segment(row)));
        }
        all.addAll(content.blocks());
        return all;
    }

    List<PageMap.Extent> extents(String blob, Pages content) {
        List<PageMap.Extent> extents = new ArrayList<>();
        long found = -1;
        for (Map.Entry<byte[], byte[]> row : rows.subMap(BlobRows.pagesKey(blob, content.contentId(), 0), BlobRows.pagesEnd(blob, content.contentId())).entrySet()) {
            long offset = ((BlobRowKey.Pages) BlobRows.parse(row.getKey())).offset();
            PageWindow window = PageWindow.decode(row.getValue());
            if (offset != found && PageMap.counts(content, window)) {
                found = offset;
                extents.addAll(PageMap.extents(content, offset, window));
            }
        }
        return extents;
    }

    private byte[] pages(String blob, Pages content) {
        byte[] bytes = new byte[(int) content.lengthBytes()];
        for (PageMap.Extent extent : extents(blob, content)) {
            System.arraycopy(runs.get(extent.run()), (int) extent.runOffset(), bytes, (int) extent.offset(), (int) extent.lengthBytes());
        }
        return bytes;
    }
}
