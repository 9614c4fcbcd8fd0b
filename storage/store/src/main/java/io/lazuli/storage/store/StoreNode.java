package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.raft.RaftGroup;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.RaftStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The replicas of one storage node. */
public final class StoreNode implements AutoCloseable {

    /** Opens a Raft replica: {@code RaftHost::open}, or a double in tests. */
    @FunctionalInterface
    public interface ReplicaOpener {

        RaftGroup open(int group, List<RaftPeer> initialPeers, RaftStateMachine machine, Path directory) throws IOException;
    }

    private StoreNode() {}

    /**
     * Opens the replicas that the directory holds; blocks until they have replayed their rows. Needs no cluster: call it
     * before the actor system starts.
     *
     * @param raftAddress this node's {@code host:port} on the Raft port
     * @param form true if this node forms a new cloud: group 0 then starts with this node alone, unless it was ever formed
     *     here before
     */
    public static StoreNode start(
            StoreSettings settings, NodeId node, String raftAddress, Path directory, boolean form, ReplicaOpener opener)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Hands this node's leaderships to other replicas where there are any; completes when done or after a few seconds. */
    public CompletionStage<Void> prepareLeave() {
        throw new UnsupportedOperationException();
    }

    /** Closes all replicas. The {@link RaftGroup}s' host is closed afterwards by whoever started it. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
