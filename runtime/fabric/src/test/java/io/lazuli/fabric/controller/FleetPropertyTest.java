package io.lazuli.fabric.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.Samples;
import io.lazuli.fabric.controller.Reconciler.Plan;
import io.lazuli.fabric.deployment.DeploymentEvent;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceSpec;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.NodeReport;
import io.lazuli.kernel.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drives the controller's knowledge through random lives of a cloud and checks every plan it makes. */
class FleetPropertyTest {

    private static final int STEPS = 400;
    private static final int NODES = 8;
    private static final List<String> NAMES = List.of("words", "shop", "mail");

    private Random random;
    private Fleet fleet;
    private final Map<NodeId, ComputeNode> nodes = new TreeMap<>();
    private final Map<NodeId, NodeReport> reports = new HashMap<>();
    private final Map<String, DeploymentState> desired = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyPlanKeepsItsPromises(long seed) {
        random = new Random(seed);
        fleet = new Fleet();
        Plan before = fleet.plan();
        for (int step = 0; step < STEPS; step++) {
            boolean newController = change();
            Plan plan = fleet.replan();
            check(before, plan, newController, "seed " + seed + ", step " + step);
            before = plan;
            obey(plan);
        }
    }

    /** Returns whether a new controller took over, knowing only what nodes report. */
    private boolean change() {
        NodeId node = Samples.node(random.nextInt(NODES));
        String name = NAMES.get(random.nextInt(NAMES.size()));
        switch (random.nextInt(7)) {
            case 0, 1 -> {
                if (!nodes.containsKey(node)) {
                    nodes.put(node, new ComputeNode(node, "domain-" + node.value().hashCode() % 3, Presence.AVAILABLE, 0));
                    reports.put(node, report(node, List.of()));
                }
            }
            case 2 -> {
                nodes.remove(node);
                reports.remove(node);
            }
            case 3 -> nodes.computeIfPresent(node, (id, known) -> new ComputeNode(
                    id, known.faultDomain(), Presence.values()[random.nextInt(Presence.values().length)], 0));
            case 4 -> desired.merge(name, Samples.deployed(name, Samples.role("a", random.nextInt(9)), Samples.role("b", random.nextInt(4))),
                    (known, fresh) -> known.apply(new DeploymentEvent.Scaled(Map.of("a", random.nextInt(12)), 1)));
            case 5 -> desired.computeIfPresent(name, (known, state) -> state.apply(new DeploymentEvent.InstanceRestarted("a", 0, 1)));
            default -> {
                if (random.nextInt(4) == 0) {
                    fleet = new Fleet();
                    tell();
                    fleet.adopt();
                    return true;
                }
            }
        }
        tell();
        return false;
    }

    private void tell() {
        desired.values().forEach(fleet::update);
        fleet.nodes(nodes.values());
        reports.values().forEach(fleet::report);
    }

    private void check(Plan before, Plan plan, boolean newController, String when) {
        Map<InstanceKey, NodeId> assigned = new HashMap<>();
        plan.assignments().forEach((node, specs) -> {
            assertTrue(nodes.containsKey(node), when);
            assertTrue(nodes.get(node).presence() != Presence.LEAVING || specs.isEmpty(), when);
            specs.forEach(spec -> assertEquals(null, assigned.put(spec.key(), node), when + ": " + spec.key() + " is assigned twice"));
        });
        assertEquals(plan.placement(), assigned, when);

        Set<InstanceKey> wanted = new HashSet<>();
        desired.values().forEach(state -> state.desiredInstances().forEach(spec -> wanted.add(spec.key())));
        Set<InstanceKey> planned = new HashSet<>(plan.placement().keySet());
        planned.addAll(plan.unplaced().keySet());
        assertEquals(wanted, planned, when);
        assertEquals(wanted.size(), plan.placement().size() + plan.unplaced().size(), when);

        for (ComputeNode node : nodes.values()) {
            int load = plan.assignments().get(node.node()).size();
            assertTrue(load <= maxInstances(node.node()), when + ": " + node + " has " + load);
            assertTrue(plan.unplaced().isEmpty() || node.presence() != Presence.AVAILABLE || load == maxInstances(node.node()),
                    when + ": " + node + " has room, yet " + plan.unplaced());
        }
        if (!newController) {
            before.placement().forEach((key, node) -> {
                boolean mayStay = nodes.containsKey(node) && nodes.get(node).presence() != Presence.LEAVING && wanted.contains(key);
                assertTrue(!mayStay || node.equals(plan.placement().get(key)), when + ": " + key + " was moved without need");
            });
        }
    }

    /** Nodes that answer report what they were told to run; others go on as before. */
    private void obey(Plan plan) {
        plan.assignments().forEach((node, specs) -> {
            if (nodes.get(node).presence() != Presence.UNREACHABLE) {
                reports.put(node, report(node, specs));
            }
        });
    }

    private NodeReport report(NodeId node, List<InstanceSpec> specs) {
        List<InstanceStatus> statuses = new ArrayList<>();
        specs.forEach(spec -> statuses.add(new InstanceStatus(
                spec.key(), spec.generation(), random.nextBoolean() ? InstanceState.READY : InstanceState.STARTING, 0, random.nextInt(100), "", 1)));
        return new NodeReport(node, nodes.get(node).faultDomain(), 1, maxInstances(node), statuses);
    }

    private static int maxInstances(NodeId node) {
        return 5 + node.value().charAt(node.value().length() - 1) % 4;
    }
}
