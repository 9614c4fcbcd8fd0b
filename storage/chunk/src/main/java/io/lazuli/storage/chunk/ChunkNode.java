package io.lazuli.storage.chunk;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.custody.LocalNode;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.transport.CallTimer;
import io.lazuli.storage.chunk.transport.ChunkServer;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What a storage node has of the chunk store before it is a member of a cluster, and until after it was one: its own chunks and the port at
 * which the others reach them.
 */
public final class ChunkNode implements AutoCloseable {

    private final LocalNode local;
    private final LocalChunks chunks;
    private final PooledBuffers served;
    private final CallTimer timer;
    private final ChunkServer server;

    private ChunkNode(LocalNode local, LocalChunks chunks, PooledBuffers served, CallTimer timer, ChunkServer server) {
        this.local = local;
        this.chunks = chunks;
        this.served = served;
        this.timer = timer;
        this.server = server;
    }

    /**
     * Opens the port; blocks.
     *
     * @param port 0 for any free one
     * @param chunks given away; closed with this, or if the port cannot be opened
     */
    public static ChunkNode start(ChunkSettings settings, String cloudName, NodeId node, String host, int port, LocalChunks chunks,
            Clock clock) throws IOException {
        LocalNode local = new LocalNode(node, chunks, settings.replication().clockLimits(), clock);
        PooledBuffers served = new PooledBuffers(
                settings.transport().maxServedBytes(), settings.maxWaitingForBuffers(), settings.bufferTimeoutMillis());
        CallTimer timer = new CallTimer();
        try {
            ChunkServer server = ChunkServer.start(host, port, cloudName, local, served, settings.transport(), timer);
            return new ChunkNode(local, chunks, served, timer, server);
        } catch (IOException | RuntimeException e) {
            timer.close();
            served.close();
            chunks.close();
            throw e;
        }
    }

    public int port() {
        return server.port();
    }

    /** Call after {@link Chunks#close}. */
    @Override
    public void close() {
        server.close();
        chunks.close();
        timer.close();
        served.close();
    }

    /** By group that this node is a voter of and has all chunks of, as of its last comparison: the nodes that it compared with. */
    public Map<Integer, Set<NodeId>> wholeGroups() {
        return local.wholeGroups();
    }

    LocalNode local() {
        return local;
    }

    /** For chunks on their way to and from other nodes' chunks. */
    ChunkBuffers served() {
        return served;
    }
}
