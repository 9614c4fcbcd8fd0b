package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.transport.RemoteNode;
import io.lazuli.storage.store.LeaderBoard.Replicas;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The storage nodes as somebody on this node calls them: this node's own chunks in-process, the others over their links, which stay as long
 * as a node is a member at its address. Any thread.
 */
public final class Peers implements AutoCloseable {

    private final Optional<NodeChunks> own;
    private final BiFunction<NodeId, InetSocketAddress, RemoteNode> connecting;
    private final Map<NodeId, RemoteNode> remotes = new TreeMap<>();
    private volatile StorageNodes nodes = StorageNodes.NONE;
    private volatile Map<NodeId, NodeChunks> peers = Map.of();
    private boolean closed;

    /**
     * @param own this node's chunks, empty if it is no storage node
     * @param connecting makes the way to another node
     */
    public Peers(Optional<NodeChunks> own, BiFunction<NodeId, InetSocketAddress, RemoteNode> connecting) {
        this.own = own;
        this.connecting = connecting;
    }

    /**
     * Where the chunks of a group belong.
     *
     * @param nodes of the voters, as far as they are members
     */
    public record Placement(int voters, int majority, List<NodeChunks> nodes) {}

    /** Takes in what is known now. */
    public synchronized void update(StorageNodes known) {
        if (closed) {
            return;
        }
        Map<NodeId, NodeChunks> current = new TreeMap<>();
        known.sites().forEach((node, site) -> {
            if (own.isPresent() && own.get().node().equals(node)) {
                return;
            }
            RemoteNode remote = remotes.get(node);
            InetSocketAddress address = InetSocketAddress.createUnresolved(site.host(), site.port());
            if (remote == null || !remote.address().equals(address)) {
                if (remote != null) {
                    remote.close();
                }
                remote = connecting.apply(node, address);
                remotes.put(node, remote);
            }
            remote.unreachable(!site.reachable());
            current.put(node, remote);
        });
        remotes.entrySet().removeIf(remote -> {
            boolean gone = !known.sites().containsKey(remote.getKey());
            if (gone) {
                remote.getValue().close();
            }
            return gone;
        });
        own.ifPresent(chunks -> current.put(chunks.node(), chunks));
        peers = Map.copyOf(current);
        nodes = known;
    }

    public StorageNodes nodes() {
        return nodes;
    }

    public boolean isOwn(NodeChunks chunks) {
        return own.isPresent() && own.get() == chunks;
    }

    /** All storage nodes, by id. */
    public List<NodeChunks> all() {
        return List.copyOf(new TreeMap<>(peers).values());
    }

    /** Empty as long as nothing has been heard of the group. */
    public Optional<Placement> placementOf(int group) {
        return nodes.replicasOf(group).map(this::placement);
    }

    private Placement placement(Replicas replicas) {
        Map<NodeId, NodeChunks> current = peers;
        List<NodeChunks> voters = new ArrayList<>();
        for (NodeId node : replicas.nodes()) {
            NodeChunks chunks = current.get(node);
            if (chunks != null) {
                voters.add(chunks);
            }
        }
        return new Placement(replicas.voters(), replicas.majority(), voters);
    }

    @Override
    public synchronized void close() {
        closed = true;
        remotes.values().forEach(RemoteNode::close);
    }
}
