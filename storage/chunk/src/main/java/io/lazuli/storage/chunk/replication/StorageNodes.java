package io.lazuli.storage.chunk.replication;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.LeaderBoard.Replicas;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which storage nodes the cloud has and which of them hold which group, as known on this node at a moment: hints that may be late. A
 * wrong one costs copies in places where they are not looked for first, and anti-entropy mends that.
 *
 * @param sites of all storage nodes that are members, this one included
 * @param replicas by group
 */
public record StorageNodes(SortedMap<NodeId, Site> sites, Map<Integer, Replicas> replicas) {

    public static final StorageNodes NONE = new StorageNodes(new TreeMap<>(), Map.of());

    /** @param reachable whether the cluster reaches it now */
    public record Site(String host, int port, boolean reachable) {}

    public Optional<Replicas> replicasOf(int group) {
        return Optional.ofNullable(replicas.get(group));
    }

    public boolean isVoter(NodeId node, int group) {
        return replicasOf(group).map(known -> known.nodes().contains(node)).orElse(false);
    }
}
