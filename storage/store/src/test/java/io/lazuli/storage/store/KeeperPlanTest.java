package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.KeeperPlan.AddReplica;
import io.lazuli.storage.store.KeeperPlan.CreateGroup;
import io.lazuli.storage.store.KeeperPlan.MoveLeadership;
import io.lazuli.storage.store.KeeperPlan.OpenGroup;
import io.lazuli.storage.store.KeeperPlan.RemoveReplica;
import io.lazuli.storage.store.KeeperPlan.StorageMember;
import io.lazuli.storage.store.KeeperPlan.View;
import io.lazuli.storage.store.KeeperPlan.Waiting;
import io.lazuli.storage.store.raft.RaftGroup.PeerLag;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.RaftGroup.RaftStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a keeper does next, decided from what it sees. */
class KeeperPlanTest {

    private static final int MAX_GROUPS = 3;

    @Test
    void aLoneNodeHasNothingToDo() {
        assertEquals(List.of(), KeeperPlan.replicaSteps(view(members(1), List.of(led(0, 1)), Map.of(), Set.of())));
    }

    @Test
    void aGroupGrowsByOneReplicaAtATimeUpToThree() {
        assertEquals(List.of(new AddReplica(0, member(2))), KeeperPlan.replicaSteps(view(members(1, 2, 3, 4), List.of(led(0, 1)), null, Set.of())));
        assertEquals(List.of(new AddReplica(0, member(3))), KeeperPlan.replicaSteps(view(members(1, 2, 3, 4), List.of(led(0, 1, 2)), null, Set.of())));
        assertEquals(List.of(), KeeperPlan.replicaSteps(view(members(1, 2, 3, 4), List.of(led(0, 1, 2, 3)), null, Set.of())));
    }

    @Test
    void replicasAreSpreadOverFaultDomains() {
        List<StorageMember> members = List.of(
                new StorageMember(new NodeId("node-1"), peer(1), "rack-a"), new StorageMember(new NodeId("node-2"), peer(2), "rack-a"),
                new StorageMember(new NodeId("node-3"), peer(3), "rack-b"));
        assertEquals(List.of(new AddReplica(0, members.get(2))), KeeperPlan.replicaSteps(view(members, List.of(led(0, 1)), null, Set.of())));
    }

    @Test
    void groupsAreCreatedOnePerStorageNodeUpToTheMaximumByTheLeaderOfGroupZero() {
        assertEquals(
                List.of(new CreateGroup(1, List.of(peer(2), peer(3), peer(1))), new CreateGroup(2, List.of(peer(3), peer(1), peer(2)))),
                KeeperPlan.replicaSteps(view(members(1, 2, 3), List.of(led(0, 1, 2, 3)), Map.of(), Set.of())));
        assertEquals(
                List.of(new CreateGroup(1, List.of(peer(2), peer(1)))),
                KeeperPlan.replicaSteps(view(members(1, 2), List.of(led(0, 1, 2)), Map.of(), Set.of())));
        GroupRow one = new GroupRow(1, true, List.of(peer(1)));
        GroupRow two = new GroupRow(2, true, List.of(peer(1)));
        assertEquals(List.of(), KeeperPlan.replicaSteps(view(members(1, 2, 3, 4, 5), List.of(led(0, 1, 2, 3)), Map.of(1, one, 2, two), Set.of())));
    }

    @Test
    void aGroupThatIsWrittenDownIsOpenedUntilAllHaveConfirmed() {
        GroupRow one = new GroupRow(1, false, List.of(peer(1), peer(2)));
        assertEquals(List.of(new OpenGroup(one)), KeeperPlan.replicaSteps(view(members(1, 2), List.of(led(0, 1, 2)), Map.of(1, one), Set.of())));
    }

    @Test
    void aLostReplicaIsReplacedByAnotherNodeAndOnlyThenRemoved() {
        assertEquals(List.of(), KeeperPlan.replicaSteps(view(members(1, 2), List.of(led(0, 1, 2, 3)), null, Set.of(peer(3)))));
        assertEquals(List.of(new AddReplica(0, member(4))), KeeperPlan.replicaSteps(view(members(1, 2, 4), List.of(led(0, 1, 2, 3)), null, Set.of(peer(3)))));
        assertEquals(
                List.of(new RemoveReplica(0, peer(3))),
                KeeperPlan.replicaSteps(view(members(1, 2, 4), List.of(led(0, 1, 2, 3, 4)), null, Set.of(peer(3)))));
    }

    @Test
    void nobodyElseIsReplacedBeforeOneOfTheOthersHasAllBytes() {
        // Node 4 has replaced node 3 and still fetches, node 1 has lost something, and now node 2 is lost.
        RaftStatus group = led(0, 1, 2, 4);
        View fetching = view(members(1, 4, 5), List.of(group), Set.of(peer(2)), Map.of());
        assertEquals(List.of(), KeeperPlan.replicaSteps(fetching));
        assertEquals(List.of(new Waiting(0, peer(2), List.of(peer(1), peer(4)))), KeeperPlan.waiting(fetching));
        // It has all that node 2 had, but has not asked node 1.
        View partly = view(members(1, 4, 5), List.of(group), Set.of(peer(2)), Map.of(4, Set.of(2)));
        assertEquals(List.of(), KeeperPlan.replicaSteps(partly));
        View complete = view(members(1, 4, 5), List.of(group), Set.of(peer(2)), Map.of(4, Set.of(1)));
        assertEquals(List.of(new AddReplica(0, member(5))), KeeperPlan.replicaSteps(complete));
        assertEquals(List.of(), KeeperPlan.waiting(complete));
        // What was begun is ended: the lost one leaves, whatever anybody has by now.
        assertEquals(List.of(new RemoveReplica(0, peer(2))), KeeperPlan.replicaSteps(
                view(members(1, 4, 5), List.of(led(0, 1, 2, 4, 5)), Set.of(peer(2)), Map.of())));
    }

    @Test
    void aVoterThatCannotGetItsBytesHoldsUpNoReplacementIfAnotherHasAll() {
        assertEquals(List.of(new AddReplica(0, member(5))), KeeperPlan.replicaSteps(
                view(members(1, 4, 5), List.of(led(0, 1, 2, 4)), Set.of(peer(2)), Map.of(1, Set.of(3, 4)))));
    }

    @Test
    void aNewcomerThatDiesBeforeItHasAllBytesIsReplacedItself() {
        assertEquals(List.of(new AddReplica(0, member(5))), KeeperPlan.replicaSteps(
                view(members(1, 2, 5), List.of(led(0, 1, 2, 4)), Set.of(peer(4)), Map.of(1, Set.of(2), 2, Set.of(1)))));
    }

    @Test
    void whatAVoterSaidThatIsNotReachedDoesNotCount() {
        View away = view(members(1, 5), List.of(led(0, 1, 2, 4)), Set.of(peer(2)), Map.of(4, Set.of(1)));
        assertEquals(List.of(), KeeperPlan.replicaSteps(away));
        assertEquals(List.of(new Waiting(0, peer(2), List.of(peer(1), peer(4)))), KeeperPlan.waiting(away));
    }

    @Test
    void aGroupGrowsWhateverBytesThereAre() {
        assertEquals(List.of(new AddReplica(0, member(3))), KeeperPlan.replicaSteps(
                view(members(1, 2, 3), List.of(led(0, 1, 2)), Set.of(), Map.of())));
    }

    @Test
    void leadershipMovesFromTheNodeWithTwoMoreToTheOneWithFewest() {
        List<RaftStatus> led = List.of(led(0, 1, 2, 3), led(2, 1, 2, 3));
        assertEquals(Optional.of(new MoveLeadership(2, peer(3))), KeeperPlan.leadershipStep(view(members(1, 2, 3), led, null, Set.of(), 2, 1, 0)));
        assertEquals(Optional.empty(), KeeperPlan.leadershipStep(view(members(1, 2, 3), led, null, Set.of(), 2, 1, 1)));
        assertEquals(Optional.empty(), KeeperPlan.leadershipStep(view(members(1, 2), led, null, Set.of(), 2, 1)));
    }

    @Test
    void leadershipDoesNotMoveToAReplicaThatIsDownOrBehind() {
        RaftStatus behind = status(2, List.of(new PeerLag(peer(1), 0, true), new PeerLag(peer(2), 5_000, true), new PeerLag(peer(3), 0, false)));
        assertEquals(Optional.empty(), KeeperPlan.leadershipStep(view(members(1, 2, 3), List.of(led(0, 1), behind), null, Set.of(), 2, 0, 0)));
    }

    private static View view(List<StorageMember> members, List<RaftStatus> led, Map<Integer, GroupRow> groups, Set<RaftPeer> lost, int... leaderships) {
        TreeMap<NodeId, Integer> counts = new TreeMap<>();
        for (int i = 0; i < leaderships.length; i++) {
            counts.put(member(i + 1).node(), leaderships[i]);
        }
        Set<NodeId> all = members.stream().map(StorageMember::node).collect(Collectors.toSet());
        Map<NodeId, Map<Integer, Set<NodeId>>> whole = all.stream().collect(Collectors.toMap(
                node -> node, node -> led.stream().collect(Collectors.toMap(RaftStatus::group, status -> all))));
        return new View(peer(1), members, led, counts, Optional.ofNullable(groups).map(TreeMap::new), lost, whole, MAX_GROUPS);
    }

    /** @param whole of group 0: which nodes have all bytes, of which others */
    private static View view(List<StorageMember> members, List<RaftStatus> led, Set<RaftPeer> lost, Map<Integer, Set<Integer>> whole) {
        Map<NodeId, Map<Integer, Set<NodeId>>> said = whole.entrySet().stream().collect(Collectors.toMap(
                node -> member(node.getKey()).node(),
                node -> Map.of(0, node.getValue().stream().map(number -> member(number).node()).collect(Collectors.toSet()))));
        return new View(peer(1), members, led, new TreeMap<>(), Optional.empty(), lost, said, MAX_GROUPS);
    }

    private static List<StorageMember> members(Integer... numbers) {
        return Stream.of(numbers).map(KeeperPlanTest::member).toList();
    }

    private static StorageMember member(int number) {
        return new StorageMember(new NodeId("node-" + number), peer(number), "domain-" + number);
    }

    private static RaftPeer peer(int number) {
        return new RaftPeer("host:" + number);
    }

    private static RaftStatus led(int group, Integer... voters) {
        return status(group, Stream.of(voters).map(voter -> new PeerLag(peer(voter), 0, true)).toList());
    }

    private static RaftStatus status(int group, List<PeerLag> lags) {
        return new RaftStatus(group, true, 1, peer(1), lags.stream().map(PeerLag::peer).toList(), 10, 10, lags, null);
    }
}
