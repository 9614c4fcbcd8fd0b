package io.lazuli.fabric.controller;

import io.lazuli.fabric.healing.Healing;
import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.fabric.placement.Placement;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceSpec;
import io.lazuli.kernel.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** From what shall run, where it runs now, and the nodes there are, to what each node shall run: a pure function. */
public final class Reconciler {

    /**
     * @param assignments what each known node shall run from now on, in the order of keys; a node that is leaving: nothing
     * @param placement where each instance is; an instance is on one node at most
     * @param unplaced desired instances without a node, and why
     */
    public record Plan(
            SortedMap<NodeId, List<InstanceSpec>> assignments, Map<InstanceKey, NodeId> placement, Map<InstanceKey, String> unplaced) {

        static Plan empty() {
            return new Plan(new TreeMap<>(), Map.of(), Map.of());
        }
    }

    public static Plan plan(Collection<InstanceSpec> desired, Map<InstanceKey, NodeId> current, Collection<ComputeNode> nodes) {
        SortedMap<InstanceKey, InstanceSpec> byKey = new TreeMap<>();
        desired.forEach(spec -> byKey.put(spec.key(), spec));
        Placement.Result result = Placement.place(new TreeSet<>(byKey.keySet()), Healing.keep(current, nodes), nodes);
        SortedMap<NodeId, List<InstanceSpec>> assignments = new TreeMap<>();
        nodes.forEach(node -> assignments.put(node.node(), new ArrayList<>()));
        byKey.forEach((key, spec) -> {
            NodeId node = result.placed().get(key);
            if (node != null) {
                assignments.get(node).add(spec);
            }
        });
        return new Plan(assignments, result.placed(), result.unplaced());
    }

    private Reconciler() {}
}
