package io.lazuli.fabric.healing;

import static io.lazuli.fabric.Samples.computeNode;
import static io.lazuli.fabric.Samples.key;
import static io.lazuli.fabric.Samples.node;
import static io.lazuli.fabric.Samples.report;
import static io.lazuli.fabric.Samples.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceState;
import io.lazuli.host.NodeReport;
import io.lazuli.kernel.NodeId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealingTest {

    private static final Map<InstanceKey, NodeId> PLACEMENT =
            Map.of(key("words/counter/0"), node(1), key("words/counter/1"), node(2));

    @Test
    void instancesOfARemovedNodeLoseTheirPlace() {
        assertEquals(Map.of(key("words/counter/0"), node(1)), Healing.keep(PLACEMENT, List.of(computeNode(1), computeNode(3))));
    }

    @Test
    void instancesOfANodeThatDoesNotAnswerKeepTheirPlace() {
        assertEquals(PLACEMENT, Healing.keep(PLACEMENT, List.of(computeNode(1), new ComputeNode(node(2), "b", Presence.UNREACHABLE, 0))));
    }

    @Test
    void instancesOfALeavingNodeLoseTheirPlace() {
        assertEquals(Map.of(key("words/counter/0"), node(1)),
                Healing.keep(PLACEMENT, List.of(computeNode(1), new ComputeNode(node(2), "b", Presence.LEAVING, 64))));
    }

    @Test
    void whatRunsIsAdoptedWhereItRuns() {
        assertEquals(PLACEMENT, Healing.adopt(List.of(
                report(1, 3, status("words/counter/0", 1, InstanceState.CYCLING, 10)),
                report(2, 3, status("words/counter/1", 1, InstanceState.READY, 10)))));
    }

    @Test
    void whatHasStoppedIsNotAdopted() {
        assertEquals(Map.of(), Healing.adopt(List.of(report(1, 3, status("words/counter/0", 1, InstanceState.STOPPED, 10)))));
    }

    @Test
    void ofTwoCopiesTheNewerGenerationIsAdopted() {
        assertAdopted(2, report(1, 3, status("words/counter/0", 1, InstanceState.READY, 10)),
                report(2, 3, status("words/counter/0", 2, InstanceState.STARTING, 90)));
    }

    @Test
    void ofTwoCopiesTheReadyOneIsAdopted() {
        assertAdopted(2, report(1, 3, status("words/counter/0", 1, InstanceState.STARTING, 10)),
                report(2, 3, status("words/counter/0", 1, InstanceState.READY, 90)));
    }

    @Test
    void ofTwoCopiesTheOneThatIsReadyForLongerIsAdopted() {
        assertAdopted(2, report(1, 3, status("words/counter/0", 1, InstanceState.READY, 90)),
                report(2, 3, status("words/counter/0", 1, InstanceState.READY, 10)));
    }

    @Test
    void ofTwoEqualCopiesTheOneOnTheSmallerNodeIdIsAdopted() {
        assertAdopted(1, report(1, 3, status("words/counter/0", 1, InstanceState.READY, 10)),
                report(2, 3, status("words/counter/0", 1, InstanceState.READY, 10)));
    }

    private static void assertAdopted(int node, NodeReport one, NodeReport other) {
        Map<InstanceKey, NodeId> expected = Map.of(key("words/counter/0"), node(node));
        assertEquals(expected, Healing.adopt(List.of(one, other)));
        assertEquals(expected, Healing.adopt(List.of(other, one)));
    }
}
