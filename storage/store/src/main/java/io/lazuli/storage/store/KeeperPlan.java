package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.raft.RaftGroup.PeerLag;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.RaftGroup.RaftStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what a storage node has to do for the groups that it leads. Pure: from what is seen to the next steps, so that
 * deciding again after a crash, a lost message or a change of leader yields what is still to be done.
 */
final class KeeperPlan {

    /** Voters that a group wants. */
    static final int REPLICAS = 3;
    /** A voter that lags by more is no target for a leadership. */
    static final long MAX_TARGET_LAG_ENTRIES = 64;
    /** Leadership moves only if it makes the difference between two nodes smaller. */
    private static final int MIN_LEADERSHIP_DIFFERENCE = 2;

    /** A storage member of the cluster that is up, reachable and has been heard of. */
    record StorageMember(NodeId node, RaftPeer peer, String faultDomain) {}

    /**
     * @param members by node id
     * @param led the groups that this node leads
     * @param leaderships how many groups each node leads, as heard
     * @param groups the group table, if this node leads group 0 and has read it; without group 0
     * @param lost peers whose nodes have been gone for so long that they are replaced
     * @param whole what nodes say of the bytes beside the rows: by node and group, the nodes of whose bytes it has all
     */
    record View(
            RaftPeer self, List<StorageMember> members, List<RaftStatus> led, SortedMap<NodeId, Integer> leaderships,
            Optional<Map<Integer, GroupRow>> groups, Set<RaftPeer> lost, Map<NodeId, Map<Integer, Set<NodeId>>> whole, int maxGroups) {}

    /** @param lacking voters of the group of which one has to get all bytes before {@code lost} is replaced */
    record Waiting(int group, RaftPeer lost, List<RaftPeer> lacking) {}

    sealed interface Step {
        int group();
    }

    /** Have {@code target} open an empty replica, then make it a voter. */
    record AddReplica(int group, StorageMember target) implements Step {}

    record RemoveReplica(int group, RaftPeer peer) implements Step {}

    /** Write the new group down. */
    record CreateGroup(int group, List<RaftPeer> initialPeers) implements Step {}

    /** Have every initial peer open its replica, then write down that they have. */
    record OpenGroup(GroupRow row) implements Step {

        @Override
        public int group() {
            return row.group();
        }
    }

    record MoveLeadership(int group, RaftPeer target) implements Step {}

    private KeeperPlan() {}

    /** At most one step for each group. */
    static List<Step> replicaSteps(View view) {
        List<Step> steps = new ArrayList<>();
        view.led().forEach(status -> replicaStep(view, status).ifPresent(steps::add));
        view.groups().ifPresent(groups -> steps.addAll(groupSteps(view, groups)));
        return steps;
    }

    /** Replacements that are due and wait for bytes. */
    static List<Waiting> waiting(View view) {
        List<Waiting> waiting = new ArrayList<>();
        for (RaftStatus status : view.led()) {
            List<RaftPeer> lacking = lacking(view, status);
            if (status.peers().size() == REPLICAS && !lacking.isEmpty()) {
                lost(view, status).ifPresent(lost -> waiting.add(new Waiting(status.group(), lost, lacking)));
            }
        }
        return waiting;
    }

    /** A leadership that some other node should have, if leaderships are uneven. */
    static Optional<Step> leadershipStep(View view) {
        int own = view.led().size();
        return view.led().stream()
                .sorted(Comparator.comparingInt(RaftStatus::group).reversed())
                .flatMap(status -> view.members().stream()
                        .filter(member -> !member.peer().equals(view.self()))
                        .filter(member -> own - view.leaderships().getOrDefault(member.node(), 0) >= MIN_LEADERSHIP_DIFFERENCE)
                        .filter(member -> caughtUp(status, member.peer()))
                        .min(Comparator.comparingInt(member -> view.leaderships().getOrDefault(member.node(), 0)))
                        .<Step>map(member -> new MoveLeadership(status.group(), member.peer()))
                        .stream())
                .findFirst();
    }

    private static boolean caughtUp(RaftStatus status, RaftPeer peer) {
        return status.peerLags().stream().anyMatch(
                (PeerLag lag) -> lag.peer().equals(peer) && lag.alive() && lag.lagEntries() <= MAX_TARGET_LAG_ENTRIES);
    }

    private static Optional<Step> replicaStep(View view, RaftStatus status) {
        List<RaftPeer> voters = status.peers();
        Optional<RaftPeer> lost = lost(view, status);
        if (lost.isPresent() && voters.size() > REPLICAS) {
            return Optional.of(new RemoveReplica(status.group(), lost.get()));
        }
        if (voters.size() < REPLICAS || lost.isPresent() && lacking(view, status).isEmpty()) {
            return choose(view.members(), voters, status.group()).map(target -> new AddReplica(status.group(), target));
        }
        return Optional.empty();
    }

    private static Optional<RaftPeer> lost(View view, RaftStatus status) {
        return status.peers().stream().filter(view.lost()::contains).findFirst();
    }

    /**
     * The voters that are left, if none of them has said that it has all bytes of the others; empty if one has. Until then nobody is replaced,
     * or one replacement after the other would leave voters none of which ever had all. One is enough: from it the newcomer gets everything
     * that is left, and to wait for a voter that cannot become whole, because its disk is full, would only keep the copies few.
     */
    private static List<RaftPeer> lacking(View view, RaftStatus status) {
        Map<RaftPeer, NodeId> nodes = view.members().stream().collect(Collectors.toMap(StorageMember::peer, StorageMember::node));
        List<RaftPeer> left = status.peers().stream().filter(voter -> !view.lost().contains(voter)).toList();
        boolean oneHasAll = left.stream().filter(nodes::containsKey).anyMatch(voter -> {
            Set<NodeId> has = view.whole().getOrDefault(nodes.get(voter), Map.of()).get(status.group());
            return has != null && left.stream()
                    .filter(other -> !other.equals(voter) && nodes.containsKey(other))
                    .allMatch(other -> has.contains(nodes.get(other)));
        });
        return oneHasAll ? List.of() : left;
    }

    private static List<Step> groupSteps(View view, Map<Integer, GroupRow> groups) {
        List<Step> steps = new ArrayList<>();
        groups.values().stream().filter(row -> !row.open()).map(OpenGroup::new).forEach(steps::add);
        for (int group = groups.size() + 1; group < Math.min(view.maxGroups(), view.members().size()); group++) {
            steps.add(new CreateGroup(group, initialPeers(view.members(), group)));
        }
        return steps;
    }

    private static List<RaftPeer> initialPeers(List<StorageMember> members, int group) {
        List<RaftPeer> peers = new ArrayList<>();
        for (int i = 0; i < Math.min(REPLICAS, members.size()); i++) {
            choose(members, peers, group).ifPresent(member -> peers.add(member.peer()));
        }
        return peers;
    }

    /** The member without a replica whose fault domain holds the fewest; groups begin their search at different members. */
    private static Optional<StorageMember> choose(List<StorageMember> members, List<RaftPeer> voters, int group) {
        if (members.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> replicasByDomain = members.stream()
                .filter(member -> voters.contains(member.peer()))
                .collect(Collectors.groupingBy(StorageMember::faultDomain, Collectors.counting()));
        int first = group % members.size();
        return Stream.concat(members.stream().skip(first), members.stream().limit(first))
                .filter(member -> !voters.contains(member.peer()))
                .min(Comparator.comparingLong(member -> replicasByDomain.getOrDefault(member.faultDomain(), 0L)));
    }
}
