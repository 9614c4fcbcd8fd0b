package io.lazuli.storage.chunk.local;

import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the threads that write a node's chunks, each to an extent of its own: what has come while the disk was waited for is written in one
 * go behind the last record, synced once, entered in the index, and answered. An extent that is full is followed by a new one; the index is
 * flushed then, so that a start has no more than about an extent of each lane to read again.
 *
 * <p>After a write or sync that failed nothing is known of what is on disk behind the last sync: the extent is cut off there and a new one is
 * begun. Nothing that was not synced is ever acknowledged or entered.
 *
 * <p>What waits is bounded in number and bytes; what comes on top is refused.
 */
final class WriteLane {

    private static final Logger LOG = LoggerFactory.getLogger(WriteLane.class);
    private static final int MAX_BATCH = 256;
    private static final long MAX_BATCH_BYTES = 8L << 20;
    /** What a crash may leave behind the last synced record at most: a batch with its headers and padding. */
    static final long MAX_UNSYNCED_BYTES = MAX_BATCH_BYTES + MAX_BATCH * (long) (RecordFormat.MAX_HEADER_BYTES + 2 * RecordFormat.ALIGNMENT_BYTES);
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(RecordFormat.ALIGNMENT_BYTES).asReadOnlyBuffer();

    private final Extents extents;
    private final ChunkIndex index;
    private final DiskSpace space;
    private final LocalSettings settings;
    private final Executor answers;
    private final ByteBuffer headers = ByteBuffer.allocateDirect(MAX_BATCH * RecordFormat.MAX_HEADER_BYTES);
    private final ArrayDeque<Job> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean closing;
    private final Thread thread;
    private final AtomicLong appends = new AtomicLong();
    private final AtomicLong forces = new AtomicLong();
    private final AtomicLong repaired = new AtomicLong();

    /** Only the thread's, as all below; null until there is one. */
    private Extent extent;
    private FileChannel channel;
    /** Behind the last record that was written, perhaps not synced. */
    private long writtenBytes;
    private final List<ByteBuffer> unwritten = new ArrayList<>();
    private final List<ChunkIndex.Put> unsynced = new ArrayList<>();

    /** @param from of a chunk that moves where it lies, else null */
    record Job(ChunkId id, int[] checksums, ByteBuffer bytes, IndexEntry from, CompletableFuture<Void> result) {}

    /**
     * @param answers runs what follows an answer, so that the disk need not wait for it
     * @param extent to be continued at its size; may be null
     */
    WriteLane(int number, Extents extents, ChunkIndex index, DiskSpace space, LocalSettings settings, Executor answers, Extent extent)
            throws IOException {
        this.extents = extents;
        this.index = index;
        this.space = space;
        this.settings = settings;
        this.answers = answers;
        if (extent != null) {
            resume(extent);
        }
        thread = new Thread(this::run, "lazuli-chunk-write-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    long appends() {
        return appends.get();
    }

    long forces() {
        return forces.get();
    }

    long repaired() {
        return repaired.get();
    }

    CompletableFuture<Void> submit(Job job) {
        StorageErrorCode refusal = null;
        synchronized (this) {
            boolean user = job.from() == null;
            if (closing) {
                refusal = StorageErrorCode.INTERNAL_ERROR;
            } else if (user && !space.notWritable().isEmpty()) {
                refusal = refusal();
            } else if (user && (queue.size() >= settings.maxPendingAppends() / settings.writeLanes()
                    || queuedBytes + job.bytes().remaining() > settings.maxPendingBytes() / settings.writeLanes())) {
                refusal = StorageErrorCode.SERVER_BUSY;
            } else {
                queue.add(job);
                queuedBytes += job.bytes().remaining();
                notifyAll();
            }
        }
        if (refusal != null) {
            job.result().completeExceptionally(new StorageException(refusal));
        }
        return job.result();
    }

    /** Takes nothing more and ends when all that waits is written. */
    synchronized void end() {
        closing = true;
        notifyAll();
    }

    /** @return whether it has ended by then */
    boolean awaitEnd(long patienceMillis) throws InterruptedException {
        thread.join(patienceMillis);
        return !thread.isAlive();
    }

    private StorageErrorCode refusal() {
        return space.isFull() ? StorageErrorCode.INSUFFICIENT_STORAGE : StorageErrorCode.INTERNAL_ERROR;
    }

    private void run() {
        List<Job> batch = new ArrayList<>();
        while (take(batch)) {
            List<Runnable> replies = new ArrayList<>(batch.size());
            try {
                write(batch, replies);
            } catch (IOException e) {
                LOG.error("cannot write chunks to {}", extent == null ? "a new extent" : extent.path, e);
                space.failed(e);
                abandonExtent();
                StorageException failure = new StorageException(refusal());
                replies.clear();
                batch.forEach(job -> replies.add(() -> job.result().completeExceptionally(failure)));
            } catch (Throwable e) {
                LOG.error("cannot enter chunks in the index", e);
                abandonExtent();
                replies.clear();
                batch.forEach(job -> replies.add(() -> job.result().completeExceptionally(new StorageException(StorageErrorCode.INTERNAL_ERROR))));
            }
            answers.execute(() -> replies.forEach(Runnable::run));
            batch.clear();
        }
        closeChannel();
    }

    /** Waits for something to do; false if there will be nothing more. */
    private synchronized boolean take(List<Job> batch) {
        while (queue.isEmpty()) {
            if (closing) {
                return false;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                closing = true;
            }
        }
        long bytes = 0;
        while (!queue.isEmpty() && batch.size() < MAX_BATCH && (batch.isEmpty() || bytes + queue.peek().bytes().remaining() <= MAX_BATCH_BYTES)) {
            Job job = queue.poll();
            bytes += job.bytes().remaining();
            queuedBytes -= job.bytes().remaining();
            batch.add(job);
        }
        return true;
    }

    private void write(List<Job> batch, List<Runnable> replies) throws IOException {
        headers.clear();
        Map<ChunkId, int[]> here = new HashMap<>();
        long userBytes = 0;
        for (Job job : batch) {
            userBytes += job.from() == null ? RecordFormat.recordBytes(job.bytes().remaining()) : 0;
        }
        boolean room = userBytes == 0 || space.roomFor(userBytes);
        for (Job job : batch) {
            CompletableFuture<Void> result = job.result();
            if (job.id() == null) {
                if (extent != null && extent.number == job.from().extent()) {
                    seal();
                }
            } else if (job.from() == null && !room) {
                replies.add(() -> result.completeExceptionally(new StorageException(refusal())));
                continue;
            } else if (!whole(job)) {
                replies.add(() -> result.completeExceptionally(new ChunkDamagedException(job.id(), "when it comes")));
                continue;
            } else if (job.from() != null) {
                if (lies(job)) {
                    add(job);
                }
            } else {
                int[] held = held(job.id(), here);
                if (held != null && !Arrays.equals(held, job.checksums())) {
                    replies.add(() -> result.completeExceptionally(new IllegalStateException("two contents under the id " + job.id())));
                    continue;
                } else if (held == null) {
                    here.put(job.id(), job.checksums());
                    add(job);
                }
            }
            replies.add(() -> result.complete(null));
        }
        sync();
    }

    private static boolean whole(Job job) {
        return job.checksums().length == Slices.count(job.bytes().remaining()) && Slices.match(job.bytes(), job.checksums(), 0);
    }

    private boolean lies(Job job) {
        IndexEntry entry = index.get(job.id());
        return entry != null && !entry.damaged() && entry.liesAt(job.from());
    }

    /** Checksums of the chunk if it is in the index or on its way there, so that it needs no writing; else null. */
    private int[] held(ChunkId id, Map<ChunkId, int[]> here) {
        IndexEntry entry = index.get(id);
        return entry != null && !entry.damaged() ? entry.checksums() : here.get(id);
    }

    private void add(Job job) throws IOException {
        int length = job.bytes().remaining();
        int recordBytes = RecordFormat.recordBytes(length);
        if (extent != null && writtenBytes > 0 && writtenBytes + recordBytes > settings.extentBytes()) {
            seal();
        }
        if (extent == null) {
            resume(extents.create());
        }
        RecordFormat.Header header = new RecordFormat.Header(job.id(), length, job.checksums());
        int begin = headers.position();
        RecordFormat.encodeHeader(headers, extent.salt, header);
        unwritten.add(headers.slice(begin, headers.position() - begin));
        unwritten.add(job.bytes());
        int padding = recordBytes - (headers.position() - begin) - length;
        if (padding > 0) {
            unwritten.add(ZEROS.slice(0, padding));
        }
        unsynced.add(new ChunkIndex.Put(job.id(), IndexEntry.of(header, extent.number, writtenBytes, false), job.from()));
        writtenBytes += recordBytes;
    }

    /** Writes and syncs what was added since the last time, and enters it. */
    private void sync() throws IOException {
        if (unsynced.isEmpty()) {
            return;
        }
        ByteBuffer[] buffers = unwritten.toArray(ByteBuffer[]::new);
        int first = 0;
        while (first < buffers.length) {
            channel.write(buffers, first, buffers.length - first);
            while (first < buffers.length && !buffers[first].hasRemaining()) {
                first++;
            }
        }
        unwritten.clear();
        channel.force(false);
        forces.incrementAndGet();
        space.written(writtenBytes - extent.sizeBytes());
        extent.size(writtenBytes);
        repaired.addAndGet(index.put(unsynced, new ChunkIndex.Place(extent.number, writtenBytes)));
        appends.addAndGet(unsynced.size());
        unsynced.clear();
    }

    /** Ends the extent that is appended to. */
    private void seal() throws IOException {
        sync();
        closeChannel();
        index.flush(false);
    }

    private void resume(Extent continued) throws IOException {
        FileChannel opened = FileChannel.open(continued.path, StandardOpenOption.WRITE);
        opened.position(continued.sizeBytes());
        channel = opened;
        writtenBytes = continued.sizeBytes();
        extent = continued;
    }

    /** Cuts off what may or may not be on disk; without success, too, it is never looked at but by a start, as garbage. */
    private void abandonExtent() {
        unwritten.clear();
        unsynced.clear();
        if (extent == null) {
            return;
        }
        try {
            channel.truncate(extent.sizeBytes());
        } catch (IOException e) {
            LOG.warn("cannot cut {} at {}", extent.path, extent.sizeBytes(), e);
        }
        closeChannel();
    }

    private void closeChannel() {
        if (extent == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot close {}", extent.path, e);
        }
        channel = null;
        extent.written();
        extent = null;
    }
}
