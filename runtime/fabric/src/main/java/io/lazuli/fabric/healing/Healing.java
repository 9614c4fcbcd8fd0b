package io.lazuli.fabric.healing;

import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.NodeReport;
import io.lazuli.kernel.NodeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which instances may stay where they are when nodes come and go. An instance loses its node only when the
 * cluster has removed the node or the node is leaving: one that merely does not answer may be running what it was told
 * to, and a second copy would be the worse mistake.
 */
public final class Healing {

    /** The instances that keep their nodes; the others need new ones. */
    public static Map<InstanceKey, NodeId> keep(Map<InstanceKey, NodeId> placement, Collection<ComputeNode> nodes) {
        Map<NodeId, ComputeNode> byId = new HashMap<>();
        nodes.forEach(node -> byId.put(node.node(), node));
        Map<InstanceKey, NodeId> kept = new HashMap<>();
        placement.forEach((key, node) -> {
            if (byId.containsKey(node) && switch (byId.get(node).presence()) {
                case AVAILABLE, UNREACHABLE -> true;
                case LEAVING -> false;
            }) {
                kept.put(key, node);
            }
        });
        return kept;
    }

    /**
     * What a new controller finds running. If two nodes run the same instance, as after a node was cut off and came
     * back, one is chosen by rules that every controller would follow: newest generation, ready before not, longest in
     * its state, smallest node id.
     */
    public static Map<InstanceKey, NodeId> adopt(Collection<NodeReport> reports) {
        record Found(NodeId node, InstanceStatus status) {}
        Comparator<Found> better = Comparator.<Found>comparingLong(found -> -found.status().generation())
                .thenComparing(found -> found.status().state() != InstanceState.READY)
                .thenComparing(found -> found.status().sinceMillis())
                .thenComparing(Found::node);
        Map<InstanceKey, Found> best = new HashMap<>();
        for (NodeReport report : reports) {
            for (InstanceStatus status : report.instances()) {
                if (status.state() != InstanceState.STOPPED) {
                    best.merge(status.key(), new Found(report.node(), status), (a, b) -> better.compare(a, b) <= 0 ? a : b);
                }
            }
        }
        Map<InstanceKey, NodeId> adopted = new HashMap<>();
        best.forEach((key, found) -> adopted.put(key, found.node()));
        return adopted;
    }

    private Healing() {}
}
