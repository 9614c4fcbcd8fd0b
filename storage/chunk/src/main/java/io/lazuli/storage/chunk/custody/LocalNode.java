package io.lazuli.storage.chunk.custody;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkNodeStatus.RepairTally;
import io.lazuli.storage.chunk.ClockDiffersException;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.chunk.local.DropReport;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.transport.Lane;
import io.lazuli.storage.chunk.transport.PeerUnreachableException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's own chunks as all nodes of the cloud call them; tells its {@link Custody} what it has to see to. Any thread. */
public final class LocalNode implements NodeChunks {

    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
    private static final long WARN_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final NodeId node;
    private final LocalChunks chunks;
    private final ClockLimits clockLimits;
    private final Clock clock;
    private final AtomicLong refusedForClock = new AtomicLong();
    private final AtomicLong warnedNanos;
    private volatile Custody custody;

    public LocalNode(NodeId node, LocalChunks chunks, ClockLimits clockLimits, Clock clock) {
        this.node = node;
        this.chunks = chunks;
        this.clockLimits = clockLimits;
        this.clock = clock;
        this.warnedNanos = new AtomicLong(clock.nanos() - WARN_INTERVAL_NANOS);
    }

    /** From now on; nothing is repaired before. */
    public void keptBy(Custody keeper) {
        custody = keeper;
        chunks.onFault(new LocalChunks.FaultListener() {
            @Override
            public void damaged(ChunkId id) {
                keeper.lacks(id.group());
            }

            @Override
            public void lost(int group) {
                keeper.lacks(group);
            }
        });
    }

    @Override
    public NodeId node() {
        return node;
    }

    /** Its disk says itself what it cannot do. */
    @Override
    public boolean down() {
        return false;
    }

    @Override
    public CompletionStage<Void> append(ChunkId id, int[] checksums, SharedBuffer bytes) {
        try {
            clockLimits.checkWritten(id, clock.epochMillis());
        } catch (ClockDiffersException e) {
            return refused(e);
        }
        return store(id, checksums, bytes);
    }

    /** A chunk that another node holds already, however old. */
    CompletionStage<Void> store(ChunkId id, int[] checksums, SharedBuffer bytes) {
        bytes.retain();
        return chunks.append(id, checksums, bytes.view()).whenComplete((done, failure) -> bytes.release());
    }

    /** The time-out is for what it has to wait for a disk; what comes later is let go. */
    @Override
    public CompletionStage<ChunkPart> read(ChunkId id, int offset, int maxBytes, ChunkBuffers buffers, Lane lane, long timeoutMillis) {
        CompletableFuture<ChunkPart> result = new CompletableFuture<>();
        chunks.read(id, offset, maxBytes, buffers).whenComplete((part, failure) -> {
            if (failure != null) {
                noteMissing(failure);
                result.completeExceptionally(failure);
            } else if (!result.complete(part)) {
                part.buffer().release();
            }
        });
        return result.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS).exceptionallyCompose(failure ->
                CompletableFuture.failedFuture(failure instanceof TimeoutException
                        ? new PeerUnreachableException(node, "its disk did not answer within " + timeoutMillis + " ms")
                        : failure));
    }

    @Override
    public CompletionStage<List<BucketDigest>> digests(int group) {
        return CompletableFuture.completedStage(chunks.digests(group));
    }

    @Override
    public CompletionStage<List<ChunkId>> ids(int group, long fromMillis, long toMillis, ChunkId after, int maxIds) {
        return chunks.ids(group, fromMillis, toMillis, after, maxIds);
    }

    @Override
    public CompletionStage<NodeSweep> sweep(EncodedRuns named, long begunBeforeMillis, long nowMillis) {
        try {
            clockLimits.checkSweeping(nowMillis, clock.epochMillis());
        } catch (ClockDiffersException e) {
            return refused(e);
        }
        Set<Integer> groups = new TreeSet<>(chunks.status().chunksByGroup().keySet());
        Custody keeper = custody;
        if (keeper != null) {
            // Of a group whose chunks are still to come, too: what is garbage must not be fetched.
            groups.addAll(keeper.knownGroups());
        }
        CompletionStage<NodeSweep> swept = CompletableFuture.completedStage(new NodeSweep(0, 0));
        for (int group : groups) {
            swept = swept.thenCompose(before -> chunks.drop(group, named.runs(), begunBeforeMillis).thenApply(report -> plus(before, report)));
        }
        return swept;
    }

    @Override
    public CompletionStage<ChunkNodeStatus> status() {
        Custody keeper = custody;
        return CompletableFuture.completedStage(keeper == null
                ? new ChunkNodeStatus(chunks.status(), List.of(), new RepairTally(0, 0, 0, 0), refusedForClock())
                : keeper.status());
    }

    @Override
    public void compareSoon() {
        Custody keeper = custody;
        if (keeper != null) {
            keeper.lookSoon();
        }
    }

    /** See {@link Custody#wholeGroups}. */
    public Map<Integer, Set<NodeId>> wholeGroups() {
        Custody keeper = custody;
        return keeper == null ? Map.of() : keeper.wholeGroups();
    }

    LocalChunks chunks() {
        return chunks;
    }

    long refusedForClock() {
        return refusedForClock.get();
    }

    private <T> CompletionStage<T> refused(ClockDiffersException why) {
        refusedForClock.incrementAndGet();
        long now = clock.nanos();
        long warned = warnedNanos.get();
        if (now - warned >= WARN_INTERVAL_NANOS && warnedNanos.compareAndSet(warned, now)) {
            LOG.warn("refused, since the clocks of this node and another one differ: {}", why.getMessage());
        }
        return CompletableFuture.failedStage(why);
    }

    /** Somebody names a chunk that is not here: it was missed or lost, unless it is on another group's nodes. */
    private void noteMissing(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof ChunkMissingException) {
            compareSoon();
        }
    }

    private static NodeSweep plus(NodeSweep before, DropReport report) {
        return new NodeSweep(before.droppedChunks() + report.droppedChunks(), before.droppedBytes() + report.droppedBytes());
    }
}
