package io.lazuli.fabric.placement;

import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceKey;
import io.lazuli.kernel.NodeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Decides where instances run. What has a node stays there; each of the others goes, in the order of keys, where the
 * fewest instances of its role are: counted by fault domain first, then by node, then by all that the node runs; the
 * smaller node id decides what is left. The same input always gives the same answer, and a role placed on empty nodes
 * is spread evenly: no two fault domains, and no two nodes of one, differ by more than one while there is room.
 */
public final class Placement {

    /** @param placed every desired instance that has a node; @param unplaced why the others have none */
    public record Result(Map<InstanceKey, NodeId> placed, Map<InstanceKey, String> unplaced) {
        public Result {
            placed = Map.copyOf(placed);
            unplaced = Map.copyOf(unplaced);
        }
    }

    /** @param kept where desired instances stay; keys that are not desired are left out */
    public static Result place(SortedSet<InstanceKey> desired, Map<InstanceKey, NodeId> kept, Collection<ComputeNode> nodes) {
        Load load = new Load();
        Map<InstanceKey, NodeId> placed = new TreeMap<>();
        Map<InstanceKey, String> unplaced = new TreeMap<>();
        Map<NodeId, ComputeNode> byId = new HashMap<>();
        nodes.forEach(node -> byId.put(node.node(), node));
        for (InstanceKey key : desired) {
            NodeId node = kept.get(key);
            if (node != null && byId.containsKey(node)) {
                placed.put(key, node);
                load.add(key, byId.get(node));
            }
        }
        List<ComputeNode> candidates = nodes.stream()
                .filter(node -> node.presence() == Presence.AVAILABLE)
                .sorted(Comparator.comparing(ComputeNode::node))
                .toList();
        for (InstanceKey key : desired) {
            if (!placed.containsKey(key)) {
                Optional<ComputeNode> best = candidates.stream()
                        .filter(node -> load.onNode(node) < node.maxInstances())
                        .min(Comparator.<ComputeNode>comparingInt(node -> load.ofRoleInFaultDomain(key, node))
                                .thenComparingInt(node -> load.ofRoleOnNode(key, node))
                                .thenComparingInt(load::onNode)
                                .thenComparing(ComputeNode::node));
                if (best.isPresent()) {
                    placed.put(key, best.get().node());
                    load.add(key, best.get());
                } else {
                    unplaced.put(key, reason(candidates));
                }
            }
        }
        return new Result(placed, unplaced);
    }

    private static String reason(List<ComputeNode> candidates) {
        int room = candidates.stream().mapToInt(ComputeNode::maxInstances).sum();
        return candidates.isEmpty() ? "no compute node is available"
                : "no node has room: the " + candidates.size() + " available compute nodes run all of the " + room + " instances they may";
    }

    /** Counts what has been placed so far. */
    private static final class Load {

        private record RoleAt(String deployment, String role, String place) {}

        private final Map<RoleAt, Integer> byFaultDomain = new HashMap<>();
        private final Map<RoleAt, Integer> byNode = new HashMap<>();
        private final Map<NodeId, Integer> total = new HashMap<>();

        void add(InstanceKey key, ComputeNode node) {
            byFaultDomain.merge(new RoleAt(key.deployment(), key.role(), node.faultDomain()), 1, Integer::sum);
            byNode.merge(new RoleAt(key.deployment(), key.role(), node.node().value()), 1, Integer::sum);
            total.merge(node.node(), 1, Integer::sum);
        }

        int ofRoleInFaultDomain(InstanceKey key, ComputeNode node) {
            return byFaultDomain.getOrDefault(new RoleAt(key.deployment(), key.role(), node.faultDomain()), 0);
        }

        int ofRoleOnNode(InstanceKey key, ComputeNode node) {
            return byNode.getOrDefault(new RoleAt(key.deployment(), key.role(), node.node().value()), 0);
        }

        int onNode(ComputeNode node) {
            return total.getOrDefault(node.node(), 0);
        }
    }

    private Placement() {}
}
