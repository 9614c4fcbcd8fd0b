package io.lazuli.storage.partition.blob.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.chunk.ChunkStore.RunWriter;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageCrc64;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.NewContent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Bytes that go in come out again, whatever their number and however they come, and leave no memory behind. */
class ContentTransferTest {

    private static final int CHUNK = ChunkRun.CHUNK_BYTES;
    private static final long PATIENCE_SECONDS = 60;
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(3);

    /** What goes on while it looks as if nothing were held: a chunk is digested, or a buffer that nobody wants any more is on its way. */
    private final Phaser underWay = new Phaser(1);
    private final Executor counted = task -> {
        underWay.register();
        THREADS.execute(() -> {
            try {
                task.run();
            } finally {
                underWay.arriveAndDeregister();
            }
        });
    };

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void whatIsUploadedInAnyPartsIsReadBackFromAnyPlace() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] sizes = {0, 1, 512, NewContent.MAX_INLINE_BYTES, NewContent.MAX_INLINE_BYTES + 1, ContentUpload.FIRST_BUFFER_BYTES,
            ContentUpload.FIRST_BUFFER_BYTES + 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17, 5 * CHUNK};
        for (int i = 0; i < 60; i++) {
            byte[] content = new byte[i < sizes.length ? sizes[i] : random.nextInt(3) == 0 ? random.nextInt(4 * CHUNK) : random.nextInt(200_000)];
            random.nextBytes(content);
            MemoryChunks chunks = random.nextBoolean() ? new MemoryChunks() : new MemoryChunks(THREADS, new Random(random.nextLong()));
            boolean inlineAllowed = random.nextBoolean();
            boolean md5Wanted = random.nextBoolean();
            ContentUpload upload = new ContentUpload(chunks, 1, random.nextBoolean() ? content.length : -1, inlineAllowed, md5Wanted, THREADS);
            writeAll(upload, content, random);
            Received received = now(upload.end());
            String what = content.length + " bytes, seed " + seed;
            assertEquals(content.length, received.lengthBytes(), what);
            assertArrayEquals(md5Wanted ? MessageDigest.getInstance("MD5").digest(content) : null, received.md5(), what);
            assertEquals(StorageCrc64.of(content), received.crc64(), what);
            assertEquals(0, chunks.buffersOut.get(), what);
            assertTrue(chunks.mostBuffersOut.get() <= RunWriter.MAX_UNDER_WAY + 2, what);
            if (content.length == 0) {
                assertNull(received.content(), what);
                continue;
            }
            boolean inline = inlineAllowed && content.length <= NewContent.MAX_INLINE_BYTES;
            assertEquals(inline, received.content() instanceof NewContent.Inline, what);
            int from = random.nextInt(content.length);
            int length = random.nextInt(content.length - from + 1);
            assertArrayEquals(content, read(chunks, pieces(List.of(piece(received.content()))), 0, content.length), what);
            assertArrayEquals(Arrays.copyOfRange(content, from, from + length),
                    read(chunks, pieces(List.of(piece(received.content()))), from, length), what);
            assertEquals(0, chunks.buffersOut.get(), what);
        }
    }

    @Test
    void contentOfManyPiecesOfEverySortIsReadInOrderFromAnyPlace() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MemoryChunks chunks = new MemoryChunks(THREADS, random);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List<ContentPiece> pieces = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 2 * CHUNK : 20_000)];
            if (random.nextInt(4) == 0) {
                pieces.add(new ContentPiece.Zeroes(bytes.length));
            } else {
                random.nextBytes(bytes);
                if (random.nextBoolean()) {
                    pieces.add(new ContentPiece.Held(bytes));
                } else {
                    ContentUpload upload = new ContentUpload(chunks, 0, -1, false, true, THREADS);
                    writeAll(upload, bytes, random);
                    ChunkRun run = assertInstanceOf(NewContent.Stored.class, now(upload.end()).content()).run();
                    pieces.add(new ContentPiece.Stored(run, 0, run.lengthBytes()));
                }
            }
            whole.writeBytes(bytes);
        }
        byte[] content = whole.toByteArray();
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(content.length);
            int length = random.nextInt(content.length - from + 1);
            assertArrayEquals(Arrays.copyOfRange(content, from, from + length), read(chunks, pieces(pieces), from, length),
                    length + " bytes at " + from + ", seed " + seed);
        }
        assertEquals(0, chunks.buffersOut.get());
    }

    @Test
    void transfersThatFailOrAreGivenUpLeaveNoMemoryBehind() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] content = new byte[random.nextInt(4 * CHUNK)];
            MemoryChunks chunks = new MemoryChunks(random.nextBoolean() ? Runnable::run : counted, new Random(random.nextLong()));
            chunks.failures = 1 + random.nextInt(8);
            ContentUpload upload = new ContentUpload(chunks, 0, -1, random.nextBoolean(), random.nextBoolean(), counted);
            try {
                writeAll(upload, content, random);
                if (random.nextBoolean()) {
                    now(upload.end());
                }
            } catch (CompletionException expected) {
                assertInstanceOf(StorageException.class, expected.getCause(), "seed " + seed);
            }
            upload.abandon();
            awaitQuiet();
            assertEquals(0, chunks.buffersOut.get(), "seed " + seed);
        }
    }

    @Test
    void contentThatIsShorterThanItsRowsSayIsAnErrorAndNotAShortAnswer() {
        MemoryChunks chunks = new MemoryChunks();
        ContentUpload upload = new ContentUpload(chunks, 0, -1, false, true, THREADS);
        writeAll(upload, new byte[1000], new Random(1));
        ChunkRun run = ((NewContent.Stored) now(upload.end()).content()).run();
        ContentPiece piece = new ContentPiece.Stored(run, 0, 1000);
        chunks.runs.computeIfPresent(run.nonce(), (nonce, stored) -> new MemoryChunks.Stored(stored.run(), new byte[999]));
        assertThrows(RuntimeException.class, () -> read(chunks, pieces(List.of(piece)), 0, 1000));
        CompletionException tooFar = assertThrows(CompletionException.class, () -> read(chunks, pieces(List.of()), 0, 1000));
        assertEquals(StorageErrorCode.INTERNAL_ERROR, assertInstanceOf(StorageException.class, tooFar.getCause()).error());
    }

    @Test
    void closingEarlyGivesBackWhatWasReadAhead() {
        MemoryChunks chunks = new MemoryChunks();
        ContentUpload upload = new ContentUpload(chunks, 0, -1, false, true, THREADS);
        writeAll(upload, new byte[5 * CHUNK], new Random(1));
        ContentPiece piece = piece(now(upload.end()).content());
        ContentDownload download = new ContentDownload(chunks, pieces(List.of(piece)), 0, 5L * CHUNK);
        now(download.next()).release();
        assertEquals(1, chunks.buffersOut.get());
        download.close();
        assertEquals(0, chunks.buffersOut.get());
    }

    private void awaitQuiet() throws Exception {
        underWay.awaitAdvanceInterruptibly(underWay.arrive(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static ContentPiece piece(NewContent content) {
        return switch (content) {
            case NewContent.Inline inline -> new ContentPiece.Held(inline.bytes());
            case NewContent.Stored stored -> new ContentPiece.Stored(stored.run(), 0, stored.run().lengthBytes());
        };
    }

    /** Tells one or two pieces at a time. */
    private static ContentSource pieces(List<ContentPiece> pieces) {
        return (offset, end) -> {
            long at = 0;
            for (int i = 0; i < pieces.size(); i++) {
                ContentPiece piece = pieces.get(i);
                if (offset < at + piece.lengthBytes()) {
                    List<ContentPiece> told = new ArrayList<>();
                    told.add(ContentSource.behind(piece, offset - at));
                    if (i + 1 < pieces.size()) {
                        told.add(pieces.get(i + 1));
                    }
                    return CompletableFuture.completedStage(told);
                }
                at += piece.lengthBytes();
            }
            return CompletableFuture.completedStage(List.of());
        };
    }

    private static byte[] read(MemoryChunks chunks, ContentSource source, long offset, long length) {
        return MemoryChunks.bytesOf(new ContentDownload(chunks, source, offset, length));
    }

    private static void writeAll(ContentUpload upload, byte[] content, Random random) {
        int at = 0;
        while (at < content.length) {
            int length = Math.min(content.length - at, 1 + random.nextInt(random.nextInt(5) == 0 ? 3 * CHUNK : 70_000));
            byte[] part = Arrays.copyOfRange(content, at, at + length);
            CompletionStage<Void> room = upload.write(ByteBuffer.wrap(part));
            Arrays.fill(part, (byte) 0);
            if (room != null) {
                now(room);
            }
            at += length;
        }
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
