package io.lazuli.fabric.placement;

import static io.lazuli.fabric.Samples.computeNode;
import static io.lazuli.fabric.Samples.key;
import static io.lazuli.fabric.Samples.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceKey;
import io.lazuli.kernel.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacementTest {

    @Test
    void oneInstanceGoesToEachNodeBeforeAnyGetsASecond() {
        Map<NodeId, Long> perNode = perNode(place(instances("words/counter", 4), List.of(computeNode(1), computeNode(2), computeNode(3))));
        assertEquals(Map.of(node(1), 2L, node(2), 1L, node(3), 1L), perNode);
    }

    @Test
    void faultDomainsAreFilledEvenlyEvenIfTheyDifferInSize() {
        List<ComputeNode> nodes = List.of(
                computeNode(1, "rack-a", 64), computeNode(2, "rack-a", 64), computeNode(3, "rack-a", 64), computeNode(4, "rack-b", 64));
        Map<NodeId, Long> perNode = perNode(place(instances("words/counter", 6), nodes));
        assertEquals(Map.of(node(1), 1L, node(2), 1L, node(3), 1L, node(4), 3L), perNode);
    }

    @Test
    void rolesAreSpreadEachByItself() {
        SortedSet<InstanceKey> keys = instances("words/counter", 3);
        keys.addAll(instances("words/feeder", 3));
        Map<InstanceKey, NodeId> placed = place(keys, List.of(computeNode(1), computeNode(2), computeNode(3))).placed();
        for (String role : List.of("counter", "feeder")) {
            assertEquals(3, placed.entrySet().stream().filter(e -> e.getKey().role().equals(role)).map(Map.Entry::getValue).distinct().count());
        }
    }

    @Test
    void singleInstancesOfManyRolesDoNotPileUpOnOneNode() {
        SortedSet<InstanceKey> keys = new TreeSet<>();
        for (int i = 0; i < 9; i++) {
            keys.add(key("words/role" + i + "/0"));
        }
        assertEquals(Map.of(node(1), 3L, node(2), 3L, node(3), 3L),
                perNode(place(keys, List.of(computeNode(1), computeNode(2), computeNode(3)))));
    }

    @Test
    void whatRunsStaysWhenNodesJoin() {
        Map<InstanceKey, NodeId> kept = Map.of(
                key("words/counter/0"), node(1), key("words/counter/1"), node(1), key("words/counter/2"), node(1));
        Placement.Result result = Placement.place(instances("words/counter", 3), kept, List.of(computeNode(1), computeNode(2)));
        assertEquals(kept, result.placed());
    }

    @Test
    void newInstancesMakeUpForTheUnevennessOfTheOld() {
        Map<InstanceKey, NodeId> kept = Map.of(key("words/counter/0"), node(1), key("words/counter/1"), node(1));
        Placement.Result result = Placement.place(instances("words/counter", 4), kept, List.of(computeNode(1), computeNode(2)));
        assertEquals(Map.of(node(1), 2L, node(2), 2L), perNode(result));
    }

    @Test
    void aFullNodeGetsNothingAndWhatFindsNoRoomIsNamedWithTheReason() {
        List<ComputeNode> nodes = List.of(computeNode(1, "a", 1), computeNode(2, "b", 2));
        Placement.Result result = place(instances("words/counter", 4), nodes);
        assertEquals(Map.of(node(1), 1L, node(2), 2L), perNode(result));
        assertEquals(Map.of(key("words/counter/3"), "no node has room: the 2 available compute nodes run all of the 3 instances they may"),
                result.unplaced());
    }

    @Test
    void nodesThatDoNotAnswerOrLeaveGetNothingNew() {
        List<ComputeNode> nodes = List.of(
                new ComputeNode(node(1), "a", Presence.UNREACHABLE, 64), new ComputeNode(node(2), "b", Presence.LEAVING, 64));
        Placement.Result result = place(instances("words/counter", 1), nodes);
        assertTrue(result.placed().isEmpty());
        assertEquals(Map.of(key("words/counter/0"), "no compute node is available"), result.unplaced());
    }

    @Test
    void theOrderInWhichNodesAreNamedDoesNotMatter() {
        List<ComputeNode> nodes = new ArrayList<>(List.of(computeNode(1), computeNode(2), computeNode(3)));
        Map<InstanceKey, NodeId> placed = place(instances("words/counter", 5), nodes).placed();
        Collections.reverse(nodes);
        assertEquals(placed, place(instances("words/counter", 5), nodes).placed());
    }

    private static Placement.Result place(SortedSet<InstanceKey> desired, List<ComputeNode> nodes) {
        return Placement.place(desired, Map.of(), nodes);
    }

    private static SortedSet<InstanceKey> instances(String role, int count) {
        SortedSet<InstanceKey> keys = new TreeSet<>();
        for (int index = 0; index < count; index++) {
            keys.add(key(role + "/" + index));
        }
        return keys;
    }

    private static Map<NodeId, Long> perNode(Placement.Result result) {
        return result.placed().values().stream().collect(Collectors.groupingBy(node -> node, TreeMap::new, Collectors.counting()));
    }
}
