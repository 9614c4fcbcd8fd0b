package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkDamagedException;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkMissingException;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.local.ChunkPart;
import io.lazuli.storage.chunk.transport.Lane;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a good copy of a part of a chunk: the nodes of the group one after the other, each for a short time; then all other storage nodes,
 * and again those that were slow, for longer. Nodes that find a copy of theirs missing or damaged see to its repair themselves.
 */
final class ChunkRead {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkRead.class);
    /** How much longer the second round waits for a node. */
    private static final int SECOND_ROUND_FACTOR = 4;

    private record Attempt(NodeChunks node, long timeoutMillis) {}

    /** The middle of a buffer, for who reads from position 0. */
    private record Cut(ChunkBuffer whole, ByteBuffer bytes) implements ChunkBuffer {

        @Override
        public void release() {
            whole.release();
        }
    }

    private final ReplicatedChunkStore store;
    private final ChunkId id;
    private final int chunkBytes;
    private final int offset;
    private final int wantedBytes;
    private final CompletableFuture<ChunkBuffer> result = new CompletableFuture<>();
    private final Deque<Attempt> attempts = new ArrayDeque<>();
    private final List<NodeChunks> undecided = new ArrayList<>();
    private final AtomicReference<ChunkBuffer> reserved = new AtomicReference<>();
    private boolean secondRound;
    private volatile boolean noMemory;

    /** @param chunkBytes the whole chunk's, of which {@code wantedBytes} from {@code offset} on are wanted */
    ChunkRead(ReplicatedChunkStore store, ChunkId id, int chunkBytes, int offset, int wantedBytes) {
        this.store = store;
        this.id = id;
        this.chunkBytes = chunkBytes;
        this.offset = offset;
        this.wantedBytes = wantedBytes;
    }

    CompletionStage<ChunkBuffer> start() {
        List<NodeChunks> voters = store.placementOf(id.group()).map(Peers.Placement::nodes).orElse(List.of());
        add(voters, store.readTimeoutMillis());
        reserve();
        return result;
    }

    private void add(Collection<NodeChunks> nodes, long timeoutMillis) {
        int turn = id.index() + (int) id.nonce();
        for (NodeChunks node : ReadOrder.of(nodes, store::isOwn, NodeChunks::down, turn)) {
            attempts.add(new Attempt(node, timeoutMillis));
        }
    }

    /** Waiting for memory here must not look like a replica that is slow to answer. */
    private void reserve() {
        int from = offset - offset % Slices.BYTES;
        int to = Math.min(ChunkRun.CHUNK_BYTES, Slices.count(offset + wantedBytes) * Slices.BYTES);
        store.buffers().take(to - from).whenComplete((buffer, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Failures.cause(failure));
            } else {
                reserved.set(buffer);
                next();
            }
        });
    }

    private void next() {
        Attempt attempt = attempts.poll();
        if (attempt == null && !secondRound) {
            secondRound = true;
            List<NodeChunks> voters = store.placementOf(id.group()).map(Peers.Placement::nodes).orElse(List.of());
            List<NodeChunks> rest = new ArrayList<>(store.allNodes());
            rest.removeAll(voters);
            rest.addAll(undecided);
            add(rest, store.readTimeoutMillis() * SECOND_ROUND_FACTOR);
            attempt = attempts.poll();
        }
        if (attempt == null) {
            LOG.error("no good copy of chunk {} can be reached", id);
            ChunkBuffer unused = reserved.getAndSet(null);
            if (unused != null) {
                unused.release();
            }
            result.completeExceptionally(new StorageException(StorageErrorCode.INTERNAL_ERROR));
            return;
        }
        NodeChunks node = attempt.node();
        node.read(id, offset, wantedBytes, this::take, Lane.READS, attempt.timeoutMillis())
                .whenComplete((part, failure) -> answered(node, part, failure));
    }

    /** What is reserved, once; then more. Remembers whether memory was refused: no other replica helps then. */
    private CompletionStage<ChunkBuffer> take(int capacityBytes) {
        ChunkBuffer first = reserved.getAndSet(null);
        if (first != null) {
            first.bytes().clear().limit(capacityBytes);
            return CompletableFuture.completedStage(first);
        }
        ChunkBuffers buffers = store.buffers();
        return buffers.take(capacityBytes).whenComplete((buffer, failure) -> noMemory = failure != null);
    }

    private void answered(NodeChunks node, ChunkPart part, Throwable failure) {
        if (failure != null) {
            Throwable cause = Failures.cause(failure);
            if (noMemory) {
                result.completeExceptionally(cause);
                return;
            }
            LOG.debug("chunk {} was not read from node {}: {}", id, node.node(), cause.toString());
            if (!(cause instanceof ChunkMissingException || cause instanceof ChunkDamagedException)) {
                undecided.add(node);
            }
            next();
            return;
        }
        int skipped = offset - part.offset();
        ByteBuffer bytes = part.buffer().bytes();
        boolean whole = part.chunkBytes() == chunkBytes && skipped >= 0 && bytes.remaining() >= skipped + wantedBytes
                && (store.isOwn(node) || Slices.match(bytes, part.checksums(), 0));
        if (!whole) {
            part.buffer().release();
            LOG.warn("chunk {} came damaged from node {}", id, node.node());
            undecided.add(node);
            next();
            return;
        }
        if (skipped == 0) {
            bytes.limit(bytes.position() + wantedBytes);
        }
        ChunkBuffer cut = skipped == 0 ? part.buffer() : new Cut(part.buffer(), bytes.slice(bytes.position() + skipped, wantedBytes));
        if (!result.complete(cut)) {
            cut.release();
        }
    }
}
