package io.lazuli.storage.chunk;

import static io.lazuli.storage.chunk.ChunkCloud.await;
import static io.lazuli.storage.chunk.ChunkCloud.awaitThat;
import static io.lazuli.storage.chunk.ChunkCloud.chunksOf;
import static io.lazuli.storage.chunk.ChunkCloud.content;
import static io.lazuli.storage.chunk.ChunkCloud.read;
import static io.lazuli.storage.chunk.ChunkCloud.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What uploads and downloads may count on while nodes of a group fail. */
class ReplicatedChunksTest {

    private static final int MIB = ChunkRun.CHUNK_BYTES;

    private final Random random = ChunkCloud.random();
    private ChunkCloud cloud;

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void startThree(String overrides) throws Exception {
        cloud = new ChunkCloud(overrides);
        cloud.startStorage(1);
        cloud.startStorage(2);
        cloud.startStorage(3);
        cloud.voters(0, 1, 2, 3);
    }

    @Test
    void whatWasWrittenAnywhereIsReadEverywhereAndEveryReplicaHasIt() throws Exception {
        startThree("");
        ChunkStore elsewhere = cloud.startOther(4).store();
        byte[] bytes = content(random, 3 * MIB + 100_001);
        ChunkRun run = write(elsewhere, 0, bytes);
        assertEquals(bytes.length, run.lengthBytes());
        for (int number : new int[] {1, 2, 3, 4}) {
            assertArrayEquals(bytes, read(cloud.node(number).store(), run, 0, bytes.length));
        }
        for (int i = 0; i < 30; i++) {
            int offset = random.nextInt(bytes.length);
            int length = 1 + random.nextInt(Math.min(bytes.length - offset, MIB));
            assertArrayEquals(Arrays.copyOfRange(bytes, offset, offset + length), read(elsewhere, run, offset, length));
        }
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        for (int number : new int[] {1, 2, 3, 4}) {
            cloud.awaitNothingLent(number);
        }
    }

    @Test
    void aCloudOfOneNodeNeedsNoOther() throws Exception {
        cloud = new ChunkCloud("");
        ChunkStore store = cloud.startStorage(1).store();
        cloud.voters(0, 1);
        byte[] bytes = content(random, MIB + 1);
        ChunkRun run = write(store, 0, bytes);
        assertArrayEquals(bytes, read(store, run, 0, bytes.length));
    }

    @Test
    void aMajorityIsEnoughAndWhoWasAwayIsMendedWhenItComesBack() throws Exception {
        startThree("");
        MemoryChunks away = cloud.node(3).memory;
        cloud.stop(3);
        byte[] bytes = content(random, 4 * MIB);
        ChunkRun run = write(cloud.node(1).store(), 0, bytes);
        assertArrayEquals(bytes, read(cloud.node(2).store(), run, 0, bytes.length));
        assertEquals(List.of(), away.held());
        cloud.startStorage(3, away);
        cloud.awaitHeld(chunksOf(run), 3);
        cloud.stop(1);
        cloud.stop(2);
        assertArrayEquals(bytes, read(cloud.node(3).store(), run, 0, bytes.length));
    }

    @Test
    void withoutAMajorityNothingIsAcknowledged() throws Exception {
        startThree("lazuli.chunk.replication.append-timeout = 500 ms");
        cloud.stop(2);
        cloud.stop(3);
        StorageException refused = assertThrows(StorageException.class, () -> write(cloud.node(1).store(), 0, content(random, 1_000)));
        assertEquals(StorageErrorCode.SERVER_BUSY, refused.error());
        cloud.awaitNothingLent(1);
    }

    @Test
    void anUploadWaitsForAMajorityThatComesBackInTime() throws Exception {
        startThree("");
        MemoryChunks away = cloud.node(2).memory;
        cloud.stop(2);
        cloud.stop(3);
        byte[] bytes = content(random, 10);
        var store = cloud.node(1).store();
        ChunkBuffer buffer = await(store.buffers().take(bytes.length));
        buffer.bytes().put(bytes).flip();
        ChunkStore.RunWriter run = store.begin(0);
        var appended = run.append(buffer);
        awaitThat("the first replica has it", () -> cloud.node(1).memory.held().size() == 1);
        cloud.startStorage(2, away);
        await(appended);
        assertArrayEquals(bytes, read(store, run.end(), 0, bytes.length));
    }

    @Test
    void oneFullDiskIsNoHindranceTwoAre() throws Exception {
        startThree("");
        cloud.node(3).memory.full = true;
        byte[] bytes = content(random, 2 * MIB);
        ChunkRun run = write(cloud.node(3).store(), 0, bytes);
        assertArrayEquals(bytes, read(cloud.node(3).store(), run, 0, bytes.length));
        cloud.node(2).memory.full = true;
        StorageException refused = assertThrows(StorageException.class, () -> write(cloud.node(1).store(), 0, bytes));
        assertEquals(StorageErrorCode.INSUFFICIENT_STORAGE, refused.error());
        cloud.node(3).memory.full = false;
        awaitThat("both that have room hold the same", () -> cloud.node(3).memory.held().equals(cloud.node(1).memory.held()));
    }

    @Test
    void aReplicaThatDoesNotAnswerHoldsUpNeitherUploadsNorMemory() throws Exception {
        // Memory for 16 chunks: if those that the third replica has not answered for were kept, no 40 would pass.
        startThree("""
                lazuli.chunk { transport.read-timeout = 1 s, transport.write-timeout = 1 s
                  replication { max-lagging-bytes = 4 MiB, lag-patience = 20 ms } }
                """);
        ChunkStore elsewhere = cloud.startOther(4).store();
        cloud.node(3).memory.stick();
        byte[] bytes = content(random, 40 * MIB);
        ChunkRun run = write(elsewhere, 0, bytes);
        assertArrayEquals(bytes, read(elsewhere, run, 0, bytes.length));
        cloud.awaitNothingLent(4);
        cloud.node(3).memory.unstick();
        cloud.awaitHeld(chunksOf(run), 3);
    }

    @Test
    void aChunkThatTheVotersLackIsReadFromWhoeverHasIt() throws Exception {
        startThree("lazuli.chunk.replication.compare-interval = 1 hour");
        cloud.startStorage(4);
        cloud.voters(1, 4);
        ChunkStore store = cloud.node(1).store();
        byte[] bytes = content(random, 2 * MIB + 7);
        ChunkRun run = write(store, 1, bytes);
        cloud.voters(1, 2, 3);
        assertArrayEquals(bytes, read(store, run, 0, bytes.length));
    }

    @Test
    void whatNobodyHasIsAnErrorAndNoWait() throws Exception {
        startThree("");
        StorageException failed = assertThrows(StorageException.class, () ->
                read(cloud.node(1).store(), new ChunkRun(0, System.currentTimeMillis(), 7, 100), 0, 100));
        assertEquals(StorageErrorCode.INTERNAL_ERROR, failed.error());
        cloud.awaitNothingLent(1);
    }
}
