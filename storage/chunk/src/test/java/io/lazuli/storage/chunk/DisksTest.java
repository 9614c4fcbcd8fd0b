package io.lazuli.storage.chunk;

import static io.lazuli.storage.chunk.ChunkCloud.await;
import static io.lazuli.storage.chunk.ChunkCloud.awaitThat;
import static io.lazuli.storage.chunk.ChunkCloud.content;
import static io.lazuli.storage.chunk.ChunkCloud.read;
import static io.lazuli.storage.chunk.ChunkCloud.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.local.DiskChunks;
import io.lazuli.storage.model.ChunkRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with real files, whose disks lie and lose. */
class DisksTest {

    private final Random random = ChunkCloud.random();
    @TempDir
    private Path root;
    private ChunkCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = new ChunkCloud("""
                lazuli.chunk.local { extent-size = 8 MiB, reserve = 0, care-interval = 100 ms, scrub-per-second = 1 GiB }
                """);
        for (int number = 1; number <= 3; number++) {
            startNode(number);
        }
        cloud.voters(0, 1, 2, 3);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void startNode(int number) throws IOException {
        cloud.startStorage(number, () -> DiskChunks.open(directory(number), cloud.settings().local(), Clock.system()));
    }

    private Path directory(int number) {
        return root.resolve("node-" + number);
    }

    private List<Path> extents(int number) throws IOException {
        try (Stream<Path> files = Files.list(directory(number).resolve("extents"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Map<ChunkRun, byte[]> writeSome(int runs) throws Exception {
        Map<ChunkRun, byte[]> written = new LinkedHashMap<>();
        for (int i = 0; i < runs; i++) {
            byte[] bytes = content(random, 1 + random.nextInt(3 << 20));
            written.put(write(cloud.node(1 + random.nextInt(3)).store(), 0, bytes), bytes);
        }
        return written;
    }

    private void assertReadable(Map<ChunkRun, byte[]> written, int number) throws Exception {
        for (Map.Entry<ChunkRun, byte[]> run : written.entrySet()) {
            assertArrayEquals(run.getValue(), read(cloud.node(number).store(), run.getKey(), 0, run.getValue().length));
        }
    }

    private void awaitComplete(Map<ChunkRun, byte[]> written, int number) throws Exception {
        List<ChunkId> missing = new ArrayList<>(ChunkCloud.chunksOf(written.keySet().toArray(ChunkRun[]::new)));
        awaitThat("node " + number + " holds all chunks", () -> {
            missing.removeIf(id -> cloud.node(number).local.holds(id).toCompletableFuture().join());
            return missing.isEmpty();
        });
    }

    @Test
    void flippedBytesOnOneNodeAndDeletedFilesOnAnotherLoseNothingAndAreMended() throws Exception {
        Map<ChunkRun, byte[]> written = writeSome(12);
        for (int number = 1; number <= 3; number++) {
            awaitComplete(written, number);
        }
        Path flipped = extents(1).getFirst();
        try (FileChannel file = FileChannel.open(flipped, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            for (int i = 0; i < 20; i++) {
                long at = random.nextLong(file.size());
                ByteBuffer one = ByteBuffer.allocate(1);
                file.read(one, at);
                file.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), at);
            }
        }
        for (Path extent : extents(2)) {
            Files.delete(extent);
        }
        assertReadable(written, 1);
        assertReadable(written, 2);
        assertReadable(written, 3);
        awaitThat("node 2 has noticed", () -> cloud.node(2).local.status().scrub().lostFound() > 0);
        awaitComplete(written, 1);
        awaitComplete(written, 2);
        awaitThat("all damage is mended", () -> cloud.node(1).local.status().scrub().damagedNow() == 0);
        assertReadable(written, 2);
        var status = await(cloud.node(3).chunks.upkeep().status()).get(ChunkCloud.id(2)).orElseThrow();
        assertTrue(status.repairs().fetchedChunks() > 0);
        assertTrue(status.local().scrub().repaired() > 0, status.toString());
    }

    @Test
    void nodesThatRestartInTurnMissNothing() throws Exception {
        Map<ChunkRun, byte[]> written = writeSome(3);
        for (int number = 1; number <= 3; number++) {
            cloud.stop(number);
            int other = number % 3 + 1;
            byte[] bytes = content(random, 1_500_000);
            written.put(write(cloud.node(other).store(), 0, bytes), bytes);
            assertReadable(written, other);
            startNode(number);
            awaitComplete(written, number);
        }
        assertReadable(written, 2);
    }

    @Test
    void aSweepGivesRoomBackOnEveryNode() throws Exception {
        Map<ChunkRun, byte[]> written = writeSome(4);
        Map<ChunkRun, byte[]> garbage = writeSome(4);
        NamedRuns named = NamedRuns.sized(4, 1e-9, random.nextLong());
        written.keySet().forEach(named::add);
        for (int number = 1; number <= 3; number++) {
            awaitComplete(written, number);
            awaitComplete(garbage, number);
        }
        SweepReport report = await(cloud.node(1).chunks.upkeep().sweep(named, Long.MAX_VALUE - 1));
        assertTrue(report.silent().isEmpty());
        long garbageBytes = garbage.keySet().stream().mapToLong(ChunkRun::lengthBytes).sum();
        assertTrue(report.droppedBytes() >= 3 * garbageBytes, report.toString());
        for (int number = 1; number <= 3; number++) {
            assertReadable(written, number);
            for (ChunkId id : ChunkCloud.chunksOf(garbage.keySet().toArray(ChunkRun[]::new))) {
                assertTrue(!await(cloud.node(number).local.holds(id)));
            }
        }
    }
}
