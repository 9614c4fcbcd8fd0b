package io.lazuli.storage.store.raft;

import com.alipay.sofa.jraft.NodeManager;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.transport.RaftTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This node's part in Raft: one port, one set of connections and threads, and a replica of each group opened here.
 * Several hosts may live in one process, and one may be closed and started again.
 */
public final class RaftHost implements AutoCloseable {

    private static final long SNAPSHOT_CHECK_MILLIS = 1_000;

    private final RaftSettings settings;
    private final RaftTransport transport;
    private final Map<Integer, JRaftGroup> groups = new ConcurrentHashMap<>();
    private boolean closed;

    private RaftHost(RaftSettings settings, RaftTransport transport) {
        this.settings = settings;
        this.transport = transport;
    }

    /** Opens the Raft port. */
    public static RaftHost start(RaftSettings settings) throws IOException {
        JRaftProcess.prepare(settings);
        RaftTransport transport = RaftTransport.start(settings);
        NodeManager.getInstance().addAddress(transport.self());
        RaftHost host = new RaftHost(settings, transport);
        transport.everyMillis(SNAPSHOT_CHECK_MILLIS, () -> host.groups.values().forEach(JRaftGroup::snapshotIfDue));
        return host;
    }

    /** This node as its peers know it. */
    public RaftPeer self() {
        return new RaftPeer(transport.self().toString());
    }

    RaftTransport transport() {
        return transport;
    }

    /**
     * Opens this node's replica of a group and brings its state machine up to its log's last known commit. A group whose
     * only voter is this node leads at once.
     *
     * @param initialPeers the voters of a new group, the same list at each of them; empty for a joiner that waits until
     *     the leader adds it; ignored if the log in {@code dir} already has a configuration
     * @param stateMachine closed by its owner after the group
     * @throws IOException if the log or snapshot cannot be read
     */
    public synchronized RaftGroup open(int group, List<RaftPeer> initialPeers, RaftStateMachine stateMachine, Path dir) throws IOException {
        if (closed) {
            throw new IllegalStateException("the Raft host is closed");
        }
        if (groups.containsKey(group)) {
            throw new IllegalStateException("group " + group + " is open already");
        }
        JRaftGroup opened = JRaftGroup.open(group, settings, transport, initialPeers, stateMachine, dir, gone -> groups.remove(group, gone));
        groups.put(group, opened);
        return opened;
    }

    /** Closes the groups, then the port. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(groups.values()).forEach(JRaftGroup::close);
        NodeManager.getInstance().removeAddress(transport.self());
        transport.close();
    }
}
