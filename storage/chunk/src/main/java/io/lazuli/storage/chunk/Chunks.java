package io.lazuli.storage.chunk;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.custody.Custody;
import io.lazuli.storage.chunk.custody.LocalNode;
import io.lazuli.storage.chunk.replication.CloudUpkeep;
import io.lazuli.storage.chunk.replication.Peers;
import io.lazuli.storage.chunk.replication.ReplicatedChunkStore;
import io.lazuli.storage.chunk.replication.StorageNodes;
import io.lazuli.storage.chunk.transport.CallTimer;
import io.lazuli.storage.chunk.transport.RemoteNode;
import io.lazuli.storage.store.LeaderBoard;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunk store on one node of the cluster, whatever its roles: start it on every node, once the actor system and the store's leader board
 * exist. It owns the memory for transfers, the ways to all storage nodes and, on a storage node, the custody of its chunks.
 */
public final class Chunks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Chunks.class);

    private final PooledBuffers buffers;
    private final CallTimer timer = new CallTimer();
    private final Peers peers;
    private final Optional<Custody> custody;
    private final ReplicatedChunkStore store;
    private final CloudUpkeep upkeep;
    private final Supplier<StorageNodes> look;

    Chunks(
            ChunkSettings settings, String cloudName, NodeId self, Optional<ChunkNode> chunkNode, Supplier<StorageNodes> look, Clock clock) {
        this.look = look;
        buffers = new PooledBuffers(settings);
        Optional<LocalNode> own = chunkNode.map(ChunkNode::local);
        peers = new Peers(own.map(local -> local), (node, address) ->
                new RemoteNode(node, address, cloudName, self, settings.transport(), timer, clock));
        custody = chunkNode.map(node -> new Custody(
                node.local(), peers, node.served(), settings.replication(), settings.transport().upkeepTimeoutMillis(), clock));
        store = new ReplicatedChunkStore(
                peers, buffers, settings.replication(), settings.transport().readTimeoutMillis(), timer, clock,
                () -> ThreadLocalRandom.current().nextLong());
        upkeep = new CloudUpkeep(peers, clock);
        update();
        timer.every(settings.replication().lookIntervalMillis(), this::update);
        custody.ifPresent(Custody::start);
    }

    /** @param chunkNode this node's own chunks, empty on a node that is not a storage node */
    public static Chunks start(
            ActorSystem<?> system, ChunkSettings settings, String cloudName, NodeId self, LeaderBoard board, Optional<ChunkNode> chunkNode) {
        return new Chunks(settings, cloudName, self, chunkNode, () -> ClusterNodes.look(system, board), Clock.system());
    }

    public ChunkStore store() {
        return store;
    }

    public ChunkUpkeep upkeep() {
        return upkeep;
    }

    /** What is under way fails. Call before the actor system ends; {@link ChunkNode} is closed after it. */
    @Override
    public void close() {
        custody.ifPresent(Custody::close);
        store.close();
        peers.close();
        timer.close();
        buffers.close();
    }

    private void update() {
        try {
            StorageNodes known = look.get();
            if (!known.equals(peers.nodes())) {
                peers.update(known);
                custody.ifPresent(Custody::lookSoon);
            }
        } catch (RuntimeException e) {
            LOG.warn("cannot tell which storage nodes there are: {}", e.toString());
        }
    }
}
