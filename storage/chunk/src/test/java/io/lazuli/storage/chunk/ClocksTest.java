package io.lazuli.storage.chunk;

import static io.lazuli.storage.chunk.ChunkCloud.await;
import static io.lazuli.storage.chunk.ChunkCloud.chunksOf;
import static io.lazuli.storage.chunk.ChunkCloud.content;
import static io.lazuli.storage.chunk.ChunkCloud.id;
import static io.lazuli.storage.chunk.ChunkCloud.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.ChunkRun;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose clock is wrong neither writes what others would take for garbage nor has anything dropped that is none. */
class ClocksTest {

    private static final long DAYS = TimeUnit.DAYS.toMillis(2);

    private final Random random = ChunkCloud.random();
    private final NamedRuns nothing = NamedRuns.sized(1, 0.01, 1);
    private ChunkCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = new ChunkCloud("");
        for (int number = 1; number <= 3; number++) {
            cloud.startStorage(number);
        }
        cloud.voters(0, 1, 2, 3);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void aNodeWithAnotherTimeHasNothingDroppedNotEvenOnItsOwnDisk() throws Exception {
        ChunkRun run = write(cloud.node(2).store(), 0, content(random, 1_000));
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        cloud.setClock(1, DAYS);
        long begunBefore = run.createdMillis() + 1;
        assertEquals(new TreeSet<>(Set.of(id(1), id(2), id(3))), await(cloud.node(1).chunks.upkeep().sweep(nothing, begunBefore)).silent());
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        assertTrue(await(cloud.node(1).chunks.upkeep().status()).get(id(2)).orElseThrow().refusedForClock() > 0);
        // The same the other way round: its own chunks are safe from the others' times, since it cannot know who is right.
        assertEquals(Set.of(id(1), id(2)), await(cloud.node(2).chunks.upkeep().sweep(nothing, begunBefore)).silent());
        cloud.awaitHeld(chunksOf(run), 1, 2);
        cloud.setClock(1, 0);
        assertEquals(Set.of(), await(cloud.node(1).chunks.upkeep().sweep(nothing, begunBefore)).silent());
        cloud.awaitHeld(chunksOf(), 1, 2, 3);
    }

    @Test
    void whatANodeWithAnotherTimeWritesIsRefusedAndWhatItMissesItFetches() throws Exception {
        for (long ahead : new long[] {-DAYS, DAYS}) {
            long before = refusedBy(2) + refusedBy(3);
            cloud.setClock(1, ahead);
            ChunkStore store = cloud.node(1).store();
            ChunkBuffer chunk = await(store.buffers().take(1_000));
            chunk.bytes().limit(1_000);
            CompletableFuture<Void> appended = store.begin(0).append(chunk).toCompletableFuture();
            ChunkCloud.awaitThat("the others refuse it", () -> refusedBy(2) + refusedBy(3) >= before + 3);
            assertFalse(appended.isDone() && !appended.isCompletedExceptionally());
        }
        ChunkRun run = write(cloud.node(2).store(), 0, content(random, 1_000));
        ChunkCloud.awaitThat("all hold it", () -> cloud.node(1).memory.held().containsAll(chunksOf(run))
                && cloud.node(3).memory.held().containsAll(chunksOf(run)));
    }

    private long refusedBy(int number) {
        try {
            return await(cloud.node(number).chunks.upkeep().status()).get(id(number)).orElseThrow().refusedForClock();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
