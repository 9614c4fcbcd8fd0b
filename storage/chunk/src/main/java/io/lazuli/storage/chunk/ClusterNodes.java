package io.lazuli.storage.chunk;

import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.replication.StorageNodes;
import io.lazuli.storage.chunk.replication.StorageNodes.Site;
import io.lazuli.storage.store.LeaderBoard;
import io.lazuli.storage.store.LeaderBoard.Replicas;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** The storage nodes as the cluster and the store's leaders tell. */
final class ClusterNodes {

    private static final Set<MemberStatus> PRESENT =
            Set.of(MemberStatus.weaklyUp(), MemberStatus.up(), MemberStatus.leaving(), MemberStatus.exiting());

    private ClusterNodes() {}

    static StorageNodes look(ActorSystem<?> system, LeaderBoard board) {
        CurrentClusterState state = Cluster.get(system).state();
        Set<Member> unreachable = Set.copyOf(state.getUnreachable());
        SortedMap<NodeId, Site> sites = new TreeMap<>();
        for (Member member : state.getMembers()) {
            MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
            if (facts.chunkAddress().isPresent() && PRESENT.contains(member.status())) {
                String address = facts.chunkAddress().get();
                int colon = address.lastIndexOf(':');
                sites.put(facts.node(), new Site(
                        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), !unreachable.contains(member)));
            }
        }
        Map<Integer, Replicas> replicas = new TreeMap<>();
        for (int group : board.groups()) {
            board.replicasOf(group).ifPresent(known -> replicas.put(group, known));
        }
        return new StorageNodes(sites, replicas);
    }
}
