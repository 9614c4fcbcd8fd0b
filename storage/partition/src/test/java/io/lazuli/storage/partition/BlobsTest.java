package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobService.BlockChoice;
import io.lazuli.storage.partition.blob.BlobService.BlockList;
import io.lazuli.storage.partition.blob.BlobService.Include;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobService.PageRange;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.BlobService.TagListing;
import io.lazuli.storage.partition.blob.BlobSource;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.blob.TagExpressions;
import io.lazuli.storage.partition.blob.service.MemoryChunks;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole blob service on a cluster of one node with two groups, over rows and chunks in memory, with ranges that split early. */
class BlobsTest {

    private static final String ACCOUNT = "devstoreaccount1";
    private static final BlobDraft DRAFT = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, false);
    private static final Include NOTHING = new Include(false, false, false, false);
    private static final Random RANDOM = new Random(7);

    private static ActorTestKit kit;
    private static TestProbe<Object> waiting;
    private static MemoryRowStore store;
    private static MemoryChunks chunks;
    private static BlobService blobs;
    /** As another node's: with routes of its own. */
    private static BlobService elsewhere;

    @BeforeAll
    static void start() {
        OneNodeCluster cluster = new OneNodeCluster("""
                lazuli.partition.blob { report-interval = 100ms, tick-interval = 20ms }
                lazuli.partition.container-directory { check-interval = 20ms, reads-interval = 50ms, split-bytes = 64 KiB,
                  merge-after = 1 h }
                """);
        kit = cluster.kit;
        waiting = kit.createTestProbe();
        store = new MemoryRowStore();
        chunks = new MemoryChunks();
        blobs = cluster.services(store, chunks, Clock.system()).blobs();
        elsewhere = cluster.services(store, chunks, Clock.system()).blobs();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void blobsOfAllSizesAreReadBackAsTheyWerePut() {
        container("sizes");
        for (int size : new int[] {0, 1, 4096, 32 << 10, (32 << 10) + 1, 3_000_000}) {
            byte[] content = bytes(size);
            put("sizes", "blob", content);
            assertArrayEquals(content, read(elsewhere, "sizes", new BlobTarget("blob")), size + " bytes");
            assertArrayEquals(content, read(blobs, "sizes", new BlobTarget("blob")), size + " bytes");
        }
        assertEquals(Optional.empty(), now(elsewhere.open(ACCOUNT, "sizes", new BlobTarget("none"))));
        assertRefused(StorageErrorCode.CONTAINER_NOT_FOUND, elsewhere.find(ACCOUNT, "nobody", new BlobTarget("none")));
        assertRefused(StorageErrorCode.CONTAINER_NOT_FOUND, elsewhere.upload(ACCOUNT, "nobody", "b", -1, true, true));
    }

    @Test
    void smallBlobThatWasReadBeforeIsReadInOneJourney() {
        container("journeys");
        put("journeys", "small", bytes(100));
        read(blobs, "journeys", new BlobTarget("small"));
        // Others may read meanwhile: ranges of other containers that are being split.
        waiting.awaitAssert(() -> {
            int before = store.reads();
            read(blobs, "journeys", new BlobTarget("small"));
            assertEquals(1, store.reads() - before);
            return null;
        });
    }

    @Test
    void blocksAreCommittedInTheOrderThatWasAskedFor() {
        container("blocks");
        byte[][] contents = {bytes(10), bytes(2_000_000), bytes(30)};
        for (int i = 0; i < contents.length; i++) {
            now(blobs.change(ACCOUNT, "blocks", new BlobCommand.PutBlock(
                    "b", new BlockRef(new byte[] {(byte) i}, stored("blocks", contents[i])), BlobConditions.NONE)));
        }
        assertEquals(3, now(elsewhere.blocks(ACCOUNT, "blocks", new BlobTarget("b"))).uncommitted().size());
        assertEquals(Optional.empty(), now(elsewhere.find(ACCOUNT, "blocks", new BlobTarget("b"))));
        commit("blocks", "b", BlockChoice.Source.LATEST, 2, 0, 1, 0);
        assertArrayEquals(concat(contents[2], contents[0], contents[1], contents[0]), read(elsewhere, "blocks", new BlobTarget("b")));
        BlockList list = now(elsewhere.blocks(ACCOUNT, "blocks", new BlobTarget("b")));
        assertEquals(List.of(30L, 10L, 2_000_000L, 10L), list.committed().stream().map(BlobService.ListedBlock::lengthBytes).toList());
        assertEquals(List.of(), list.uncommitted());
        commit("blocks", "b", BlockChoice.Source.COMMITTED, 0);
        assertArrayEquals(contents[0], read(elsewhere, "blocks", new BlobTarget("b")));
        assertRefused(StorageErrorCode.INVALID_BLOCK_LIST, blobs.commitBlocks(ACCOUNT, "blocks", "b", DRAFT,
                List.of(new BlockChoice(new byte[] {9}, BlockChoice.Source.LATEST)), BlobConditions.NONE, AccountRules.NONE));
        assertRefused(StorageErrorCode.BLOB_NOT_FOUND, blobs.blocks(ACCOUNT, "blocks", new BlobTarget("none")));
    }

    @Test
    void manyBlocksAreReadFromTheirSegments() {
        container("segments");
        byte[] content = bytes(1_200 * 7);
        int[] order = new int[1_200];
        for (int i = 0; i < order.length; i++) {
            byte[] id = {(byte) (i >> 8), (byte) i};
            now(blobs.change(ACCOUNT, "segments", new BlobCommand.PutBlock(
                    "b", new BlockRef(id, stored("segments", Arrays.copyOfRange(content, i * 7, i * 7 + 7))), BlobConditions.NONE)));
            order[i] = i;
        }
        List<BlockChoice> choices = Arrays.stream(order)
                .mapToObj(i -> new BlockChoice(new byte[] {(byte) (i >> 8), (byte) i}, BlockChoice.Source.UNCOMMITTED)).toList();
        now(elsewhere.commitBlocks(ACCOUNT, "segments", "b", DRAFT, choices, BlobConditions.NONE, AccountRules.NONE));
        assertArrayEquals(content, read(elsewhere, "segments", new BlobTarget("b")));
        OpenBlob opened = now(elsewhere.open(ACCOUNT, "segments", new BlobTarget("b"))).orElseThrow();
        assertArrayEquals(Arrays.copyOfRange(content, 6_003, 8_000), MemoryChunks.bytesOf(opened.download(6_003, 8_000 - 6_003)));
        assertEquals(1_200, now(elsewhere.blocks(ACCOUNT, "segments", new BlobTarget("b"))).committed().size());
    }

    @Test
    void snapshotsKeepWhatWasAndAreDeletedWithTheBlob() {
        container("snapshots");
        byte[] first = bytes(100_000);
        put("snapshots", "s", first);
        BlobReply.Done snapshot = now(blobs.change(ACCOUNT, "snapshots",
                new BlobCommand.Snapshot("s", null, BlobConditions.NONE, AccountRules.NONE)));
        put("snapshots", "s", bytes(50));
        assertArrayEquals(first, read(elsewhere, "snapshots", new BlobTarget("s", snapshot.snapshotTicks(), 0)));
        assertEquals(2, now(elsewhere.list(ACCOUNT, "snapshots",
                new BlobQuery("", null, null, null, 10, new Include(true, false, false, false)))).items().size());
        assertRefused(StorageErrorCode.SNAPSHOTS_PRESENT, blobs.delete(ACCOUNT, "snapshots", new BlobTarget("s"), DeleteSnapshots.NONE,
                false, BlobConditions.NONE, AccountRules.NONE));
        now(blobs.delete(ACCOUNT, "snapshots", new BlobTarget("s"), DeleteSnapshots.INCLUDE, false, BlobConditions.NONE, AccountRules.NONE));
        assertEquals(Optional.empty(), now(elsewhere.find(ACCOUNT, "snapshots", new BlobTarget("s", snapshot.snapshotTicks(), 0))));
    }

    @Test
    void whatWasDeletedSoftlyComesBack() {
        container("soft");
        AccountRules rules = new AccountRules(false, 7);
        byte[] content = bytes(1_000);
        put("soft", "d", content);
        now(blobs.change(ACCOUNT, "soft", new BlobCommand.Snapshot("d", null, BlobConditions.NONE, rules)));
        now(blobs.delete(ACCOUNT, "soft", new BlobTarget("d"), DeleteSnapshots.INCLUDE, false, BlobConditions.NONE, rules));
        assertEquals(Optional.empty(), now(elsewhere.find(ACCOUNT, "soft", new BlobTarget("d"))));
        now(blobs.undelete(ACCOUNT, "soft", "d"));
        assertArrayEquals(content, read(elsewhere, "soft", new BlobTarget("d")));
        assertEquals(2, now(elsewhere.list(ACCOUNT, "soft",
                new BlobQuery("", null, null, null, 10, new Include(true, false, false, false)))).items().size());
    }

    @Test
    void pagesAreReadWithZeroesBetweenThemAndComparedWithASnapshot() {
        container("pages");
        long size = 3L << 20;
        now(blobs.change(ACCOUNT, "pages", new BlobCommand.PutPageBlob("p", DRAFT, size, 0, BlobConditions.NONE, AccountRules.NONE)));
        byte[] expected = new byte[(int) size];
        writePages("pages", expected, 512, 1024);
        writePages("pages", expected, (1 << 20) - 512, 2048);
        long snapshot = now(blobs.change(ACCOUNT, "pages",
                new BlobCommand.Snapshot("p", null, BlobConditions.NONE, AccountRules.NONE))).snapshotTicks();
        byte[] former = expected.clone();
        writePages("pages", expected, 1024, 512);
        now(blobs.change(ACCOUNT, "pages", new BlobCommand.WritePages("p", 1 << 20, 512, null,
                new BlobCommand.SequenceCondition(null, null, null), BlobConditions.NONE)));
        Arrays.fill(expected, 1 << 20, (1 << 20) + 512, (byte) 0);
        assertArrayEquals(expected, read(elsewhere, "pages", new BlobTarget("p")));
        assertArrayEquals(former, read(elsewhere, "pages", new BlobTarget("p", snapshot, 0)));
        assertEquals(List.of(new PageRange(512, 1535, false), new PageRange((1 << 20) - 512, (1 << 20) - 1, false),
                        new PageRange((1 << 20) + 512, (1 << 20) + 1535, false)),
                now(elsewhere.pages(ACCOUNT, "pages", new BlobTarget("p"), 0, size, 0)).ranges());
        assertEquals(List.of(new PageRange(1024, 1535, false), new PageRange(1 << 20, (1 << 20) + 511, true)),
                now(elsewhere.pages(ACCOUNT, "pages", new BlobTarget("p"), 0, size, snapshot)).ranges());
        assertRefused(StorageErrorCode.PREVIOUS_SNAPSHOT_NOT_FOUND,
                elsewhere.pages(ACCOUNT, "pages", new BlobTarget("p"), 0, size, snapshot + 1));
    }

    @Test
    void aPageBlobIsResizedMoreOftenThanCutsAreKept() {
        container("resized");
        long size = 1 << 20;
        now(blobs.change(ACCOUNT, "resized", new BlobCommand.PutPageBlob(
                "p", DRAFT, size, 0, BlobConditions.NONE, AccountRules.NONE)));
        byte[] expected = new byte[(int) size];
        writePages("resized", expected, 0, 4 << 10);
        writePages("resized", expected, 512 << 10, 4 << 10);
        for (int i = 1; i <= 300; i++) {
            long shorter = 512L * i;
            for (long bytes : new long[] {shorter, size}) {
                now(blobs.change(ACCOUNT, "resized", new BlobCommand.SetPageBlob("p", bytes, null, null, BlobConditions.NONE)));
            }
        }
        Arrays.fill(expected, 512, expected.length, (byte) 0);
        assertArrayEquals(expected, read(blobs, "resized", new BlobTarget("p")));
    }

    @Test
    void anyStretchOfAPageBlobIsClearedHoweverLong() {
        container("cleared");
        long size = 8L << 40;
        now(blobs.change(ACCOUNT, "cleared", new BlobCommand.PutPageBlob("p", DRAFT, size, 0, BlobConditions.NONE, AccountRules.NONE)));
        for (long offset : List.of(0L, 5L << 30, size - 512)) {
            now(blobs.change(ACCOUNT, "cleared",
                    new BlobCommand.WritePages("p", offset, 512, stored("cleared", bytes(512)), null, BlobConditions.NONE)));
        }
        BlobState before = now(blobs.find(ACCOUNT, "cleared", new BlobTarget("p"))).orElseThrow();
        BlobConditions unchanged = new BlobConditions(List.of(before.etag()), null, null, null, null, null);
        now(blobs.change(ACCOUNT, "cleared", new BlobCommand.WritePages("p", 512, size - 512, null, null, unchanged)));
        assertEquals(List.of(new BlobService.PageRange(0, 511, false)), now(blobs.pages(ACCOUNT, "cleared", new BlobTarget("p"), 0, size, 0)).ranges());
        assertRefused(StorageErrorCode.INVALID_PAGE_RANGE,
                blobs.change(ACCOUNT, "cleared", new BlobCommand.WritePages("p", 512, size, null, null, BlobConditions.NONE)));
    }

    @Test
    void copiesHaveTheirSourcesBytesAndShareNone() {
        container("copies");
        container("target");
        byte[] large = bytes(2_500_000);
        now(blobs.change(ACCOUNT, "copies", new BlobCommand.PutBlock(
                "blocks", new BlockRef(new byte[] {1}, stored("copies", Arrays.copyOf(large, 1_000_000))), BlobConditions.NONE)));
        now(blobs.change(ACCOUNT, "copies", new BlobCommand.PutBlock(
                "blocks", new BlockRef(new byte[] {2}, stored("copies", Arrays.copyOfRange(large, 1_000_000, large.length))), BlobConditions.NONE)));
        commit("copies", "blocks", BlockChoice.Source.LATEST, 1, 2);
        put("copies", "inline", bytes(10));
        put("copies", "empty", bytes(0));
        now(blobs.change(ACCOUNT, "copies", new BlobCommand.PutAppendBlob("appended", DRAFT, BlobConditions.NONE, AccountRules.NONE)));
        now(blobs.change(ACCOUNT, "copies",
                new BlobCommand.AppendBlock("appended", stored("copies", bytes(5_000)), null, null, BlobConditions.NONE)));
        now(blobs.change(ACCOUNT, "copies", new BlobCommand.PutPageBlob("p", DRAFT, 6L << 20, 0, BlobConditions.NONE, AccountRules.NONE)));
        writePages("copies", new byte[6 << 20], 512, 4 << 20);
        for (String name : List.of("blocks", "inline", "empty", "appended", "p")) {
            BlobReply.Done begun = now(blobs.beginCopy(ACCOUNT, "target", name, DRAFT,
                    new BlobSource(ACCOUNT, "copies", new BlobTarget(name)), "https://x/" + name, BlobConditions.NONE, AccountRules.NONE));
            assertEquals(CopyStatus.PENDING, begun.state().copy().status());
            BlobState copied = waiting.awaitAssert(() -> {
                BlobState state = now(elsewhere.find(ACCOUNT, "target", new BlobTarget(name))).orElseThrow();
                assertEquals(CopyStatus.SUCCESS, state.copy().status(), name + ": " + state.copy().description());
                return state;
            });
            assertEquals("https://x/" + name, copied.copy().source());
            assertArrayEquals(read(elsewhere, "copies", new BlobTarget(name)), read(elsewhere, "target", new BlobTarget(name)), name);
        }
        assertEquals(2, now(elsewhere.blocks(ACCOUNT, "target", new BlobTarget("blocks"))).committed().size());
        assertRefused(StorageErrorCode.COPY_SOURCE_NOT_FOUND, blobs.beginCopy(ACCOUNT, "target", "x", DRAFT,
                new BlobSource(ACCOUNT, "copies", new BlobTarget("none")), "https://x/none", BlobConditions.NONE, AccountRules.NONE));
    }

    @Test
    void blobThatIsCopiedOntoItselfKeepsItsBytes() {
        container("self");
        byte[] content = bytes(100_000);
        put("self", "b", content);
        BlobDraft described = new BlobDraft(BlobHeaders.NONE, Map.of("k", "v"), null, null, null, false);
        BlobReply.Done done = now(blobs.beginCopy(ACCOUNT, "self", "b", described,
                new BlobSource(ACCOUNT, "self", new BlobTarget("b")), "https://x/b", BlobConditions.NONE, AccountRules.NONE));
        assertEquals(Map.of("k", "v"), done.state().metadata());
        assertArrayEquals(content, read(blobs, "self", new BlobTarget("b")));
    }

    @Test
    void bytesThatWereTakenInLongAgoAreNotNamedAnyMore() {
        container("old");
        ChunkRun run = stored("old", bytes(100_000));
        ChunkRun old = new ChunkRun(run.group(), run.createdMillis() - Duration.ofHours(13).toMillis(), run.nonce(), run.lengthBytes());
        assertRefused(StorageErrorCode.OPERATION_TIMED_OUT, blobs.change(ACCOUNT, "old", new BlobCommand.PutBlockBlob(
                "o", DRAFT, new NewContent.Stored(old), BlobConditions.NONE, AccountRules.NONE)));
        assertEquals(Optional.empty(), now(blobs.find(ACCOUNT, "old", new BlobTarget("o"))));
    }

    @Test
    void containerThatGrowsSplitsAndItsBlobsAreListedAndFound() {
        container("grown");
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 400; i++) {
            String name = "dir%02d/blob%04d".formatted(i % 20, i) + "x".repeat(200);
            BlobDraft draft = new BlobDraft(BlobHeaders.NONE, Map.of("m", "v".repeat(200)), Map.of("third", i % 3 == 0 ? "yes" : "no"), null,
                    null, false);
            now((i % 2 == 0 ? blobs : elsewhere).change(ACCOUNT, "grown", new BlobCommand.PutBlockBlob(
                    name, draft, new NewContent.Inline(new byte[] {1}), BlobConditions.NONE, AccountRules.NONE)));
            names.add(name);
        }
        waiting.awaitAssert(() -> {
            assertTrue(store.commits().stream().map(batch -> batch.partition().toString()).filter(id -> id.contains(".b."))
                    .distinct().count() > 3);
            return null;
        });
        List<String> listed = new ArrayList<>();
        String marker = null;
        do {
            BlobListing page = now(elsewhere.list(ACCOUNT, "grown", new BlobQuery("", null, marker, null, 70, NOTHING)));
            page.items().forEach(item -> listed.add(item.state().name()));
            marker = page.next();
        } while (marker != null);
        assertEquals(List.copyOf(names), listed);
        assertEquals(20, now(elsewhere.list(ACCOUNT, "grown", new BlobQuery("", "/", null, null, 100, NOTHING))).items().size());
        Set<String> found = new TreeSet<>();
        do {
            TagListing page = now(elsewhere.findByTags(ACCOUNT, null, TagExpressions.ofSearch("\"third\" = 'yes'"), marker, 50));
            page.blobs().forEach(blob -> found.add(blob.name()));
            marker = page.next();
        } while (marker != null);
        assertEquals(names.stream().filter(name -> Integer.parseInt(name.substring(10, 14)) % 3 == 0).collect(Collectors.toSet()), found);
        names.forEach(name -> assertTrue(now(blobs.find(ACCOUNT, "grown", new BlobTarget(name))).isPresent(), name));
    }

    private static void container(String name) {
        now(blobs.changeContainer(ACCOUNT, name, new ContainerCommand.Create(Map.of(), PublicAccess.NONE)));
    }

    private static void put(String container, String blob, byte[] content) {
        BlobService.Upload upload = now(blobs.upload(ACCOUNT, container, blob, content.length, true, true));
        NewContent received = receive(upload, content).content();
        now(blobs.change(ACCOUNT, container, new BlobCommand.PutBlockBlob(blob, DRAFT,
                received == null ? new NewContent.Inline(new byte[0]) : received, BlobConditions.NONE, AccountRules.NONE)));
    }

    private static ChunkRun stored(String container, byte[] content) {
        return assertInstanceOf(NewContent.Stored.class,
                receive(now(blobs.upload(ACCOUNT, container, "b", content.length, false, true)), content).content()).run();
    }

    private static Received receive(BlobService.Upload upload, byte[] content) {
        CompletionStage<Void> room = upload.write(ByteBuffer.wrap(content));
        if (room != null) {
            now(room);
        }
        return now(upload.end());
    }

    private static void commit(String container, String blob, BlockChoice.Source source, int... ids) {
        List<BlockChoice> choices = Arrays.stream(ids).mapToObj(id -> new BlockChoice(new byte[] {(byte) id}, source)).toList();
        now(blobs.commitBlocks(ACCOUNT, container, blob, DRAFT, choices, BlobConditions.NONE, AccountRules.NONE));
    }

    private static void writePages(String container, byte[] expected, int offset, int length) {
        byte[] content = bytes(length);
        System.arraycopy(content, 0, expected, offset, length);
        now(blobs.change(ACCOUNT, container, new BlobCommand.WritePages("p", offset, length, stored(container, content),
                new BlobCommand.SequenceCondition(null, null, null), BlobConditions.NONE)));
    }

    private static byte[] read(BlobService service, String container, BlobTarget target) {
        OpenBlob opened = now(service.open(ACCOUNT, container, target)).orElseThrow();
        return MemoryChunks.bytesOf(opened.download(0, opened.state().lengthBytes()));
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static void assertRefused(StorageErrorCode error, CompletionStage<?> stage) {
        CompletionException failure = assertThrows(CompletionException.class, () -> now(stage));
        assertEquals(error, assertInstanceOf(StorageException.class, failure.getCause()).error());
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
