package io.lazuli.storage.chunk.local;

import static io.lazuli.storage.chunk.local.TestChunks.await;
import static io.lazuli.storage.chunk.local.TestChunks.content;
import static io.lazuli.storage.chunk.local.TestChunks.extents;
import static io.lazuli.storage.chunk.local.TestChunks.flip;
import static io.lazuli.storage.chunk.local.TestChunks.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.ManualClock;
import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.model.ChunkRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of one node's chunks with crashes, against a model. A crash is a copy of the files: the extents with a torn end, and an index
 * as it is on disk now or was earlier, or damaged, or gone. Whatever happens, a chunk that was acknowledged and not dropped is there, and
 * nothing else is read than what was written.
 */
class DiskChunksHistoryTest {

    private static final int HISTORIES = 3;
    private static final int STEPS = 60;
    private static final int GROUPS = 3;
    private static final int MAX_LANES = 3;

    @TempDir
    private Path root;
    private final ManualClock clock = new ManualClock(TestChunks.BEGAN_MILLIS);

    private Random random;
    private Map<ChunkId, Integer> held;
    private Set<ChunkId> dropped;
    private DiskChunks chunks;
    private Path directory;
    private Path olderIndex;
    private int directories;

    @Test
    void whateverHappensWhatWasAcknowledgedIsThere() throws Exception {
        long seed = System.nanoTime();
        for (int history = 0; history < HISTORIES; history++) {
            try {
                run(seed + history);
            } catch (Throwable e) {
                throw new AssertionError("seed " + (seed + history), e);
            }
        }
    }

    private void run(long seed) throws Exception {
        random = new Random(seed);
        held = new LinkedHashMap<>();
        dropped = new HashSet<>();
        olderIndex = null;
        directory = nextDirectory();
        chunks = open();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> append();
                case 4, 5 -> drop();
                case 6 -> chunks.compact();
                case 7 -> copyIndex();
                case 8 -> restart();
                case 9, 10 -> crash();
                default -> damageAndRepair();
            }
            checkSome();
        }
        checkAll();
        chunks.close();
    }

    private void append() throws Exception {
        Map<ChunkId, CompletionStage<Void>> appends = new LinkedHashMap<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            clock.advanceMillis(random.nextInt(1_000_000));
            ChunkId id = new ChunkId(random.nextInt(GROUPS), clock.epochMillis(), random.nextLong(), random.nextInt(4));
            int length = 1 + (random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(9000));
            appends.put(id, TestChunks.append(chunks, id, content(id, length)));
            held.put(id, length);
        }
        for (CompletionStage<Void> append : appends.values()) {
            await(append);
        }
    }

    private void drop() throws Exception {
        int group = random.nextInt(GROUPS);
        long before = clock.epochMillis() - random.nextInt(20_000_000);
        NamedRuns named = NamedRuns.sized(held.size(), 0.01, random.nextLong());
        List<ChunkId> garbage = new ArrayList<>();
        for (ChunkId id : held.keySet()) {
            if (random.nextInt(3) > 0) {
                named.add(new ChunkRun(id.group(), id.createdMillis(), id.nonce(), 1));
            } else if (id.group() == group && id.createdMillis() < before) {
                garbage.add(id);
            }
        }
        await(chunks.drop(group, named, before));
        garbage.removeIf(named::mayContain);
        for (ChunkId id : garbage) {
            held.remove(id);
            dropped.add(id);
            assertTrue(chunks.knownGarbage(id));
            assertEquals(false, await(chunks.holds(id)));
        }
    }

    private void restart() throws Exception {
        Map<Integer, List<BucketDigest>> before = digests();
        chunks.close();
        chunks = open();
        assertEquals(before, digests());
    }

    private void crash() throws Exception {
        // What is not acknowledged may be there afterwards or not; it is not in the model.
        if (random.nextBoolean()) {
            TestChunks.append(chunks, new ChunkId(0, 1, random.nextLong(), 0), new byte[5000]).exceptionally(e -> null);
        }
        Path copy = nextDirectory();
        copy(directory.resolve("extents"), copy.resolve("extents"));
        switch (random.nextInt(4)) {
            case 0 -> copy(directory.resolve("index"), copy.resolve("index"));
            case 1 -> Files.createDirectories(copy.resolve("index"));
            case 2 -> {
                copy(directory.resolve("index"), copy.resolve("index"));
                try (Stream<Path> files = Files.list(copy.resolve("index"))) {
                    for (Path file : files.toList()) {
                        Files.write(file, new byte[] {1, 2, 3});
                    }
                }
            }
            default -> copy(olderIndex == null ? directory.resolve("index") : olderIndex, copy.resolve("index"));
        }
        tear(copy);
        chunks.close();
        olderIndex = null;
        directory = copy;
        chunks = open();
    }

    /** What a write that was under way may leave behind the last synced record. */
    private void tear(Path copy) throws IOException {
        List<Path> files = extents(copy);
        if (files.isEmpty() || random.nextInt(3) == 0) {
            return;
        }
        Path torn = files.get(files.size() - 1 - random.nextInt(Math.min(MAX_LANES, files.size())));
        Extent extent = Extent.of(torn, Files.size(torn));
        int padding = (int) (-Files.size(torn) & RecordFormat.ALIGNMENT_BYTES - 1);
        byte[] junk = new byte[padding + random.nextInt(30_000)];
        if (random.nextBoolean()) {
            random.nextBytes(junk);
        }
        if (random.nextBoolean() && junk.length > padding + RecordFormat.MAX_HEADER_BYTES) {
            ByteBuffer bytes = ByteBuffer.allocate(1 + random.nextInt(20_000));
            random.nextBytes(bytes.array());
            ChunkId id = new ChunkId(0, 2, random.nextLong(), 0);
            dropped.add(id);
            RecordFormat.encodeHeader(
                    ByteBuffer.wrap(junk).position(padding), extent.salt, new RecordFormat.Header(id, bytes.capacity(), Slices.checksums(bytes)));
        }
        Files.write(torn, junk, StandardOpenOption.APPEND);
    }

    private void damageAndRepair() throws Exception {
        List<Path> files = extents(directory);
        if (files.isEmpty()) {
            return;
        }
        Path file = files.get(random.nextInt(files.size()));
        if (random.nextInt(3) == 0) {
            Files.delete(file);
        } else if (Files.size(file) > 0) {
            for (int i = 0; i < 3; i++) {
                flip(file, random.nextLong(Files.size(file)));
            }
        }
        for (ChunkId id : held.keySet()) {
            try {
                assertArrayEquals(content(id, held.get(id)), TestChunks.read(chunks, id, 1 << 20));
            } catch (ChunkDamagedException expected) {
                assertTrue(await(chunks.damaged(null, 4096)).contains(id));
            }
        }
        chunks.lookAround();
        clock.advanceMillis(1_000_000);
        chunks.scrub();
        for (ChunkId id : await(chunks.damaged(null, 4096))) {
            if (held.containsKey(id)) {
                await(TestChunks.append(chunks, id, content(id, held.get(id))));
            } else {
                await(chunks.forget(id));
            }
        }
        assertEquals(0, chunks.status().scrub().damagedNow());
        checkAll();
    }

    private void checkSome() throws Exception {
        List<ChunkId> ids = new ArrayList<>(held.keySet());
        for (int i = 0; i < Math.min(5, ids.size()); i++) {
            ChunkId id = ids.get(random.nextInt(ids.size()));
            assertArrayEquals(content(id, held.get(id)), TestChunks.read(chunks, id, 1 << 20));
        }
    }

    private void checkAll() throws Exception {
        for (ChunkId id : held.keySet()) {
            assertArrayEquals(content(id, held.get(id)), TestChunks.read(chunks, id, 1 << 20), id.toString());
        }
        Set<ChunkId> listed = new HashSet<>();
        for (int group = 0; group < GROUPS; group++) {
            listed.addAll(await(chunks.ids(group, 3, Long.MAX_VALUE, null, 4096)));
            long digested = chunks.digests(group).stream().mapToLong(BucketDigest::chunks).sum();
            assertEquals(await(chunks.ids(group, 0, Long.MAX_VALUE, null, 4096)).size(), digested);
        }
        assertTrue(listed.containsAll(held.keySet()));
        listed.removeAll(held.keySet());
        listed.removeAll(dropped);
        assertEquals(Set.of(), listed);
        for (ChunkId id : dropped) {
            try {
                TestChunks.read(chunks, id, 1 << 20);
            } catch (ChunkMissingException | ChunkDamagedException expected) {
                assertEquals(false, await(chunks.holds(id)));
            }
        }
        assertEquals(0, TestChunks.BUFFERS.takenBytes());
    }

    private void copyIndex() throws IOException {
        olderIndex = nextDirectory().resolve("index");
        copy(directory.resolve("index"), olderIndex);
    }

    private Map<Integer, List<BucketDigest>> digests() {
        Map<Integer, List<BucketDigest>> digests = new LinkedHashMap<>();
        for (int group = 0; group < GROUPS; group++) {
            digests.put(group, chunks.digests(group));
        }
        return digests;
    }

    private DiskChunks open() throws IOException {
        return new DiskChunks(directory, settings(400 << 10, 1 + random.nextInt(MAX_LANES), 64 << 20, 4096), clock, () -> 1L << 40);
    }

    private Path nextDirectory() throws IOException {
        return Files.createDirectories(root.resolve(String.valueOf(directories++)));
    }

    /** As of one moment: RocksDB flushes on a thread of its own, and files of different moments are nothing that a crash leaves. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        Map<Path, Long> before;
        do {
            before = sizes(from);
            try (Stream<Path> files = Files.list(to)) {
                for (Path stale : files.toList()) {
                    Files.delete(stale);
                }
            }
            for (Path file : before.keySet()) {
                try {
                    Files.copy(file, to.resolve(file.getFileName()));
                } catch (NoSuchFileException e) {
                    // RocksDB has deleted what it had replaced.
                    break;
                }
            }
        } while (!before.equals(sizes(from)));
    }

    private static Map<Path, Long> sizes(Path directory) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    sizes.put(file, Files.size(file));
                } catch (NoSuchFileException e) {
                    sizes.put(file, -1L);
                }
            }
        }
        return sizes;
    }
}
