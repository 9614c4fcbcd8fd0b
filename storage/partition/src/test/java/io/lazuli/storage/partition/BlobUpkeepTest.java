package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.SweepReport;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobService.BlockChoice;
import io.lazuli.storage.partition.blob.BlobService.Include;
import io.lazuli.storage.partition.blob.BlobService.OpenBlob;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobState.CopyStatus;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.blob.OutsideSources;
import io.lazuli.storage.partition.blob.service.BlobUpkeep;
import io.lazuli.storage.partition.blob.service.MemoryChunks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The job that looks after blobs, pass after pass without a pause, over rows and chunks in memory. In the place of the grace time stands what was
 * settled when a pass began: bytes that were named, or never will be.
 */
class BlobUpkeepTest {

    private static final String ACCOUNT = "devstoreaccount1";
    private static final BlobDraft DRAFT = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, false);
    /** Then the upkeep is asked again: it may not have been there. */
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(5);
    private static final AccountRules VERSIONS = new AccountRules(true, 7);

    private static final MemoryRowStore STORE = new MemoryRowStore();
    private static final DrippingSource OUTSIDE = new DrippingSource();

    private static OneNodeCluster cluster;
    private static ActorTestKit kit;
    private static TestProbe<BlobUpkeep.Status> probe;
    private static BlobService blobs;
    private static ActorRef<BlobUpkeep.Command> upkeep;
    private static final MemoryChunks CHUNKS = new MemoryChunks();
    /** When the run with a nonce was named, or it was certain that it never would be. */
    private static final Map<Long, Long> SETTLED_MILLIS = new ConcurrentHashMap<>();
    private static final AtomicLong SWEEPS = new AtomicLong();
    private static final AtomicLong DROPPED = new AtomicLong();

    @BeforeAll
    static void start() {
        cluster = new OneNodeCluster("""
                lazuli.partition.blob { report-interval = 100ms, tick-interval = 20ms }
                lazuli.partition.container-directory { check-interval = 20ms, reads-interval = 50ms, split-bytes = 64 KiB }
                lazuli.partition.blob-upkeep { interval = 10ms, page-rows = 5, rows-per-second = 1000000, copy-check-interval = 10ms, stale-copy-after = 10ms }
                lazuli.partition.blob-service { copy-retry-pause = 1ms, copy-report-interval = 10ms }
                """);
        kit = cluster.kit;
        probe = kit.createTestProbe();
        Partitions.Services services = cluster.services(STORE, CHUNKS, OUTSIDE, Clock.system());
        blobs = services.blobs();
        upkeep = services.blobUpkeep().start(new Sweeping());
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    private static final class Sweeping implements ChunkUpkeep {

        @Override
        public CompletionStage<SweepReport> sweep(NamedRuns named, long begunBeforeMillis) {
            long dropped = 0;
            long passBegunMillis = begunBeforeMillis + cluster.settings.blobService().garbageGraceMillis();
            for (Map.Entry<Long, Long> settled : SETTLED_MILLIS.entrySet()) {
                if (settled.getValue() >= passBegunMillis) {
                    continue;
                }
                long nonce = settled.getKey();
                MemoryChunks.Stored stored = CHUNKS.runs.get(nonce);
                ChunkRun run = stored == null ? null : stored.run();
                if (run != null && !named.mayContain(run.group(), run.createdMillis(), run.nonce())) {
                    CHUNKS.runs.remove(nonce);
                    dropped++;
                }
            }
            DROPPED.addAndGet(dropped);
            SWEEPS.incrementAndGet();
            return CompletableFuture.completedStage(new SweepReport(dropped, dropped, new TreeSet<>()));
        }

        @Override
        public CompletionStage<SortedMap<NodeId, Optional<ChunkNodeStatus>>> status() {
            return CompletableFuture.completedStage(new TreeMap<>());
        }
    }

    @Test
    void noBytesThatABlobHasAreEverCollectedAndThoseThatNoneHasAreAtLast() throws Exception {
        container("busy");
        long seed = System.nanoTime();
        CountDownLatch writers = new CountDownLatch(2);
        ConcurrentHashMap<String, Throwable> failures = new ConcurrentHashMap<>();
        for (int writer = 0; writer < 2; writer++) {
            Random random = new Random(seed + writer);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 120; i++) {
                        change(random);
                    }
                } catch (Throwable failure) {
                    failures.put("seed " + seed, failure);
                }
                writers.countDown();
            });
        }
        writers.await();
        assertEquals(Map.of(), failures);
        afterSweeps(3);
        int readStates = 0;
        String marker = null;
        do {
            BlobListing page = now(blobs.list(ACCOUNT, "busy",
                    new BlobQuery("", null, marker, null, 50, new Include(true, true, false, false))));
            for (BlobListing.Item item : page.items()) {
                BlobState state = item.state();
                BlobTarget target = new BlobTarget(state.name(), state.snapshotTicks(), state.snapshotTicks() == 0 ? state.versionTicks() : 0);
                Optional<OpenBlob> opened = now(blobs.open(ACCOUNT, "busy", target));
                if (opened.isPresent()) {
                    assertEquals(state.lengthBytes(), read(opened.get()).length, target + ", seed " + seed);
                    readStates++;
                }
            }
            marker = page.next();
        } while (marker != null);
        assertTrue(readStates > 0, "no blob is left to be read, seed " + seed);
        assertTrue(DROPPED.get() > 0, "nothing was collected, seed " + seed);
    }

    /** Whatever it does, in the end its bytes are named or never will be. */
    private static void change(Random random) {
        String blob = "b" + random.nextInt(6);
        String pages = "p" + random.nextInt(3);
        AccountRules rules = random.nextInt(3) == 0 ? VERSIONS : AccountRules.NONE;
        int what = random.nextInt(10);
        if (what < 3) {
            ChunkRun run = stored(100 + random.nextInt(1_000));
            attempt(run, blobs.change(ACCOUNT, "busy",
                    new BlobCommand.PutBlockBlob(blob, DRAFT, new NewContent.Stored(run), BlobConditions.NONE, rules)));
        } else if (what < 6) {
            for (int i = 0; i < 8; i++) {
                ChunkRun run = stored(50);
                attempt(run, blobs.change(ACCOUNT, "busy",
                        new BlobCommand.PutBlock(blob, new BlockRef(new byte[] {(byte) i}, run), BlobConditions.NONE)));
            }
            List<BlockChoice> choices = List.of(new BlockChoice(new byte[] {1}, BlockChoice.Source.LATEST),
                    new BlockChoice(new byte[] {(byte) random.nextInt(8)}, BlockChoice.Source.LATEST));
            attempt(null, blobs.commitBlocks(ACCOUNT, "busy", blob, DRAFT, choices, BlobConditions.NONE, rules));
        } else if (what == 6) {
            attempt(null, blobs.change(ACCOUNT, "busy", new BlobCommand.Snapshot(
                    random.nextBoolean() ? blob : pages, null, BlobConditions.NONE, rules)));
        } else if (what == 7) {
            attempt(null, blobs.delete(ACCOUNT, "busy", new BlobTarget(random.nextBoolean() ? blob : pages), DeleteSnapshots.INCLUDE, false,
                    BlobConditions.NONE, rules));
            attempt(null, blobs.undelete(ACCOUNT, "busy", blob));
        } else {
            attempt(null, blobs.change(ACCOUNT, "busy", new BlobCommand.PutPageBlob(
                    pages, DRAFT, 4096, 0, new BlobConditions(null, List.of("*"), null, null, null, null), rules)));
            ChunkRun run = stored(512);
            attempt(run, blobs.change(ACCOUNT, "busy", new BlobCommand.WritePages(pages, 512L * random.nextInt(8), 512, run,
                    new BlobCommand.SequenceCondition(null, null, null), BlobConditions.NONE)));
        }
    }

    /** @param run that is settled then, null if there is none */
    private static void attempt(ChunkRun run, CompletionStage<?> change) {
        try {
            now(change);
        } catch (CompletionException refused) {
            if (!(refused.getCause() instanceof StorageException)) {
                throw refused;
            }
        }
        if (run != null) {
            SETTLED_MILLIS.putIfAbsent(run.nonce(), Clock.system().epochMillis());
        }
    }

    @Test
    void containerThatWasDeletedSoftlyKeepsItsBytes() {
        container("kept");
        ChunkRun run = stored(ACCOUNT, "kept", 5_000);
        attempt(run, blobs.change(ACCOUNT, "kept",
                new BlobCommand.PutBlockBlob("b", DRAFT, new NewContent.Stored(run), BlobConditions.NONE, AccountRules.NONE)));
        byte[] content = read(now(blobs.open(ACCOUNT, "kept", new BlobTarget("b"))).orElseThrow());
        now(blobs.changeContainer(ACCOUNT, "kept", new ContainerCommand.Delete(BlobConditions.NONE, 7)));
        afterSweeps(3);
        ContainerState deleted = now(blobs.listContainers(ACCOUNT, "kept", null, 10, true)).containers().getFirst();
        now(blobs.restoreContainer(ACCOUNT, "kept", deleted.version(), "again"));
        assertArrayEquals(content, read(now(blobs.open(ACCOUNT, "again", new BlobTarget("b"))).orElseThrow()));
    }

    @Test
    void bytesOfAnAccountThatNobodyKnowsAnyMoreAreKept() {
        String account = "fromanotherconfiguration";
        now(blobs.changeContainer(account, "c", new ContainerCommand.Create(Map.of(), PublicAccess.NONE)));
        ChunkRun run = stored(account, "c", 5_000);
        attempt(run, blobs.change(account, "c",
                new BlobCommand.PutBlockBlob("b", DRAFT, new NewContent.Stored(run), BlobConditions.NONE, AccountRules.NONE)));
        afterSweeps(3);
        assertEquals(5_000, read(now(blobs.open(account, "c", new BlobTarget("b"))).orElseThrow()).length);
    }

    @Test
    void copyWhoseNodeHasDiedIsTakenUpAndEnds() {
        container("copied");
        ChunkRun run = stored(ACCOUNT, "copied", 3_000_000);
        attempt(run, blobs.change(ACCOUNT, "copied",
                new BlobCommand.PutBlockBlob("source", DRAFT, new NewContent.Stored(run), BlobConditions.NONE, AccountRules.NONE)));
        BlobState source = now(blobs.find(ACCOUNT, "copied", new BlobTarget("source"))).orElseThrow();
        CopyOrigin origin = new CopyOrigin.Here(ACCOUNT, "copied", new BlobTarget("source"), source.etag());
        begin("orphan", new BlobCommand.CopySource("https://x/source", source.lengthBytes(), origin));
        begin("foreign", OUTSIDE.source("ranges"));
        begin("vanished", OUTSIDE.source("nothing"));
        awaitCopy("orphan", CopyStatus.SUCCESS);
        awaitCopy("foreign", CopyStatus.SUCCESS);
        BlobState failed = awaitCopy("vanished", CopyStatus.FAILED);
        assertEquals("404 CannotVerifyCopySource", failed.copy().description());
        assertEquals(0, failed.lengthBytes());
        assertArrayEquals(content("source"), content("orphan"));
        assertArrayEquals(OUTSIDE.bytes, content("foreign"));
    }

    @Test
    void copyGoesOnWhereItsSourceBrokeOffIfThatKnowsRangesAndBeginsAnewIfNot() {
        container("copied");
        for (String path : List.of("ranges", "whole", "untagged")) {
            BlobReply.Done begun = now(blobs.beginCopy(ACCOUNT, "copied", path, DRAFT,
                    (CopyOrigin.Elsewhere) OUTSIDE.source(path).origin(), "https://x/y", BlobConditions.NONE, AccountRules.NONE));
            assertEquals(CopyStatus.PENDING, begun.state().copy().status());
            assertEquals("https://x/y", begun.state().copy().source());
            BlobState copied = awaitCopy(path, CopyStatus.SUCCESS);
            assertEquals(OUTSIDE.bytes.length, copied.copy().copiedBytes());
            assertArrayEquals(OUTSIDE.bytes, content(path), path);
        }
        assertTrue(OUTSIDE.offsets.get("ranges").stream().anyMatch(offset -> offset > 0));
        assertTrue(OUTSIDE.offsets.get("untagged").stream().allMatch(offset -> offset == 0));
    }

    @Test
    void nodeThatWokeUpDoesNoHarmToACopyThatAnotherHasTakenUp() {
        container("copied");
        DrippingSource sleeping = new DrippingSource();
        CompletableFuture<Void> wakeUp = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        sleeping.before = wakeUp;
        sleeping.after = ended;
        BlobService sleeper = cluster.services(STORE, CHUNKS, sleeping, Clock.system()).blobs();
        now(sleeper.beginCopy(ACCOUNT, "copied", "contested", DRAFT, (CopyOrigin.Elsewhere) OUTSIDE.source("other").origin(), "https://x/y",
                BlobConditions.NONE, AccountRules.NONE));
        BlobState taken = awaitCopy("contested", CopyStatus.SUCCESS);
        wakeUp.complete(null);
        assertThrows(CompletionException.class, () -> now(ended), "its reports are refused, or its source breaks off");
        BlobState left = now(blobs.find(ACCOUNT, "copied", new BlobTarget("contested"))).orElseThrow();
        assertEquals(taken.change(), left.change());
        assertEquals(taken.copy(), left.copy());
        assertArrayEquals(OUTSIDE.bytes, content("contested"));
    }

    /** Sources of the same bytes; those that are read whole break off twice, in the middle. */
    private static final class DrippingSource implements OutsideSources {

        private static final int PART_BYTES = 64 << 10;
        private static final int ANSWERED_BYTES = 5 << 20;

        private final byte[] bytes = new byte[12_000_000];
        private final ConcurrentHashMap<String, List<Long>> offsets = new ConcurrentHashMap<>();
        private volatile CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
        private volatile CompletableFuture<Void> after = new CompletableFuture<>();

        private DrippingSource() {
            new Random(1).nextBytes(bytes);
        }

        private BlobCommand.CopySource source(String path) {
            return new BlobCommand.CopySource("https://elsewhere/" + path, bytes.length,
                    new CopyOrigin.Elsewhere("https://elsewhere/" + path + "?sig=secret", path.equals("untagged") ? null : "\"e\"", bytes.length));
        }

        @Override
        public CompletionStage<Opened> open(String url, String etag, long offset) {
            String path = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
            if (path.equals("nothing")) {
                return CompletableFuture.failedStage(new StorageException(StorageErrorCode.COPY_SOURCE_NOT_FOUND));
            }
            List<Long> asked = offsets.computeIfAbsent(path, none -> new CopyOnWriteArrayList<>());
            asked.add(offset);
            boolean whole = !path.equals("ranges");
            int from = whole ? 0 : (int) offset;
            int to = whole && asked.size() > 2 ? bytes.length : Math.min(bytes.length, from + ANSWERED_BYTES);
            return before.thenApply(awake -> new Opened() {

                @Override
                public long offset() {
                    return from;
                }

                @Override
                public long lengthBytes() {
                    return bytes.length - from;
                }

                @Override
                public CompletionStage<Void> pipeTo(Sink sink) {
                    CompletionStage<Void> piped = pipe(sink, from).thenAccept(all -> {
                        if (to < bytes.length) {
                            throw new StorageException(StorageErrorCode.CANNOT_VERIFY_COPY_SOURCE);
                        }
                    });
                    piped.whenComplete((done, failure) -> {
                        if (failure != null) {
                            after.completeExceptionally(failure);
                        }
                    });
                    return piped;
                }

                private CompletionStage<Void> pipe(Sink sink, int at) {
                    int next = at;
                    while (next < to) {
                        int end = Math.min(to, next + PART_BYTES);
                        CompletionStage<Void> taken = sink.write(ByteBuffer.wrap(bytes, next, end - next));
                        next = end;
                        if (taken != null) {
                            int goOn = next;
                            return taken.thenComposeAsync(room -> pipe(sink, goOn));
                        }
                    }
                    return CompletableFuture.completedStage(null);
                }

                @Override
                public void close() {}
            });
        }
    }

    @Test
    void blobsThatAreOldEnoughAreDeletedOrGetAnotherTierAsTheAccountsRulesSay() {
        container("aging");
        BlobDraft held = new BlobDraft(BlobHeaders.NONE, Map.of(), null, null, null, true);
        attempt(null, blobs.change(ACCOUNT, "aging", new BlobCommand.PutBlockBlob(
                "old/0", held, new NewContent.Inline(new byte[] {1}), BlobConditions.NONE, AccountRules.NONE)));
        for (String blob : List.of("old/1", "old/2", "cool/1", "young/1")) {
            attempt(null, blobs.change(ACCOUNT, "aging", new BlobCommand.PutBlockBlob(
                    blob, DRAFT, new NewContent.Inline(new byte[] {1}), BlobConditions.NONE, AccountRules.NONE)));
        }
        LifecycleRule delete = new LifecycleRule("delete", true, List.of("aging/old/"), List.of(BlobKind.BLOCK),
                new LifecycleRule.Ages(0, null, null, 0), LifecycleRule.Ages.NEVER, LifecycleRule.Ages.NEVER);
        LifecycleRule cool = new LifecycleRule("cool", true, List.of("aging/cool/"), List.of(BlobKind.BLOCK),
                new LifecycleRule.Ages(0, null, null, 1), LifecycleRule.Ages.NEVER, LifecycleRule.Ages.NEVER);
        now(blobs.changeServiceProperties(ACCOUNT, present -> present.with(present.blobs().withLifecycle(List.of(delete, cool)))));
        probe.awaitAssert(() -> {
            List<BlobListing.Item> left = now(blobs.list(ACCOUNT, "aging",
                    new BlobQuery("", null, null, null, 10, new Include(false, false, false, false)))).items();
            assertEquals(List.of("cool/1", "old/0", "young/1"), left.stream().map(item -> item.state().name()).toList());
            assertEquals(AccessTier.COOL, left.getFirst().state().tier());
            return null;
        });
    }

    private static void begin(String blob, BlobCommand.CopySource source) {
        now(blobs.change(ACCOUNT, "copied",
                new BlobCommand.BeginCopy(blob, DRAFT, BlobKind.BLOCK, source, BlobConditions.NONE, AccountRules.NONE)));
    }

    private static BlobState awaitCopy(String blob, CopyStatus status) {
        return probe.awaitAssert(() -> {
            BlobState state = now(blobs.find(ACCOUNT, "copied", new BlobTarget(blob))).orElseThrow();
            assertEquals(status, state.copy().status(), blob);
            return state;
        });
    }

    private static byte[] content(String blob) {
        return read(now(blobs.open(ACCOUNT, "copied", new BlobTarget(blob))).orElseThrow());
    }

    private static void afterSweeps(int count) {
        long wanted = SWEEPS.get() + count;
        probe.awaitAssert(() -> {
            upkeep.tell(new BlobUpkeep.GetStatus(probe.ref()));
            BlobUpkeep.Status status = probe.receiveMessage(STATUS_TIMEOUT);
            assertTrue(SWEEPS.get() >= wanted, () -> SWEEPS + " sweeps of " + wanted + ", " + status);
            return null;
        });
    }

    private static void container(String name) {
        attempt(null, blobs.changeContainer(ACCOUNT, name, new ContainerCommand.Create(Map.of(), PublicAccess.NONE)));
    }

    private static ChunkRun stored(int length) {
        return stored(ACCOUNT, "busy", length);
    }

    private static ChunkRun stored(String account, String container, int length) {
        BlobService.Upload upload = now(blobs.upload(account, container, "b", length, false, true));
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        CompletionStage<Void> room = upload.write(ByteBuffer.wrap(bytes));
        if (room != null) {
            now(room);
        }
        return ((NewContent.Stored) now(upload.end()).content()).run();
    }

    private static byte[] read(OpenBlob opened) {
        return MemoryChunks.bytesOf(opened.download(0, opened.state().lengthBytes()));
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
