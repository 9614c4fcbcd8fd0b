package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageCrc64;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService.Download;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobService.Upload;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.CopyAttempt;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.blob.PageMap;
import io.lazuli.storage.partition.blob.PageWindow;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of blobs in memory, and where the rows say that they are. */
final class FakeContents {

    /** What a download gives at once, so that tests see several parts. */
    private static final int PART_BYTES = 64 << 10;

    private final Map<ChunkRun, byte[]> runs = new ConcurrentHashMap<>();
    private final AtomicLong nonces = new AtomicLong();

    byte[] bytes(FakeBlobRows rows, BlobState state) {
        return switch (state.content()) {
            case BlobContent.Inline inline -> {
                ByteBuffer found = BlobRows.inlineBytes(rows.row(BlobRows.inlineKey(state.name(), inline.contentId())));
                byte[] bytes = new byte[found.remaining()];
                found.get(bytes);
                yield bytes;
            }
            case BlobContent.Blocks blocks -> {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                blocks(rows, state.name(), blocks).forEach(block -> all.writeBytes(run(block)));
                yield all.toByteArray();
            }
            case BlobContent.Pages pages -> {
                byte[] bytes = new byte[Math.toIntExact(pages.lengthBytes())];
                for (PageMap.Extent extent : extents(rows, state.name(), pages)) {
                    System.arraycopy(runs.get(extent.run()), (int) extent.runOffset(), bytes, (int) extent.offset(), (int) extent.lengthBytes());
                }
                yield bytes;
            }
            default -> new byte[0];
        };
    }

    private byte[] run(BlockRef block) {
        return block.run() == null ? new byte[0] : runs.get(block.run());
    }

    /** All of them, in order: those in rows of their own before those that the state holds. */
    static List<BlockRef> blocks(FakeBlobRows rows, String blob, BlobContent.Blocks content) {
        List<BlockRef> blocks = new ArrayList<>();
        for (long offset : content.segments()) {
            blocks.addAll(BlobRows.segment(rows.row(BlobRows.segmentKey(blob, content.contentId(), offset))));
        }
        blocks.addAll(content.blocks());
        return blocks;
    }

    static List<PageMap.Extent> extents(FakeBlobRows rows, String blob, BlobContent.Pages content) {
        List<PageMap.Extent> extents = new ArrayList<>();
        long last = -1;
        byte[] from = BlobRows.pagesKey(blob, content.contentId(), 0);
        for (Map.Entry<byte[], byte[]> row : rows.rows(from, BlobRows.pagesEnd(blob, content.contentId())).entrySet()) {
            BlobRowKey.Pages key = (BlobRowKey.Pages) BlobRows.parse(row.getKey());
            PageWindow window = PageWindow.decode(row.getValue());
            if (key.offset() != last && PageMap.counts(content, window)) {
                extents.addAll(PageMap.extents(content, key.offset(), window));
                last = key.offset();
            }
        }
        return extents;
    }

    Upload upload(long nowMillis, boolean inlineAllowed, boolean md5Wanted) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        return new Upload() {

            @Override
            public CompletionStage<Void> write(ByteBuffer part) {
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                all.writeBytes(bytes);
                return null;
            }

            @Override
            public CompletionStage<Received> end() {
                byte[] bytes = all.toByteArray();
                return CompletableFuture.completedStage(new Received(content(bytes), bytes.length, md5Wanted ? md5(bytes) : null, StorageCrc64.of(bytes)));
            }

            private NewContent content(byte[] bytes) {
                if (inlineAllowed && bytes.length <= NewContent.MAX_INLINE_BYTES) {
                    return new NewContent.Inline(bytes);
                }
                if (bytes.length == 0) {
                    return null;
                }
                return new NewContent.Stored(store(bytes, nowMillis));
            }

            @Override
            public void abandon() {
                all.reset();
            }
        };
    }

    /** Does what is left to do of a copy that has begun. */
    void copy(FakeBlobRows from, BlobState source, FakeBlobRows to, String blob, String copyId, long nowMillis) {
        byte[] bytes = bytes(from, source);
        List<BlockRef> blocks = new ArrayList<>();
        if (bytes.length > 0) {
            ChunkRun run = store(bytes, nowMillis);
            if (source.kind() == BlobKind.PAGE) {
                to.change(new BlobCommand.WritePages(
                        blob, 0, bytes.length, run, new BlobCommand.SequenceCondition(null, null, null), new CopyAttempt(copyId, 0), BlobConditions.NONE));
            } else {
                blocks.add(new BlockRef(new byte[0], run));
            }
        }
        to.change(new BlobCommand.EndCopy(blob, new CopyAttempt(copyId, 0), blocks, null));
    }

    /** @param bytes 1 or more */
    ChunkRun store(byte[] bytes, long nowMillis) {
        ChunkRun run = new ChunkRun(0, nowMillis, nonces.incrementAndGet(), bytes.length);
        runs.put(run, bytes);
        return run;
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Download download(byte[] bytes, int offset, int lengthBytes) {
        return new Download() {

            private int at = offset;

            @Override
            public CompletionStage<ChunkBuffer> next() {
                int end = Math.min(offset + lengthBytes, at + PART_BYTES);
                if (at == end) {
                    return CompletableFuture.completedStage(null);
                }
                ByteBuffer part = ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, end));
                at = end;
                return CompletableFuture.completedStage(new ChunkBuffer() {

                    @Override
                    public ByteBuffer bytes() {
                        return part;
                    }

                    @Override
                    public void release() {}
                });
            }

            @Override
            public void close() {}
        };
    }
}
