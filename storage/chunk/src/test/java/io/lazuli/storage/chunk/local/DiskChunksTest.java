package io.lazuli.storage.chunk.local;

import static io.lazuli.storage.chunk.local.TestChunks.BEGAN_MILLIS;
import static io.lazuli.storage.chunk.local.TestChunks.BUFFERS;
import static io.lazuli.storage.chunk.local.TestChunks.append;
import static io.lazuli.storage.chunk.local.TestChunks.await;
import static io.lazuli.storage.chunk.local.TestChunks.content;
import static io.lazuli.storage.chunk.local.TestChunks.extents;
import static io.lazuli.storage.chunk.local.TestChunks.id;
import static io.lazuli.storage.chunk.local.TestChunks.read;
import static io.lazuli.storage.chunk.local.TestChunks.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node's chunks: what is acknowledged is there and whole, what is too much is refused, garbage gives its room back. */
class DiskChunksTest extends DiskChunksFixture {

    @Test
    void whatWasAppendedIsReadFromAnyOffsetInWholeSlices() throws Exception {
        for (int length : new int[] {1, 100, Slices.BYTES - 1, Slices.BYTES, Slices.BYTES + 1, 300_000, MIB}) {
            ChunkId id = id(1, length);
            byte[] content = content(id, length);
            await(append(chunks, id, content));
            assertArrayEquals(content, read(chunks, id, MIB));
            for (int offset : new int[] {0, length / 3, length - 1}) {
                ChunkPart part = await(chunks.read(id, offset, 1000, BUFFERS));
                int end = Math.min(length, (Math.min(length, offset + 1000) + Slices.BYTES - 1) / Slices.BYTES * Slices.BYTES);
                assertEquals(offset / Slices.BYTES * Slices.BYTES, part.offset());
                assertEquals(length, part.chunkBytes());
                assertTrue(Slices.match(part.buffer().bytes(), part.checksums(), 0));
                assertArrayEquals(Arrays.copyOfRange(content, part.offset(), end), TestChunks.take(part.buffer()));
            }
            assertThrows(IllegalArgumentException.class, () -> await(chunks.read(id, length, 1, BUFFERS)));
        }
        assertThrows(ChunkMissingException.class, () -> read(chunks, id(2, 1), 1));
        assertEquals(0, BUFFERS.takenBytes());
    }

    @Test
    void aRepetitionIsAnsweredWellAndWritesNothing() throws Exception {
        ChunkId id = id(1, 1);
        byte[] content = content(id, 5000);
        CompletionStage<Void> first = append(chunks, id, content);
        CompletionStage<Void> second = append(chunks, id, content);
        await(first);
        await(second);
        await(append(chunks, id, content));
        assertEquals(1, chunks.status().appends());
        assertThrows(IllegalStateException.class, () -> await(append(chunks, id, content(id(1, 2), 5000))));
        assertArrayEquals(content, read(chunks, id, 5000));
    }

    @Test
    void whatComesDamagedIsRefused() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(100_000);
        int[] checksums = Slices.checksums(bytes);
        bytes.put(70_000, (byte) 1);
        assertThrows(ChunkDamagedException.class, () -> await(chunks.append(id(1, 1), checksums, bytes)));
        assertThrows(ChunkDamagedException.class, () -> await(chunks.append(id(1, 1), new int[1], bytes)));
        assertFalse(await(chunks.holds(id(1, 1))));
        assertThrows(IllegalArgumentException.class, () -> chunks.append(id(1, 1), new int[0], ByteBuffer.allocateDirect(0)));
    }

    @Test
    void whatComesTogetherIsSyncedTogether() throws Exception {
        // The first append has to ask for free bytes and waits for them until all have come.
        freeBytes.set(MIB + 1);
        chunks.lookAround();
        CountDownLatch allCame = new CountDownLatch(1);
        beforeAnswer = allCame;
        freeBytes.set(1L << 40);
        List<CompletionStage<Void>> appends = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            appends.add(append(chunks, id(i % 3, i), content(id(i % 3, i), 100)));
        }
        allCame.countDown();
        for (CompletionStage<Void> append : appends) {
            await(append);
        }
        assertEquals(500, chunks.status().appends());
        assertTrue(chunks.status().forces() <= 5, chunks.status().forces() + " forces");
    }

    @Test
    void tooMuchAtOnceIsRefusedAndNothingElse() throws Exception {
        chunks.close();
        open(settings(8 * MIB, 1, 4 * MIB, 16));
        List<CompletionStage<Void>> appends = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            appends.add(append(chunks, id(1, i), content(id(1, i), 100_000)));
        }
        int done = 0;
        for (int i = 0; i < appends.size(); i++) {
            try {
                await(appends.get(i));
                assertArrayEquals(content(id(1, i), 100_000), read(chunks, id(1, i), 100_000));
                done++;
            } catch (StorageException e) {
                assertEquals(StorageErrorCode.SERVER_BUSY, e.error());
                assertFalse(await(chunks.holds(id(1, i))));
            }
        }
        assertTrue(done > 0 && done == chunks.status().appends(), done + " done");
    }

    @Test
    void aFullDiskTakesNothingUntilThereIsRoom() throws Exception {
        await(append(chunks, id(1, 1), content(id(1, 1), 1000)));
        freeBytes.set(1000);
        chunks.lookAround();
        assertFalse(chunks.status().writable());
        StorageException refusal = assertThrows(StorageException.class, () -> await(append(chunks, id(1, 2), content(id(1, 2), 1000))));
        assertEquals(StorageErrorCode.INSUFFICIENT_STORAGE, refusal.error());
        assertArrayEquals(content(id(1, 1), 1000), read(chunks, id(1, 1), 1000));
        freeBytes.set(1L << 40);
        chunks.lookAround();
        assertEquals("", chunks.status().notWritable());
        await(append(chunks, id(1, 2), content(id(1, 2), 1000)));
    }

    @Test
    void theReserveIsLeftAloneBetweenTwoLooks() throws Exception {
        freeBytes.set(3 * MIB);
        chunks.lookAround();
        StorageException refusal = null;
        int taken = 0;
        while (refusal == null) {
            ChunkId id = id(1, taken);
            try {
                await(append(chunks, id, content(id, MIB / 2)));
                taken++;
                freeBytes.addAndGet(-MIB / 2);
            } catch (StorageException e) {
                refusal = e;
            }
        }
        assertEquals(StorageErrorCode.INSUFFICIENT_STORAGE, refusal.error());
        assertTrue(taken >= 1 && taken <= 4, taken + " taken");
    }

    @Test
    void garbageIsDroppedAndItsRoomComesBack() throws Exception {
        NamedRuns named = NamedRuns.sized(100, 0.001, 5);
        for (int i = 0; i < 60; i++) {
            ChunkId id = id(1, i);
            await(append(chunks, id, content(id, MIB / 2)));
            if (i % 10 == 0) {
                named.add(new ChunkRun(1, id.createdMillis(), id.nonce(), 1));
            }
        }
        await(append(chunks, id(2, 1), content(id(2, 1), 1000)));
        long before = chunks.status().extentBytes();
        ChunkId begunBefore = id(1, 50);
        DropReport report = await(chunks.drop(1, named, begunBefore.createdMillis()));
        assertEquals(50, report.oldChunks());
        assertTrue(report.droppedChunks() >= 44 && report.droppedChunks() <= 45, report.toString());
        assertEquals(report.droppedChunks() * MIB / 2, report.droppedBytes());
        assertTrue(chunks.knownGarbage(id(1, 11)));
        assertFalse(chunks.knownGarbage(id(1, 10)) || chunks.knownGarbage(id(1, 51)) || chunks.knownGarbage(id(2, 1)));
        chunks.compact();
        assertTrue(chunks.status().extentBytes() < before / 2, chunks.status().toString());
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 60; i += i < 50 ? 10 : 1) {
                assertArrayEquals(content(id(1, i), MIB / 2), read(chunks, id(1, i), MIB));
            }
            assertThrows(ChunkMissingException.class, () -> read(chunks, id(1, 11), 1));
            assertArrayEquals(content(id(2, 1), 1000), read(chunks, id(2, 1), 1000));
            reopen();
        }
        await(chunks.drop(1, NamedRuns.none(), Long.MAX_VALUE));
        assertEquals(List.of(), chunks.digests(1));
        assertFalse(chunks.knownGarbage(id(1, 51)), "the group may come back to this node");
        assertEquals(1000, chunks.status().chunkBytes());
    }

    @Test
    void nodesThatHoldTheSameHaveTheSameDigests(@TempDir Path otherDirectory) throws Exception {
        try (DiskChunks other = new DiskChunks(otherDirectory, settings(8 * MIB), clock, freeBytes::get)) {
            for (int i = 0; i < 30; i++) {
                ChunkId id = new ChunkId(1, BEGAN_MILLIS + i * BucketDigest.BUCKET_MILLIS / 10, i, 0);
                await(append(chunks, id, content(id, 100)));
                if (i != 17) {
                    await(append(other, id, content(id, 100)));
                }
            }
            List<BucketDigest> here = new ArrayList<>(chunks.digests(1));
            here.removeAll(other.digests(1));
            assertEquals(1, here.size());
            long from = here.get(0).fromMillis();
            List<ChunkId> lacking = new ArrayList<>(await(chunks.ids(1, from, from + BucketDigest.BUCKET_MILLIS, null, 100)));
            assertEquals(here.get(0).chunks(), lacking.size());
            lacking.removeAll(await(other.ids(1, from, from + BucketDigest.BUCKET_MILLIS, null, 100)));
            assertEquals(17, lacking.get(0).nonce());
            await(append(other, lacking.get(0), content(lacking.get(0), 100)));
            assertEquals(chunks.digests(1), other.digests(1));
            await(other.forget(lacking.get(0)));
            assertNotEquals(chunks.digests(1), other.digests(1));
        }
        reopen();
        assertEquals(30, chunks.digests(1).stream().mapToLong(BucketDigest::chunks).sum());
        List<ChunkId> paged = new ArrayList<>();
        List<ChunkId> page;
        do {
            page = await(chunks.ids(1, 0, Long.MAX_VALUE, paged.isEmpty() ? null : paged.get(paged.size() - 1), 7));
            paged.addAll(page);
        } while (page.size() == 7);
        assertEquals(30, paged.stream().distinct().count());
        assertEquals(30, paged.size());
    }

    @Test
    void twoAtOnceInOneDirectoryAreRefused() {
        assertThrows(IOException.class, () -> new DiskChunks(directory, settings(8 * MIB), clock, freeBytes::get));
    }

    @Test
    void aCrashAfterCompactionLosesNothingAndAlarmsNobody(@TempDir Path crashed) throws Exception {
        for (int i = 0; i < 40; i++) {
            await(append(chunks, id(1, i), content(id(1, i), MIB / 2)));
        }
        reopen();
        NamedRuns named = NamedRuns.sized(100, 0.001, 5);
        ChunkId kept = id(1, 3);
        named.add(new ChunkRun(1, kept.createdMillis(), kept.nonce(), 1));
        await(chunks.drop(1, named, id(1, 30).createdMillis()));
        int files = extents(directory).size();
        chunks.compact();
        assertTrue(extents(directory).size() < files);
        DiskChunksHistoryTest.copy(directory.resolve("extents"), crashed.resolve("extents"));
        DiskChunksHistoryTest.copy(directory.resolve("index"), crashed.resolve("index"));
        try (DiskChunks after = new DiskChunks(crashed, settings(8 * MIB), clock, freeBytes::get)) {
            assertArrayEquals(content(kept, MIB / 2), read(after, kept, MIB / 2));
            assertEquals(0, after.status().scrub().lostFound());
            assertEquals(List.of(), await(after.damaged(null, 1000)));
        }
    }

    @Test
    void lanesShareTheChunksOfARunAndGoOnInTheirFilesAfterAStart() throws Exception {
        chunks.close();
        LocalSettings twoLanes = settings(8 * MIB, 2, 64 * MIB, 4096);
        int number = 0;
        for (int round = 0; round < 3; round++) {
            open(twoLanes);
            for (int i = 0; i < 2; i++, number++) {
                ChunkId id = new ChunkId(1, BEGAN_MILLIS, 7, number);
                await(append(chunks, id, content(id, MIB / 2)));
            }
            chunks.close();
            List<Path> files = extents(directory);
            assertEquals(2, files.size());
            assertEquals(Files.size(files.get(0)), Files.size(files.get(1)));
        }
        open(settings(8 * MIB));
        for (int i = 0; i < number; i++) {
            ChunkId id = new ChunkId(1, BEGAN_MILLIS, 7, i);
            assertArrayEquals(content(id, MIB / 2), read(chunks, id, MIB));
        }
    }
}
