package io.lazuli.storage.chunk.local;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link LocalChunks} in files of one directory, which it owns alone:
 *
 * <pre>
 * lock       held while it is open
 * extents/   append-only files of records ({@link RecordFormat}); the truth
 * index/     a RocksDB that finds them ({@link ChunkIndex}); can be made anew from the extents
 * </pre>
 *
 * <p>One thread writes, a few read, and three look after what is there: space and files, compaction, scrubbing. A crash at any moment
 * loses no chunk whose append has completed.
 */
public final class DiskChunks implements LocalChunks {

    private static final Logger LOG = LoggerFactory.getLogger(DiskChunks.class);
    /** Care, compaction and scrubbing never wait for one another. */
    private static final int CARE_THREADS = 3;
    /** How often it is asked whether a pass of the scrubber or a compaction is due. */
    private static final long DUE_MILLIS = 5_000;
    private static final long CLOSE_WAIT_MILLIS = 30_000;

    /** What a drop found to be garbage stays garbage: nothing so old is ever named again. */
    private record Garbage(NamedRuns named, long begunBeforeMillis) {}

    private final FileChannel lock;
    private final Extents extents;
    private final ChunkIndex index;
    private final DiskSpace space;
    private final Faults faults;
    private final ChunkWriter writer;
    private final ChunkReader reader;
    private final Compactor compactor;
    private final Scrubber scrubber;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ScheduledThreadPoolExecutor care;
    private final Map<Integer, Garbage> garbage = new ConcurrentHashMap<>();

    /** Opens what is there, which may take a while after a crash, and begins to look after it. */
    public static DiskChunks open(Path directory, LocalSettings settings, Clock clock) throws IOException {
        DiskChunks chunks = new DiskChunks(directory, settings, clock, DiskSpace.Probe.of(Files.createDirectories(directory)));
        chunks.lookAfter(settings);
        return chunks;
    }

    /** Looks after nothing by itself. */
    DiskChunks(Path directory, LocalSettings settings, Clock clock, DiskSpace.Probe probe) throws IOException {
        lock = lock(directory);
        extents = Extents.open(directory.resolve("extents"));
        Recovery.Recovered recovered = Recovery.run(directory.resolve("index"), extents, settings);
        index = recovered.index();
        space = new DiskSpace(probe, settings.reserveBytes());
        faults = new Faults(index);
        faults.lostBefore(recovered.lostChunks());
        writer = new ChunkWriter(extents, index, space, settings, recovered.toContinue());
        reader = new ChunkReader(index, extents, faults, settings);
        compactor = new Compactor(extents, index, reader, writer, settings, new Pace(settings.compactBytesPerSecond(), closing));
        scrubber = new Scrubber(index, reader, clock, settings, new Pace(settings.scrubBytesPerSecond(), closing));
        AtomicInteger number = new AtomicInteger();
        care = new ScheduledThreadPoolExecutor(CARE_THREADS, task -> {
            Thread thread = new Thread(task, "lazuli-chunk-care-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        care.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        writer.start();
    }

    @Override
    public CompletionStage<Void> append(ChunkId id, int[] checksums, ByteBuffer bytes) {
        if (!bytes.isDirect() || !bytes.hasRemaining() || bytes.remaining() > ChunkRun.CHUNK_BYTES) {
            throw new IllegalArgumentException("no chunk: " + bytes);
        }
        return writer.append(id, checksums, bytes);
    }

    @Override
    public CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers) {
        return reader.read(id, offset, maxBytes, buffers);
    }

    @Override
    public CompletionStage<Boolean> holds(ChunkId id) {
        return reader.ask(() -> {
            IndexEntry entry = index.get(id);
            return entry != null && !entry.damaged();
        });
    }

    @Override
    public List<BucketDigest> digests(int group) {
        return index.tallies().digests(group);
    }

    @Override
    public CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds) {
        checkPage(maxIds);
        return reader.ask(() -> index.ids(group, fromMillis, toMillis, after, maxIds));
    }

    @Override
    public CompletionStage<List<ChunkId>> damaged(ChunkId after, int maxIds) {
        checkPage(maxIds);
        return reader.ask(() -> index.wanted(after, maxIds));
    }

    @Override
    public CompletionStage<Void> forget(ChunkId id) {
        return reader.ask(() -> {
            index.remove(id, false);
            return null;
        });
    }

    @Override
    public CompletionStage<DropReport> drop(int group, NamedRuns named, long begunBeforeMillis) {
        CompletableFuture<DropReport> result = new CompletableFuture<>();
        try {
            care.execute(() -> {
                try {
                    if (begunBeforeMillis < Long.MAX_VALUE) {
                        garbage.put(group, new Garbage(named, begunBeforeMillis));
                    }
                    DropReport report = index.drop(group, named, begunBeforeMillis);
                    LOG.info("group {}: {} of {} old chunks are garbage, {} bytes", group, report.droppedChunks(), report.oldChunks(), report.droppedBytes());
                    result.complete(report);
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new StorageException(StorageErrorCode.INTERNAL_ERROR));
        }
        return result;
    }

    @Override
    public boolean knownGarbage(ChunkId id) {
        Garbage known = garbage.get(id.group());
        return known != null && id.createdMillis() < known.begunBeforeMillis() && !known.named().mayContain(id);
    }

    @Override
    public void onFault(FaultListener listener) {
        faults.listener(listener);
    }

    @Override
    public LocalStatus status() {
        List<Extent> files = extents.list();
        ScrubPlace place = scrubber.place();
        ScrubReport scrub = new ScrubReport(
                place.passBeganMillis(), place.passChunks(), place.lastPassEndedMillis(), scrubber.verifiedChunks(), scrubber.verifiedBytes(),
                faults.damaged(), faults.lost(), writer.repaired(), index.wanted());
        return new LocalStatus(
                space.notWritable(), index.tallies().chunkBytes(), index.tallies().chunksByGroup(), files.size(),
                files.stream().mapToLong(Extent::sizeBytes).sum(), space.freeBytes(), writer.appends(), writer.forces(), scrub);
    }

    @Override
    public void close() {
        closing.countDown();
        care.shutdown();
        try {
            if (!care.awaitTermination(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the disk does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while closing", e);
        }
        writer.close();
        reader.close();
        index.flush(true);
        index.close();
        extents.close();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot give back the lock on the chunks", e);
        }
    }

    /** Looks at free space and for files that have vanished. */
    void lookAround() throws IOException {
        space.ask();
        for (Extent vanished : extents.missing()) {
            writer.leave(vanished).join();
            extents.delete(vanished);
            faults.lost(vanished);
        }
    }

    void compact() throws IOException {
        compactor.run();
    }

    void scrub() {
        scrubber.run();
    }

    private void lookAfter(LocalSettings settings) {
        repeat("looking after free space and files", settings.careIntervalMillis(), this::lookAround);
        repeat("compaction", DUE_MILLIS, this::compact);
        repeat("scrubbing", DUE_MILLIS, this::scrub);
    }

    private interface Duty {

        void run() throws IOException;
    }

    private void repeat(String what, long pauseMillis, Duty duty) {
        care.scheduleWithFixedDelay(() -> {
            try {
                duty.run();
            } catch (Exception e) {
                LOG.error("{} fails; it is tried again", what, e);
            }
        }, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel lock = FileChannel.open(Files.createDirectories(directory).resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = lock.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            lock.close();
            throw new IOException("the chunks in " + directory + " are in use");
        }
        return lock;
    }

    private static void checkPage(int maxIds) {
        if (maxIds < 1 || maxIds > MAX_PAGE_IDS) {
            throw new IllegalArgumentException("a page of " + maxIds + " ids");
        }
    }
}
