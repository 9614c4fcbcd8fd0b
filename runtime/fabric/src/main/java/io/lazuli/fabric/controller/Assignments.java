package io.lazuli.fabric.controller;

import io.lazuli.host.InstanceSpec;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.kernel.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has been told to the node agents and what they have confirmed. A node gets its next assignment when it has
 * answered the one before, or when that has timed out; so at most one for each node is under way.
 */
final class Assignments {

    record Assignment(List<InstanceSpec> instances, List<PeerInfo> peers) {}

    private final Map<NodeId, Assignment> sent = new HashMap<>();
    private final Map<NodeId, Assignment> confirmed = new HashMap<>();
    private final Set<NodeId> unanswered = new HashSet<>();

    /** Whether this must be sent now; if so, it counts as sent. */
    boolean send(NodeId node, Assignment assignment) {
        if (unanswered.contains(node) || assignment.equals(sent.get(node))) {
            return false;
        }
        unanswered.add(node);
        sent.put(node, assignment);
        return true;
    }

    void answered(NodeId node) {
        if (unanswered.remove(node)) {
            confirmed.put(node, sent.get(node));
        }
    }

    /** It may or may not have arrived: to be sent again, and nothing is sure until that is answered. */
    void timedOut(NodeId node) {
        unanswered.remove(node);
        sent.remove(node);
        confirmed.remove(node);
    }

    /** Everything is to be sent again, though nothing has changed. */
    void sendAllAgain() {
        sent.keySet().retainAll(unanswered);
    }

    /** All other nodes have gone. */
    void keepOnly(Set<NodeId> nodes) {
        sent.keySet().retainAll(nodes);
        confirmed.keySet().retainAll(nodes);
        unanswered.retainAll(nodes);
    }

    /** The node has a new agent, which knows of nothing. */
    void forget(NodeId node) {
        sent.remove(node);
        confirmed.remove(node);
        unanswered.remove(node);
    }

    /** Nodes whose agents have confirmed that they shall run nothing of the deployment, and were told nothing else since. */
    Set<NodeId> nodesFreeOf(String deployment) {
        return confirmed.keySet().stream()
                .filter(node -> isFreeOf(confirmed.get(node), deployment))
                .filter(node -> !sent.containsKey(node) || isFreeOf(sent.get(node), deployment))
                .collect(Collectors.toSet());
    }

    private static boolean isFreeOf(Assignment assignment, String deployment) {
        return assignment.instances().stream().noneMatch(spec -> spec.key().deployment().equals(deployment));
    }
}
