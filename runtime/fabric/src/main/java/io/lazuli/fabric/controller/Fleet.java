package io.lazuli.fabric.controller;

import io.lazuli.fabric.DeploymentInfos;
import io.lazuli.fabric.FabricService.DeploymentInfo;
import io.lazuli.fabric.FabricService.InstanceInfo;
import io.lazuli.fabric.FabricService.InstancePhase;
import io.lazuli.fabric.controller.Reconciler.Plan;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.fabric.healing.Healing;
import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceSpec;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.NodeReport;
import io.lazuli.kernel.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the controller knows: the deployments as they shall be, the compute nodes, what these last reported, and the
 * newest plan. Nothing of it survives a crash; a new controller asks for it again. Knows no actors and does no I/O.
 * Bounded by the number of deployments, instances and nodes.
 */
final class Fleet {

    private final Map<String, DeploymentState> deployments = new TreeMap<>();
    private final Map<NodeId, ComputeNode> nodes = new TreeMap<>();
    private final Map<NodeId, NodeReport> reports = new TreeMap<>();
    private final Map<NodeId, Map<InstanceKey, InstanceStatus>> statuses = new TreeMap<>();
    /** What should have run when this controller had read every deployment. */
    private Set<InstanceKey> inherited = Set.of();
    /** Of the inherited, those that were found nowhere: silent nodes may run them. Empty when none is silent any more. */
    private Set<InstanceKey> held = Set.of();
    /** Nodes that have not reported yet to a controller which did not wait for them any longer. */
    private final Set<NodeId> silent = new TreeSet<>();
    private Plan plan = Plan.empty();

    /** Takes note of a deployment's state unless a newer one is known; tells whether it was news. */
    boolean update(DeploymentState state) {
        DeploymentState known = deployments.get(state.name());
        if (known != null && known.revision() >= state.revision()) {
            return false;
        }
        deployments.put(state.name(), state);
        return true;
    }

    void forget(String deployment) {
        deployments.remove(deployment);
    }

    /** As last heard; absent if never heard of. */
    DeploymentState deployment(String name) {
        return deployments.getOrDefault(name, DeploymentState.absent(name));
    }

    List<DeploymentState> deploymentsBeingRemoved() {
        return deployments.values().stream().filter(state -> state.phase() == Phase.REMOVING).toList();
    }

    boolean usesPackage(String digest) {
        return deployments.values().stream().anyMatch(state -> state.phase() != Phase.ABSENT && state.packageDigest().equals(digest));
    }

    /** Replaces what is known of the nodes' presence; a node that is gone takes its report with it. */
    void nodes(Collection<ComputeNode> present) {
        nodes.clear();
        present.forEach(node -> nodes.put(node.node(), node));
        reports.keySet().retainAll(nodes.keySet());
        statuses.keySet().retainAll(nodes.keySet());
        silent.retainAll(nodesWithoutReport());
    }

    /** The agent has been replaced: what the old one reported means nothing any more. */
    void forgetReport(NodeId node) {
        reports.remove(node);
        statuses.remove(node);
    }

    /** Takes note of a report; tells whether it was news. */
    boolean report(NodeReport report) {
        if (!nodes.containsKey(report.node()) || report.equals(reports.put(report.node(), report))) {
            return false;
        }
        statuses.put(report.node(), report.instances().stream()
                .collect(Collectors.toMap(InstanceStatus::key, Function.identity(), (first, second) -> second)));
        if (silent.remove(report.node())) {
            adoptFrom(report);
        }
        return true;
    }

    /** Nodes that a new controller has to wait for. */
    Set<NodeId> nodesWithoutReport() {
        return nodes.values().stream().filter(node -> node.presence() != Presence.LEAVING).map(ComputeNode::node)
                .filter(node -> !reports.containsKey(node)).collect(Collectors.toSet());
    }

    boolean hasNodes() {
        return !nodes.isEmpty();
    }

    /** Whether every node there is appears in {@code among}. */
    boolean allNodes(Set<NodeId> among) {
        return among.containsAll(nodes.keySet());
    }

    boolean wantsInstances() {
        return deployments.values().stream().anyMatch(state -> !state.desiredInstances().isEmpty());
    }

    boolean runsAnything() {
        return reports.values().stream().flatMap(report -> report.instances().stream())
                .anyMatch(status -> status.state() != InstanceState.STOPPED);
    }

    boolean runsAnythingOf(String deployment) {
        return reports.values().stream().flatMap(report -> report.instances().stream())
                .anyMatch(status -> status.key().deployment().equals(deployment) && status.state() != InstanceState.STOPPED);
    }

    /** Takes what runs as the placement to start from. */
    void adopt() {
        plan = new Plan(new TreeMap<>(), Healing.adopt(reports.values()), Map.of());
    }

    /** What a node that was silent runs stays there, unless it has another place by now. */
    private void adoptFrom(NodeReport report) {
        Map<InstanceKey, NodeId> placement = new HashMap<>(Healing.adopt(List.of(report)));
        placement.putAll(plan.placement());
        plan = new Plan(plan.assignments(), placement, plan.unplaced());
    }

    /** Every deployment has been read: what they want now is from before this controller. */
    void inherit() {
        inherited = desired().map(InstanceSpec::key).collect(Collectors.toSet());
    }

    /** From now on nodes that have not reported are waited for no longer, except with what they may be running. */
    void holdBackForSilentNodes() {
        silent.addAll(nodesWithoutReport());
        held = new HashSet<>(inherited);
        held.removeAll(plan.placement().keySet());
    }

    /** Nodes that have never reported since this controller started; what they run is not known, so they are told nothing. */
    Set<NodeId> silentNodes() {
        return Set.copyOf(silent);
    }

    private Stream<InstanceSpec> desired() {
        return deployments.values().stream().flatMap(state -> state.desiredInstances().stream());
    }

    /** Makes the plan for all that is known now. */
    Plan replan() {
        held = silent.isEmpty() ? Set.of() : held;
        Map<InstanceKey, String> heldBack = new HashMap<>();
        List<InstanceSpec> desired = new ArrayList<>();
        desired().forEach(spec -> {
            if (held.contains(spec.key()) && !plan.placement().containsKey(spec.key())) {
                heldBack.put(spec.key(), "it may be running on " + silent + ", not heard of since the fabric controller started");
            } else {
                desired.add(spec);
            }
        });
        List<ComputeNode> now = nodes.values().stream()
                .map(node -> new ComputeNode(node.node(), node.faultDomain(), node.presence(),
                        Optional.ofNullable(reports.get(node.node())).map(NodeReport::maxInstances).orElse(0)))
                .toList();
        Plan next = Reconciler.plan(desired, plan.placement(), now);
        heldBack.putAll(next.unplaced());
        plan = new Plan(next.assignments(), next.placement(), heldBack);
        return plan;
    }

    /** The newest one. */
    Plan plan() {
        return plan;
    }

    /** Where an instance runs or is about to, or still stops. */
    Optional<NodeId> nodeOf(InstanceKey key) {
        return Optional.ofNullable(plan.placement().get(key)).or(() -> statuses.entrySet().stream()
                .filter(there -> there.getValue().containsKey(key)).map(Map.Entry::getKey).findFirst());
    }

    boolean wants(InstanceKey key) {
        return deployment(key.deployment()).desiredInstances().stream().anyMatch(spec -> spec.key().equals(key));
    }

    /** What the roles on a node see of the deployments they belong to, in the order of keys. */
    List<PeerInfo> peers(NodeId node) {
        Set<String> there = plan.assignments().getOrDefault(node, List.of()).stream()
                .map(spec -> spec.key().deployment()).collect(Collectors.toSet());
        return plan.placement().entrySet().stream()
                .filter(placed -> there.contains(placed.getKey().deployment()))
                .sorted(Map.Entry.comparingByKey())
                .map(placed -> new PeerInfo(placed.getKey(), placed.getValue().value(),
                        status(placed.getKey(), placed.getValue()).map(InstanceStatus::state).orElse(InstanceState.STARTING)))
                .toList();
    }

    List<DeploymentInfo> deploymentInfos() {
        Map<String, List<InstanceInfo>> instances = instanceInfos(Optional.empty()).stream()
                .collect(Collectors.groupingBy(info -> info.key().deployment()));
        return deployments.values().stream().filter(state -> state.phase() != Phase.ABSENT)
                .map(state -> DeploymentInfos.of(state, instances.getOrDefault(state.name(), List.of()))).toList();
    }

    /** Desired instances and those that still stop, in the order of keys. */
    List<InstanceInfo> instanceInfos(Optional<String> deployment) {
        Map<InstanceKey, InstanceInfo> infos = new TreeMap<>();
        for (NodeReport report : reports.values()) {
            for (InstanceStatus status : report.instances()) {
                if (status.state() != InstanceState.STOPPED) {
                    infos.put(status.key(), info(status, report.node(), InstancePhase.STOPPING));
                }
            }
        }
        deployments.values().stream().flatMap(state -> state.desiredInstances().stream())
                .forEach(spec -> infos.put(spec.key(), info(spec)));
        return infos.values().stream()
                .filter(info -> deployment.isEmpty() || deployment.get().equals(info.key().deployment()))
                .sorted(Comparator.comparing(InstanceInfo::key))
                .toList();
    }

    private InstanceInfo info(InstanceSpec spec) {
        NodeId node = plan.placement().get(spec.key());
        if (node == null) {
            return new InstanceInfo(spec.key(), Optional.empty(), Optional.empty(), InstancePhase.PENDING, 0, 0,
                    plan.unplaced().getOrDefault(spec.key(), "not placed yet"));
        }
        boolean silent = !nodes.containsKey(node) || nodes.get(node).presence() == Presence.UNREACHABLE;
        Optional<InstanceStatus> found = status(spec.key(), node);
        if (found.isEmpty()) {
            return new InstanceInfo(spec.key(), Optional.of(node.value()), Optional.empty(),
                    silent ? InstancePhase.UNREACHABLE : InstancePhase.STARTING, 0, 0, "");
        }
        InstanceStatus status = found.get();
        boolean old = status.generation() < spec.generation();
        InstancePhase phase = silent ? InstancePhase.UNREACHABLE
                : old && status.state() != InstanceState.STOPPED ? InstancePhase.STOPPING
                : old ? InstancePhase.STARTING
                : InstancePhase.valueOf(status.state().name());
        return info(status, node, phase);
    }

    private static InstanceInfo info(InstanceStatus status, NodeId node, InstancePhase phase) {
        return new InstanceInfo(status.key(), Optional.of(node.value()), Optional.of(status.pid()), phase, status.restartCount(),
                status.sinceMillis(), status.lastError());
    }

    private Optional<InstanceStatus> status(InstanceKey key, NodeId node) {
        return Optional.ofNullable(statuses.getOrDefault(node, Map.of()).get(key));
    }
}
