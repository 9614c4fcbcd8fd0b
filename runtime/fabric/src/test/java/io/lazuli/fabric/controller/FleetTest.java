package io.lazuli.fabric.controller;

import static io.lazuli.fabric.Samples.computeNode;
import static io.lazuli.fabric.Samples.deployed;
import static io.lazuli.fabric.Samples.key;
import static io.lazuli.fabric.Samples.node;
import static io.lazuli.fabric.Samples.report;
import static io.lazuli.fabric.Samples.role;
import static io.lazuli.fabric.Samples.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.FabricService.InstanceInfo;
import io.lazuli.fabric.FabricService.InstancePhase;
import io.lazuli.fabric.FabricService.RoleInfo;
import io.lazuli.fabric.deployment.DeploymentEvent;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceState;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetTest {

    private final Fleet fleet = new Fleet();
    private final DeploymentState words = deployed("words", role("counter", 2));

    @BeforeEach
    void twoNodesRunOneInstanceEach() {
        fleet.update(words);
        fleet.nodes(List.of(computeNode(1), computeNode(2)));
        fleet.report(report(1, 0));
        fleet.report(report(2, 0));
        fleet.replan();
        fleet.report(report(1, 1, status("words/counter/0", 1, InstanceState.READY, 10)));
        fleet.report(report(2, 1, status("words/counter/1", 1, InstanceState.CYCLING, 20)));
        fleet.replan();
    }

    @Test
    void anOlderStateOfADeploymentIsNoNews() {
        DeploymentState scaled = words.apply(new DeploymentEvent.Scaled(Map.of("counter", 9), 1));
        assertTrue(fleet.update(scaled));
        assertFalse(fleet.update(words));
        assertEquals(scaled, fleet.deployment("words"));
    }

    @Test
    void instancesAreShownAsTheirNodesReportThem() {
        assertEquals(List.of(InstancePhase.READY, InstancePhase.CYCLING), phases());
        InstanceInfo first = fleet.instanceInfos(Optional.of("words")).getFirst();
        assertEquals(Optional.of("node-1"), first.node());
        assertEquals(Optional.of(4_711L), first.pid());
        assertEquals(10, first.sinceMillis());
    }

    @Test
    void readyInstancesAreCounted() {
        assertEquals(List.of(new RoleInfo("counter", words.roles().getFirst().kind(), 2, 1)), fleet.deploymentInfos().getFirst().roles());
    }

    @Test
    void anInstanceThatIsAssignedButNotReportedStarts() {
        fleet.report(report(2, 1));
        assertEquals(List.of(InstancePhase.READY, InstancePhase.STARTING), phases());
    }

    @Test
    void anInstanceOnASilentNodeIsUnreachable() {
        fleet.nodes(List.of(new ComputeNode(node(1), "a", Presence.UNREACHABLE, 0), computeNode(2)));
        fleet.replan();
        assertEquals(List.of(InstancePhase.UNREACHABLE, InstancePhase.CYCLING), phases());
        assertEquals(0, fleet.deploymentInfos().getFirst().roles().getFirst().ready());
    }

    @Test
    void anInstanceOfARemovedNodeGoesToAnother() {
        fleet.nodes(List.of(computeNode(2)));
        fleet.replan();
        assertEquals(Map.of(key("words/counter/0"), node(2), key("words/counter/1"), node(2)), fleet.plan().placement());
    }

    @Test
    void anInstanceWithoutANodeIsPendingAndSaysWhy() {
        fleet.nodes(List.of());
        fleet.replan();
        InstanceInfo first = fleet.instanceInfos(Optional.empty()).getFirst();
        assertEquals(InstancePhase.PENDING, first.phase());
        assertEquals("no compute node is available", first.lastError());
        assertEquals(Optional.empty(), first.node());
    }

    @Test
    void aNodeThatHasNotReportedGetsNothingNew() {
        fleet.nodes(List.of(computeNode(3)));
        assertEquals(Map.of(), fleet.replan().placement());
    }

    @Test
    void theOldGenerationOfARestartedInstanceIsStopping() {
        fleet.update(words.apply(new DeploymentEvent.InstanceRestarted("counter", 0, 1)));
        fleet.replan();
        assertEquals(List.of(InstancePhase.STOPPING, InstancePhase.CYCLING), phases());
        assertEquals(node(1), fleet.plan().placement().get(key("words/counter/0")));
        fleet.report(report(1, 1, status("words/counter/0", 2, InstanceState.READY, 30)));
        assertEquals(List.of(InstancePhase.READY, InstancePhase.CYCLING), phases());
    }

    @Test
    void whatIsNoLongerWantedIsShownUntilItHasStopped() {
        fleet.update(words.apply(new DeploymentEvent.Scaled(Map.of("counter", 1), 1)));
        fleet.replan();
        assertEquals(List.of(InstancePhase.READY, InstancePhase.STOPPING), phases());
        fleet.report(report(2, 1, status("words/counter/1", 1, InstanceState.STOPPED, 40)));
        assertEquals(List.of(InstancePhase.READY), phases());
        assertEquals(Optional.of(node(2)), fleet.nodeOf(key("words/counter/1")));
        assertFalse(fleet.wants(key("words/counter/1")));
    }

    @Test
    void aNewControllerAdoptsWhatRuns() {
        Fleet next = new Fleet();
        next.update(words);
        next.nodes(List.of(computeNode(1), computeNode(2)));
        next.report(report(2, 1, status("words/counter/0", 1, InstanceState.READY, 10), status("words/counter/1", 1, InstanceState.READY, 10)));
        assertEquals(Set.of(node(1)), next.nodesWithoutReport());
        next.report(report(1, 1));
        assertEquals(Set.of(), next.nodesWithoutReport());
        next.adopt();
        assertEquals(Map.of(key("words/counter/0"), node(2), key("words/counter/1"), node(2)), next.replan().placement());
    }

    @Test
    void rolesSeeTheInstancesOfTheirDeploymentAndOfNoOther() {
        fleet.update(deployed("shop", role("cart", 1)));
        fleet.replan();
        List<PeerInfo> expected = List.of(
                new PeerInfo(key("words/counter/0"), "node-1", InstanceState.READY),
                new PeerInfo(key("words/counter/1"), "node-2", InstanceState.CYCLING));
        assertEquals(node(1), fleet.plan().placement().get(key("shop/cart/0")));
        assertEquals(expected, fleet.peers(node(2)));
        assertEquals(3, fleet.peers(node(1)).size());
    }

    @Test
    void reportsOfUnknownNodesAreIgnored() {
        assertFalse(fleet.report(report(9, 1, status("words/counter/0", 1, InstanceState.READY, 10))));
        assertEquals(2, fleet.instanceInfos(Optional.empty()).size());
    }

    private List<InstancePhase> phases() {
        return fleet.instanceInfos(Optional.of("words")).stream().map(InstanceInfo::phase).toList();
    }
}
