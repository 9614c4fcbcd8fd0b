package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.partition.table.RangeHeader;
import io.lazuli.storage.partition.table.RangeRows;
import io.lazuli.storage.store.RowBatch;
import io.lazuli.storage.store.RowOp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A container whose rows a test writes itself, cut into ranges at given names. */
final class RowsOfBlobs implements ContainerRanges {

    private final MemoryRowStore store;
    private final List<byte[]> lows = new ArrayList<>();
    private final long[] epochs;
    private final String name;

    RowsOfBlobs(MemoryRowStore store, String name, List<String> cuts) {
        this.store = store;
        this.name = name;
        lows.add(new byte[0]);
        cuts.stream().sorted((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b))).forEach(cut -> lows.add(BlobKeys.ofBlob(cut)));
        epochs = new long[lows.size()];
        for (int i = 0; i < lows.size(); i++) {
            epochs[i] = store.claim(range(i)).toCompletableFuture().join().epoch();
            RangeHeader header = new RangeHeader(RangeHeader.State.LIVE, lows.get(i), high(i));
            commit(i, List.of(new RowOp.Put(RangeRows.headerKey(range(i).name()), header.encode())));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] high(int i) {
        return i + 1 < lows.size() ? lows.get(i + 1) : new byte[0];
    }

    private PartitionId range(int i) {
        return new PartitionId(0, PartitionKind.BLOB_RANGE, name + "/" + (i + 1));
    }

    private int rangeOf(byte[] key) {
        int found = 0;
        for (int i = 0; i < lows.size(); i++) {
            if (Arrays.compareUnsigned(lows.get(i), key) <= 0) {
                found = i;
            }
        }
        return found;
    }

    void put(byte[] key, byte[] value) {
        commit(rangeOf(BlobKeys.ofRow(key)), List.of(new RowOp.Put(key, value)));
    }

    void putAll(List<RowOp.Put> rows) {
        commit(0, List.copyOf(rows));
    }

    void put(BlobState state) {
        byte[] key = state.snapshotTicks() != 0
                ? BlobRows.snapshotKey(state.name(), state.snapshotTicks())
                : state.versionTicks() != 0 && !state.isCurrentVersion()
                        ? BlobRows.versionKey(state.name(), state.versionTicks())
                        : BlobRows.currentKey(state.name());
        put(key, BlobRows.stateValue(state));
    }

    private void commit(int range, List<RowOp> ops) {
        store.commit(new RowBatch(range(range), epochs[range], ops)).toCompletableFuture().join();
    }

    @Override
    public <T> CompletionStage<T> on(byte[] key, Attempt<T> attempt) {
        int range = rangeOf(key);
        return attempt.apply(new Place(range(range), high(range)), Duration.ofSeconds(5)).thenApply(Optional::orElseThrow);
    }

    @Override
    public <T> CompletionStage<T> onMarked(byte[] key, Attempt<T> attempt) {
        return on(key, attempt);
    }

    /** A blob as its state, with few things in it. */
    static BlobState state(String name, long change, BlobContent content) {
        return new BlobState(name, BlobKind.BLOCK, change, 0, 0, false, 1, 1, "\"0x1\"", BlobHeaders.NONE, Map.of(), Map.of(),
                LeaseState.NONE, 0, false, null, false, 0, null, null, null, false, null, 0, false, false, content);
    }

    /** A page blob as its state. */
    static BlobState pages(String name, String etag, BlobContent.Pages content) {
        return new BlobState(name, BlobKind.PAGE, 1, 0, 0, false, 1, 1, etag, BlobHeaders.NONE, Map.of(), Map.of(),
                LeaseState.NONE, 0, false, null, false, 0, null, null, null, false, null, 0, false, false, content);
    }

    static BlobState tagged(BlobState s, Map<String, String> tags) {
        return new BlobState(s.name(), s.kind(), s.change(), s.snapshotTicks(), s.versionTicks(), s.isCurrentVersion(), 1, 1, s.etag(),
                s.headers(), s.metadata(), tags, s.lease(), 0, false, null, false, 0, null, null, null, false, s.deleted(), 0, false, false, s.content());
    }

    static BlobState as(BlobState s, long snapshotTicks, long versionTicks, boolean isCurrentVersion, BlobState.Deleted deleted) {
        return new BlobState(s.name(), s.kind(), s.change(), snapshotTicks, versionTicks, isCurrentVersion, 1, 1, s.etag(), s.headers(),
                s.metadata(), s.tags(), s.lease(), 0, false, null, false, 0, null, null, null, false, deleted, 0, false, false, s.content());
    }

    static BlobContent blocks(long contentId, ChunkRun... runs) {
        List<BlockRef> blocks = new ArrayList<>();
        long length = 0;
        for (ChunkRun run : runs) {
            blocks.add(new BlockRef(new byte[] {(byte) blocks.size()}, run));
            length += run.lengthBytes();
        }
        return new BlobContent.Blocks(contentId, length, runs.length, blocks, List.of());
    }
}
