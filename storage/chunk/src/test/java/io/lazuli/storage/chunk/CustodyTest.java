package io.lazuli.storage.chunk;

import static io.lazuli.storage.chunk.ChunkCloud.await;
import static io.lazuli.storage.chunk.ChunkCloud.awaitThat;
import static io.lazuli.storage.chunk.ChunkCloud.chunksOf;
import static io.lazuli.storage.chunk.ChunkCloud.content;
import static io.lazuli.storage.chunk.ChunkCloud.id;
import static io.lazuli.storage.chunk.ChunkCloud.read;
import static io.lazuli.storage.chunk.ChunkCloud.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkNodeStatus.GroupProgress;
import io.lazuli.storage.model.ChunkRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What replicas do for each other when chunks are damaged, lost, in the wrong place or garbage. */
class CustodyTest {

    private static final int MIB = ChunkRun.CHUNK_BYTES;

    private final Random random = ChunkCloud.random();
    private ChunkCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = new ChunkCloud("");
        cloud.startStorage(1);
        cloud.startStorage(2);
        cloud.startStorage(3);
        cloud.voters(0, 1, 2, 3);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private GroupProgress progress(int number, int group) {
        try {
            return await(cloud.node(1).chunks.upkeep().status()).getOrDefault(id(number), Optional.empty()).stream()
                    .flatMap(status -> status.groups().stream())
                    .filter(known -> known.group() == group)
                    .findFirst()
                    .orElse(new GroupProgress(group, false, 0, 0, 0));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Set<NodeId> wholeWith(int number, int group) {
        return cloud.node(number).chunkNode.orElseThrow().wholeGroups().getOrDefault(group, Set.of());
    }

    @Test
    void aFlippedByteIsReadAroundAndMended() throws Exception {
        byte[] bytes = content(random, 3 * MIB);
        ChunkRun run = write(cloud.node(1).store(), 0, bytes);
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        ChunkId flipped = ChunkId.of(run, 1);
        cloud.node(1).memory.flip(flipped);
        assertArrayEquals(bytes, read(cloud.node(1).store(), run, 0, bytes.length));
        awaitThat("the chunk is mended", () -> cloud.node(1).memory.held().contains(flipped));
        cloud.stop(2);
        cloud.stop(3);
        assertArrayEquals(bytes, read(cloud.node(1).store(), run, 0, bytes.length));
    }

    @Test
    void whatWasDeletedOnOneNodeIsFetchedFromTheOthers() throws Exception {
        byte[] bytes = content(random, 5 * MIB + 17);
        ChunkRun run = write(cloud.node(1).store(), 0, bytes);
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        cloud.node(2).memory.loseAll();
        cloud.awaitHeld(chunksOf(run), 2);
        awaitThat("it says that it is complete", () -> {
            GroupProgress progress = progress(2, 0);
            return progress.comparedAtMillis() > 0 && progress.missingChunks() == 0 && progress.heldChunks() == chunksOf(run).size();
        });
    }

    @Test
    void aNodeThatReplacesAnotherGetsEverythingAndTheOtherLetsGo() throws Exception {
        byte[] bytes = content(random, 6 * MIB);
        ChunkRun run = write(cloud.node(1).store(), 0, bytes);
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        cloud.startStorage(4);
        // As long as one voter lacks them, nobody lets go.
        cloud.node(4).memory.full = true;
        cloud.voters(0, 1, 2, 4);
        awaitThat("it sees what it lacks", () -> progress(4, 0).missingChunks() == 6);
        assertEquals(Set.of(), wholeWith(4, 0));
        cloud.awaitHeld(chunksOf(run), 3);
        cloud.node(4).memory.full = false;
        cloud.awaitHeld(chunksOf(run), 4);
        awaitThat("it says that it is complete", () -> progress(4, 0).missingChunks() == 0 && progress(4, 0).voter());
        awaitThat("it says with whom it has compared", () -> wholeWith(4, 0).containsAll(Set.of(id(1), id(2))));
        cloud.awaitHeld(List.of(), 3);
        awaitThat("who is no voter says nothing", () -> wholeWith(3, 0).isEmpty());
        assertArrayEquals(bytes, read(cloud.node(3).store(), run, 0, bytes.length));
        awaitThat("it says that it has handed all over", () -> handedOver(3) == 6);
    }

    @Test
    void whoLosesChunksSaysAtOnceThatItHasNotAll() throws Exception {
        ChunkRun run = write(cloud.node(1).store(), 0, content(random, 2 * MIB));
        cloud.awaitHeld(chunksOf(run), 1, 2, 3);
        awaitThat("it has all", () -> wholeWith(2, 0).equals(Set.of(id(1), id(3))));
        MemoryChunks memory = cloud.node(2).memory;
        memory.hidesDamage = true;
        awaitThat("it compares nothing any more", () -> memory.damageHidden.get() > 0);
        memory.loseAll();
        assertEquals(Set.of(), wholeWith(2, 0));
        memory.hidesDamage = false;
        awaitThat("it has all again", () -> wholeWith(2, 0).equals(Set.of(id(1), id(3))));
        cloud.awaitHeld(chunksOf(run), 2);
    }

    @Test
    void aSweepDropsEverywhereWhatIsOldAndNotNamed() throws Exception {
        ChunkStore store = cloud.node(1).store();
        ChunkRun named = write(store, 0, content(random, 2 * MIB));
        ChunkRun garbage = write(store, 0, content(random, 2 * MIB));
        awaitThat("time has passed", () -> System.currentTimeMillis() > garbage.createdMillis());
        long begunBefore = garbage.createdMillis() + 1;
        ChunkRun young = write(store, 0, content(random, 10));
        cloud.awaitHeld(chunksOf(named, garbage, young), 1, 2, 3);
        NamedRuns names = NamedRuns.sized(1, 1e-9, random.nextLong());
        names.add(named);

        MemoryChunks away = cloud.node(3).memory;
        cloud.stop(3);
        awaitThat("the node is gone", () -> sweep(names, begunBefore).silent().equals(Set.of(id(3))));
        cloud.awaitHeld(chunksOf(named, young), 1, 2);
        // Who was away still has it; the others do not want it back.
        cloud.startStorage(3, away);
        awaitThat("all compare", () -> progress(1, 0).comparedAtMillis() > 0 && progress(2, 0).comparedAtMillis() > 0);
        ChunkRun later = write(cloud.node(1).store(), 0, content(random, 10));
        cloud.awaitHeld(chunksOf(named, young, later), 1, 2);
        cloud.awaitHeld(chunksOf(named, garbage, young, later), 3);
        awaitThat("all are there", () -> sweep(names, begunBefore).silent().isEmpty());
        cloud.awaitHeld(chunksOf(named, young, later), 1, 2, 3);
        assertTrue(sweep(names, begunBefore).silent().isEmpty());
    }

    @Test
    void aNodeThatDoesNotTellWhatItHoldsHoldsUpNobodyElse() throws Exception {
        cloud.voters(1, 1, 2, 3);
        List<ChunkId> ids = new ArrayList<>();
        for (int group = 0; group <= 1; group++) {
            ids.addAll(ChunkCloud.chunksOf(ChunkCloud.write(cloud.node(2).store(), group, new byte[3 << 20])));
        }
        cloud.awaitHeld(ids, 1, 2, 3);
        cloud.node(1).memory.secretiveGroup = 0;
        cloud.node(3).memory.loseAll();
        cloud.awaitHeld(ids, 3);
    }

    private long handedOver(int number) {
        try {
            return await(cloud.node(1).chunks.upkeep().status()).get(id(number)).map(status -> status.repairs().handedOverChunks()).orElse(0L);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private SweepReport sweep(NamedRuns names, long begunBefore) {
        try {
            return await(cloud.node(1).chunks.upkeep().sweep(names, begunBefore));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
