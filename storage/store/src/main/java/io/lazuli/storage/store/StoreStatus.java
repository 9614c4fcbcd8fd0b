package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import java.util.List;
import java.util.Optional;

/** The groups of the cloud as their leaders describe them; a group whose leader does not answer has none. */
public record StoreStatus(List<GroupStatus> groups) {

    public StoreStatus {
        groups = List.copyOf(groups);
    }

    /** @param term and appliedIndex are 0, and the replicas unknown, where there is no leader */
    public record GroupStatus(int group, Optional<NodeId> leader, long term, long appliedIndex, List<ReplicaStatus> replicas) {

        public GroupStatus {
            replicas = List.copyOf(replicas);
        }
    }

    /**
     * @param node empty if no member of the cluster has that Raft address
     * @param address {@code host:port} of the Raft port
     * @param lagEntries entries that the replica is behind its leader
     */
    public record ReplicaStatus(Optional<NodeId> node, String address, boolean alive, long lagEntries) {}
}
