package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.GoldenFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The stored format of blobs: a change that breaks this makes existing blobs unreadable. */
class BlobRowsTest {

    private static final String NAME = "päth/a";
    private static final long TICKS = 638_000_000_012_345_678L;
    private static final ChunkRun RUN = new ChunkRun(3, 1_700_000_000_000L, 0x1122334455667788L, 5_000_000_000L);
    private static final byte[] ID = {1, 2, (byte) 0xFF};
    private static final BlobContent.Blocks BLOCKS = new BlobContent.Blocks(
            7, 10_000_000_000L, 1_002, List.of(new BlockRef(ID, RUN), new BlockRef(new byte[0], RUN)), List.of(0L, 9L));
    private static final BlobContent.Pages PAGES =
            new BlobContent.Pages(8, 1_024, 3, List.of(new BlobContent.Cut(2, 512), new BlobContent.Cut(3, 1_024)));
    private static final PageWindow WINDOW = new PageWindow(
            2, List.of(new PageWindow.Slice(512, 1_024, RUN, 4_096), new PageWindow.Slice(1_048_064, 512, RUN, 0)));

    private static final CopyOrigin HERE = new CopyOrigin.Here("account", "container", new BlobTarget("source", TICKS, 0), "\"0x8DB\"");
    private static final CopyOrigin ELSEWHERE = new CopyOrigin.Elsewhere("https://x/y?sig=z", null, 9);

    @Test
    void rowsAreStoredAsEver() {
        new GoldenFile("blob-rows.txt")
                .add("current key", BlobRows.currentKey(NAME))
                .add("snapshot key", BlobRows.snapshotKey(NAME, TICKS))
                .add("version key", BlobRows.versionKey(NAME, TICKS))
                .add("segment key", BlobRows.segmentKey(NAME, 7, 1L << 40))
                .add("pages key", BlobRows.pagesKey(NAME, 8, 1L << 20))
                .add("former pages key", BlobRows.formerPagesKey(NAME, 8, 1L << 20, 2))
                .add("uncommitted key", BlobRows.uncommittedKey(NAME))
                .add("uncommitted block key", BlobRows.uncommittedBlockKey(NAME, 9, ID))
                .add("inline key", BlobRows.inlineKey(NAME, 10))
                .add("least state", BlobRows.stateValue(least(new BlobContent.Inline(10, 5))))
                .add("uncommitted state", BlobRows.stateValue(least(new BlobContent.Uncommitted())))
                .add("absent state", BlobRows.stateValue(least(new BlobContent.Absent())))
                .add("full state of blocks", BlobRows.stateValue(full(BlobKind.BLOCK, BLOCKS)))
                .add("full state of pages", BlobRows.stateValue(full(BlobKind.PAGE, PAGES)))
                .add("segment", BlobRows.segmentValue(BLOCKS.blocks()))
                .add("pages", WINDOW.encode())
                .add("uncommitted", new UncommittedBlocks(9, 100_000, 3, 1_700_000_000_001L).encode())
                .add("uncommitted block", BlobRows.runValue(RUN))
                .add("copy key", BlobRows.copyKey(NAME))
                .add("copy", BlobRows.COPY_VALUE)
                .add("pending copy of a blob", BlobRows.stateValue(copying(HERE, 0)))
                .add("pending copy from elsewhere", BlobRows.stateValue(copying(ELSEWHERE, 2)))
                .add("inline", BlobRows.inlineValue("héllo".getBytes(StandardCharsets.UTF_8)))
                .check();
    }

    @Test
    void rowsAreReadAsTheyWereWritten() {
        for (BlobState state : List.of(least(new BlobContent.Inline(10, 5)), least(new BlobContent.Uncommitted()),
                least(new BlobContent.Absent()), full(BlobKind.PAGE, PAGES), copying(HERE, 1), copying(ELSEWHERE, 0))) {
            assertEquals(withoutArrays(state), withoutArrays(BlobRows.state(BlobRows.currentKey(NAME), BlobRows.stateValue(state))));
        }
        BlobState blocks = full(BlobKind.APPEND, BLOCKS);
        byte[] value = BlobRows.stateValue(blocks);
        BlobState read = BlobRows.state(BlobRows.snapshotKey(NAME, TICKS), value);
        assertArrayEquals(value, BlobRows.stateValue(read));
        assertArrayEquals(blocks.headers().contentMd5(), read.headers().contentMd5());
        assertArrayEquals(ID, ((BlobContent.Blocks) read.content()).blocks().get(0).id());
        assertEquals(RUN, ((BlobContent.Blocks) read.content()).blocks().get(1).run());
        assertEquals(WINDOW, PageWindow.decode(WINDOW.encode()));
        assertEquals(RUN, BlobRows.run(BlobRows.runValue(RUN)));
        UncommittedBlocks uncommitted = new UncommittedBlocks(9, 100_000, 3, 1_700_000_000_001L);
        assertEquals(uncommitted, UncommittedBlocks.decode(uncommitted.encode()));
        assertEquals(ByteBuffer.wrap(ID), BlobRows.inlineBytes(BlobRows.inlineValue(ID)));
    }

    @Test
    void aKeySaysWhatItIs() {
        assertEquals(new BlobRowKey.Current(NAME), BlobRows.parse(BlobRows.currentKey(NAME)));
        assertEquals(new BlobRowKey.Snapshot(NAME, TICKS), BlobRows.parse(BlobRows.snapshotKey(NAME, TICKS)));
        assertEquals(new BlobRowKey.Version(NAME, TICKS), BlobRows.parse(BlobRows.versionKey(NAME, TICKS)));
        assertEquals(new BlobRowKey.Segment(NAME, 7, 1L << 40), BlobRows.parse(BlobRows.segmentKey(NAME, 7, 1L << 40)));
        assertEquals(new BlobRowKey.Pages(NAME, 8, 1L << 20, 0), BlobRows.parse(BlobRows.pagesKey(NAME, 8, 1L << 20)));
        assertEquals(new BlobRowKey.Pages(NAME, 8, 1L << 20, 2), BlobRows.parse(BlobRows.formerPagesKey(NAME, 8, 1L << 20, 2)));
        assertEquals(new BlobRowKey.Uncommitted(NAME), BlobRows.parse(BlobRows.uncommittedKey(NAME)));
        BlobRowKey.UncommittedBlock block = (BlobRowKey.UncommittedBlock) BlobRows.parse(BlobRows.uncommittedBlockKey(NAME, 9, ID));
        assertEquals(9, block.session());
        assertArrayEquals(ID, block.id());
        assertEquals(new BlobRowKey.InlineBytes(NAME, 10), BlobRows.parse(BlobRows.inlineKey(NAME, 10)));
        assertThrows(IllegalArgumentException.class, () -> BlobRows.parse(new byte[] {'h', '7', 0}));
        assertTrue(BlobRows.isCurrent(BlobRows.currentKey(NAME)));
        assertFalse(BlobRows.isCurrent(BlobRows.snapshotKey(NAME, 1)));
        assertTrue(BlobRows.isState(BlobRows.currentKey(NAME)));
        assertTrue(BlobRows.isState(BlobRows.snapshotKey(NAME, 1)));
        assertTrue(BlobRows.isState(BlobRows.versionKey(NAME, 1)));
        assertFalse(BlobRows.isState(BlobRows.segmentKey(NAME, 1, 1)));
    }

    @Test
    void theRowsOfABlobStandTogetherWithTheStatesFirst() {
        byte[] high = new byte[64];
        Arrays.fill(high, (byte) 0xFF);
        List<byte[]> keys = new ArrayList<>();
        keys.add(BlobRows.from(""));
        for (String name : List.of("a", "a\u0001", "a b", "ab", "b")) {
            keys.add(BlobRows.currentKey(name));
            keys.add(BlobRows.snapshotKey(name, 1));
            keys.add(BlobRows.snapshotKey(name, 256));
            keys.add(BlobRows.versionKey(name, 1));
            keys.add(BlobRows.versionKey(name, Long.MAX_VALUE));
            keys.add(BlobRows.behindStates(name));
            keys.add(BlobRows.segmentKey(name, 1, 0));
            keys.add(BlobRows.segmentKey(name, 1, Long.MAX_VALUE));
            keys.add(BlobRows.segmentsEnd(name, 1));
            keys.add(BlobRows.pagesKey(name, 1, 0));
            keys.add(BlobRows.formerPagesKey(name, 1, 0, 256));
            keys.add(BlobRows.formerPagesKey(name, 1, 0, 1));
            keys.add(BlobRows.pagesKey(name, 1, 1 << 20));
            keys.add(BlobRows.pagesEnd(name, 1));
            keys.add(BlobRows.uncommittedKey(name));
            keys.add(BlobRows.uncommittedBlockKey(name, 1, new byte[0]));
            keys.add(BlobRows.uncommittedBlockKey(name, 1, high));
            keys.add(BlobRows.uncommittedEnd(name, 1));
            keys.add(BlobRows.behind(name));
        }
        keys.add(BlobRows.indexEnd());
        assertTrue(Arrays.compareUnsigned(BlobRows.copiesBegin(), BlobRows.copyKey("")) < 0);
        assertTrue(Arrays.compareUnsigned(BlobRows.copiesEnd(), BlobRows.dataBegin()) <= 0);
        for (int i = 1; i < keys.size(); i++) {
            assertTrue(Arrays.compareUnsigned(keys.get(i - 1), keys.get(i)) < 0, "key " + i);
        }
        assertTrue(Arrays.compareUnsigned(BlobRows.dataEnd(), BlobRows.from("")) <= 0);
    }

    @Test
    void otherVersionsAreRefused() {
        byte[] state = BlobRows.stateValue(least(new BlobContent.Uncommitted()));
        state[0] = 2;
        assertThrows(IllegalStateException.class, () -> BlobRows.state(BlobRows.currentKey(NAME), state));
        byte[] inline = BlobRows.inlineValue(new byte[0]);
        inline[0] = 2;
        assertThrows(IllegalStateException.class, () -> BlobRows.inlineBytes(inline));
    }

    @Test
    void theLongestListOfBlocksFitsIntoOneBatch() {
        BlockRef longest = new BlockRef(new byte[BlobLimits.MAX_BLOCK_ID_BYTES], RUN);
        List<BlockRef> blocks = Collections.nCopies(BlobLimits.MAX_COMMITTED_BLOCKS, longest);
        long bytes = 0;
        for (BlockSegments.Segment segment : BlockSegments.cut(blocks)) {
            bytes += BlobRows.segmentKey("n".repeat(3_072), 1, segment.offset()).length + BlobRows.segmentValue(segment.blocks()).length;
        }
        assertTrue(bytes < 6 << 20, bytes + " bytes");
    }

    private static BlobState least(BlobContent content) {
        return new BlobState(NAME, BlobKind.BLOCK, 1, 0, 0, false, TICKS, TICKS, "\"0x8DB\"", BlobHeaders.NONE, Map.of(), Map.of(),
                LeaseState.NONE, 0, false, null, false, 0, null, null, null, false, null, 0, false, false, content);
    }

    private static BlobState copying(CopyOrigin origin, int attempt) {
        return new BlobStateBuilder(least(new BlobContent.Inline(10, 0)))
                .copy(new BlobState.CopyState("id", "https://x/y", BlobState.CopyStatus.PENDING, 5, 9, 0, null, origin, attempt)).build();
    }

    private static BlobState full(BlobKind kind, BlobContent content) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("Owner", "zoë");
        metadata.put("a", "");
        return new BlobState(NAME, kind, 2, TICKS - 1, TICKS - 2, true, TICKS - 3, TICKS, "\"0x8DB\"",
                new BlobHeaders("text/plain", "gzip", "de", "inline", "no-cache", new byte[16]), metadata, Map.of("tag", "value"),
                new LeaseState("0fab1c2d-0000-0000-0000-000000000001", 60, 1_700_000_060_000L, true), 12, true, AccessTier.ARCHIVE, true,
                1_700_000_000_000L, AccessTier.HOT,
                new BlobState.CopyState("id", "https://x/y", BlobState.CopyStatus.FAILED, 5, 9, 1_700_000_000_003L, "500 InternalError"),
                new ImmutabilityPolicy(1_800_000_000_000L, true), true, new BlobState.Deleted(1_700_000_000_004L, 7), 3, true, true, content);
    }

    /** A digest's array is equal to itself only. */
    private static BlobState withoutArrays(BlobState state) {
        return new BlobState(state.name(), state.kind(), state.change(), state.snapshotTicks(), state.versionTicks(),
                state.isCurrentVersion(), state.createdTicks(), state.modifiedTicks(), state.etag(), BlobHeaders.NONE, state.metadata(),
                state.tags(), state.lease(), state.sequenceNumber(), state.sealed(), state.tier(), state.tierInferred(),
                state.tierChangedMillis(), state.rehydrating(), state.copy(), state.immutability(), state.legalHold(), state.deleted(),
                state.snapshotCount(), state.hasFormer(), state.contentShared(), state.content());
    }
}
