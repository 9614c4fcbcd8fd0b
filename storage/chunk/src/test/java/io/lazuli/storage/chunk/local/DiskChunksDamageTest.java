package io.lazuli.storage.chunk.local;

import static io.lazuli.storage.chunk.local.TestChunks.BUFFERS;
import static io.lazuli.storage.chunk.local.TestChunks.append;
import static io.lazuli.storage.chunk.local.TestChunks.await;
import static io.lazuli.storage.chunk.local.TestChunks.content;
import static io.lazuli.storage.chunk.local.TestChunks.extents;
import static io.lazuli.storage.chunk.local.TestChunks.flip;
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
import io.lazuli.storage.chunk.Slices;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One node's chunks after their files were damaged, cut short or lost: what has decayed is found and never served. */
class DiskChunksDamageTest extends DiskChunksFixture {

    @Test
    void aFlippedByteIsFoundByReadingAndTheGoodSlicesAreServed() throws Exception {
        ChunkId id = id(1, 1);
        byte[] content = content(id, MIB);
        await(append(chunks, id, content));
        await(append(chunks, id(1, 2), content(id(1, 2), 1000)));
        BucketDigest before = chunks.digests(1).get(0);
        flip(extents(directory).get(0), 600_000);
        assertThrows(ChunkDamagedException.class, () -> read(chunks, id, MIB));
        assertThrows(ChunkDamagedException.class, () -> read(chunks, id, MIB));
        assertEquals(List.of(id), damaged);
        assertEquals(List.of(id), await(chunks.damaged(null, 10)));
        ChunkPart part = await(chunks.read(id, 0, 1, BUFFERS));
        assertArrayEquals(Arrays.copyOf(content, Slices.BYTES), TestChunks.take(part.buffer()));
        assertFalse(await(chunks.holds(id)));
        assertNotEquals(before, chunks.digests(1).get(0), "who compares finds it lacking");
        assertEquals(List.of(id(1, 2)), await(chunks.ids(1, 0, Long.MAX_VALUE, null, 10)));

        await(append(chunks, id, content));
        assertArrayEquals(content, read(chunks, id, MIB));
        assertEquals(List.of(), await(chunks.damaged(null, 10)));
        assertEquals(List.of(before), chunks.digests(1));
        assertEquals(1, chunks.status().scrub().repaired());
        reopen();
        assertArrayEquals(content, read(chunks, id, MIB));
    }

    @Test
    void theScrubberReadsAllAndFindsFlippedBytesInContentAndHeaders() throws Exception {
        for (int i = 0; i < 200; i++) {
            await(append(chunks, id(i % 2, i), content(id(i % 2, i), 5000)));
        }
        int record = RecordFormat.recordBytes(5000);
        flip(extents(directory).get(0), 10L * record + 3000);
        flip(extents(directory).get(0), 20L * record + 9);
        chunks.scrub();
        assertEquals(List.of(id(0, 10), id(0, 20)), damaged);
        ScrubReport report = chunks.status().scrub();
        assertEquals(200, report.passChunks());
        assertEquals(clock.epochMillis(), report.lastPassEndedMillis());
        assertEquals(2, report.damagedFound());
        assertEquals(2, report.damagedNow());
        chunks.scrub();
        assertEquals(report, chunks.status().scrub(), "not again before it is time");
        reopen();
        assertEquals(report.lastPassEndedMillis(), chunks.status().scrub().lastPassEndedMillis());
        assertEquals(2, chunks.status().scrub().damagedNow());
        assertThrows(ChunkDamagedException.class, () -> read(chunks, id(0, 10), 5000));
        for (ChunkId id : await(chunks.damaged(null, 10))) {
            await(append(chunks, id, content(id, 5000)));
        }
        clock.advanceMillis(100_000);
        chunks.scrub();
        assertEquals(0, chunks.status().scrub().damagedNow());
        assertEquals(2, chunks.status().scrub().repaired());
        assertEquals(200, chunks.status().scrub().verifiedChunks());
    }

    @Test
    void anExtentThatVanishesIsNoticedAndItsChunksAreWantedAgain() throws Exception {
        for (int i = 0; i < 40; i++) {
            await(append(chunks, id(i % 2, i), content(id(i % 2, i), MIB / 2)));
        }
        List<Path> files = extents(directory);
        assertTrue(files.size() >= 3);
        Files.delete(files.get(0));
        Files.delete(files.get(files.size() - 1));
        chunks.lookAround();
        assertEquals(List.of(0, 1), lost.stream().distinct().sorted().toList());
        repairAndCheck(40, MIB / 2);
        Path first = extents(directory).get(0);
        chunks.close();
        Files.delete(first);
        open(settings(8 * MIB));
        assertTrue(chunks.status().scrub().lostFound() > 0);
        repairAndCheck(40, MIB / 2);
    }

    @Test
    void anExtentThatWasCutShortLosesOnlyWhatWasBehind() throws Exception {
        for (int i = 0; i < 40; i++) {
            await(append(chunks, id(i % 2, i), content(id(i % 2, i), MIB / 2)));
        }
        chunks.close();
        try (var file = FileChannel.open(extents(directory).get(0), StandardOpenOption.WRITE)) {
            file.truncate(MIB + 10 * KIB);
        }
        open(settings(8 * MIB));
        assertArrayEquals(content(id(0, 0), MIB / 2), read(chunks, id(0, 0), MIB / 2));
        assertTrue(chunks.status().scrub().damagedNow() > 5);
        repairAndCheck(40, MIB / 2);
    }

    @Test
    void whatIsAppendedBehindATornFileIsFoundWithoutTheIndex() throws Exception {
        await(append(chunks, id(1, 1), content(id(1, 1), MIB / 2)));
        await(append(chunks, id(1, 2), content(id(1, 2), MIB / 2)));
        chunks.close();
        try (var file = FileChannel.open(extents(directory).get(0), StandardOpenOption.WRITE)) {
            file.truncate(MIB / 2 + 10 * KIB + 5);
        }
        open(settings(8 * MIB));
        await(append(chunks, id(1, 3), content(id(1, 3), MIB / 2)));
        reopenWithoutIndex();
        assertArrayEquals(content(id(1, 1), MIB / 2), read(chunks, id(1, 1), MIB / 2));
        assertArrayEquals(content(id(1, 3), MIB / 2), read(chunks, id(1, 3), MIB / 2));
    }

    @Test
    void aTornLaterCopyDoesNotHideAGoodOneWhenTheIndexIsMadeAnew() throws Exception {
        ChunkId id = id(1, 1);
        await(append(chunks, id, content(id, MIB)));
        for (int i = 2; i < 10; i++) {
            await(append(chunks, id(1, i), content(id(1, i), MIB)));
        }
        flip(extents(directory).get(0), 100_000);
        assertThrows(ChunkDamagedException.class, () -> read(chunks, id, MIB));
        long at = Files.size(extents(directory).get(1));
        await(append(chunks, id, content(id, MIB)));
        for (int i = 10; i < 20; i++) {
            await(append(chunks, id(1, i), content(id(1, i), MIB)));
        }
        assertTrue(extents(directory).size() > 2);
        flip(extents(directory).get(0), 100_000);
        flip(extents(directory).get(1), at + 100_000);
        reopenWithoutIndex();
        assertArrayEquals(content(id, MIB), read(chunks, id, MIB));
    }

    @Test
    void anExtentThatCannotBeReadAtAStartIsNotTakenForGarbage() throws Exception {
        ChunkId id = id(1, 1);
        await(append(chunks, id, content(id, MIB)));
        for (int i = 2; i < 12; i++) {
            await(append(chunks, id(1, i), content(id(1, i), MIB)));
        }
        Path first = extents(directory).get(0);
        Path away = directory.resolve("away");
        Files.move(first, away);
        // No file that can be opened.
        Files.createDirectories(first.resolve("in"));
        reopenWithoutIndex();
        Files.delete(first.resolve("in"));
        chunks.compact();
        assertTrue(Files.exists(first), "nobody knows what is in it");
        Files.delete(first);
        Files.move(away, first);
        reopenWithoutIndex();
        assertArrayEquals(content(id, MIB), read(chunks, id, MIB));
    }

    private void repairAndCheck(int count, int length) throws Exception {
        for (ChunkId id : await(chunks.damaged(null, 1000))) {
            await(append(chunks, id, content(id, length)));
        }
        assertEquals(0, chunks.status().scrub().damagedNow());
        for (int i = 0; i < count; i++) {
            assertArrayEquals(content(id(i % 2, i), length), read(chunks, id(i % 2, i), length));
        }
    }

    private void reopenWithoutIndex() throws IOException {
        chunks.close();
        try (var files = Files.list(directory.resolve("index"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        open(settings(8 * MIB));
    }
}
