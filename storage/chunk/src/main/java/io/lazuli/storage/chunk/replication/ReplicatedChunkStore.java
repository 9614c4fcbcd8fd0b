package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkStore;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.SharedBuffer;
import io.lazuli.storage.chunk.Slices;
import io.lazuli.storage.chunk.transport.CallTimer;
import io.lazuli.storage.model.ChunkRun;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The {@link ChunkStore} of a cloud: chunks written to the nodes of their group ({@link ChunkWrite}) and read from any of them
 * ({@link ChunkRead}). Keeps nothing but what is under way; bounded by the memory that chunks are taken from.
 */
public final class ReplicatedChunkStore implements ChunkStore, AutoCloseable {

    /** A node that missed chunks is told so at most this often. */
    private static final long TELL_LACKING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Peers peers;
    private final ChunkBuffers buffers;
    private final ReplicationSettings settings;
    private final long readTimeoutMillis;
    private final CallTimer timer;
    private final Clock clock;
    private final LongSupplier nonces;
    private final AtomicLong laggingBytes = new AtomicLong();
    private final Map<NodeId, Long> toldLackingNanos = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param readTimeoutMillis for one replica to answer while there are others
     * @param nonces random numbers
     */
    public ReplicatedChunkStore(
            Peers peers, ChunkBuffers buffers, ReplicationSettings settings, long readTimeoutMillis, CallTimer timer, Clock clock,
            LongSupplier nonces) {
        this.peers = peers;
        this.buffers = buffers;
        this.settings = settings;
        this.readTimeoutMillis = readTimeoutMillis;
        this.timer = timer;
        this.clock = clock;
        this.nonces = nonces;
    }

    @Override
    public ChunkBuffers buffers() {
        return buffers;
    }

    @Override
    public RunWriter begin(int group) {
        return new Run(group, clock.epochMillis(), nonces.getAsLong());
    }

    @Override
    public CompletionStage<ChunkBuffer> read(ChunkRun run, long offset, int maxBytes) {
        if (offset < 0 || offset >= run.lengthBytes() || maxBytes < 1) {
            throw new IllegalArgumentException(maxBytes + " bytes from " + offset + " of " + run);
        }
        int index = (int) (offset / ChunkRun.CHUNK_BYTES);
        int within = (int) (offset % ChunkRun.CHUNK_BYTES);
        int chunkBytes = run.chunkBytes(index);
        return new ChunkRead(this, ChunkId.of(run, index), chunkBytes, within, Math.min(maxBytes, chunkBytes - within)).start();
    }

    /** Nothing is tried again from now on. */
    @Override
    public void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    ReplicationSettings settings() {
        return settings;
    }

    long readTimeoutMillis() {
        return readTimeoutMillis;
    }

    CallTimer timer() {
        return timer;
    }

    Optional<Peers.Placement> placementOf(int group) {
        return peers.placementOf(group);
    }

    List<NodeChunks> allNodes() {
        return peers.all();
    }

    boolean isOwn(NodeChunks node) {
        return peers.isOwn(node);
    }

    /** @return chunks that lag now */
    long lags(long moreBytes) {
        return laggingBytes.addAndGet(moreBytes);
    }

    /** The node has missed a chunk that a majority has. */
    void lacks(NodeChunks node) {
        long now = clock.nanos();
        Long told = toldLackingNanos.get(node.node());
        if (!node.down() && (told == null || now - told >= TELL_LACKING_NANOS)) {
            toldLackingNanos.put(node.node(), now);
            node.compareSoon();
        }
    }

    private final class Run implements RunWriter {

        private final int group;
        private final long createdMillis;
        private final long nonce;
        private long lengthBytes;
        private int chunks;
        private boolean over;

        private Run(int group, long createdMillis, long nonce) {
            this.group = group;
            this.createdMillis = createdMillis;
            this.nonce = nonce;
        }

        @Override
        public CompletionStage<Void> append(ChunkBuffer chunk) {
            ByteBuffer bytes = chunk.bytes();
            if (over || lengthBytes != (long) chunks * ChunkRun.CHUNK_BYTES || !bytes.hasRemaining() || bytes.remaining() > ChunkRun.CHUNK_BYTES) {
                chunk.release();
                throw new IllegalStateException("no chunk of " + bytes.remaining() + " bytes can follow " + lengthBytes);
            }
            ChunkId id = new ChunkId(group, createdMillis, nonce, chunks++);
            lengthBytes += bytes.remaining();
            int[] checksums = Slices.checksums(bytes);
            return new ChunkWrite(ReplicatedChunkStore.this, id, checksums, SharedBuffer.of(chunk)).start();
        }

        @Override
        public ChunkRun end() {
            over = true;
            return new ChunkRun(group, createdMillis, nonce, lengthBytes);
        }

        @Override
        public void abandon() {
            over = true;
        }
    }
}
