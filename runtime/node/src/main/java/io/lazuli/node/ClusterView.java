package io.lazuli.node;

import io.lazuli.admin.CloudView;
import io.lazuli.fabric.FabricService;
import io.lazuli.kernel.Asking;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.node.Roster.NodeCard;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.store.StoreStatus;
import io.lazuli.storage.store.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** The cloud as this node sees it: cluster membership, the roster, and what the store's leaders say. Keeps nothing. */
final class ClusterView implements CloudView {

    private static final Duration ROSTER_TIMEOUT = Duration.ofSeconds(1);
    private static final long PROBE_TIMEOUT_MILLIS = 3_000;
    /** What a partition's three replicas mean for readiness; fewer while there are fewer storage nodes. */
    private static final int REPLICAS = 3;

    private final ActorSystem<?> system;
    private final NodeSettings settings;
    private final ActorRef<Roster.Command> roster;
    private final Stores stores;
    private final int maxGroups;
    private final QueueService queues;
    private final String account;
    private final FabricService fabric;
    private final BooleanSupplier accountsAreKnown;

    ClusterView(
            ActorSystem<?> system, NodeSettings settings, ActorRef<Roster.Command> roster, Stores stores, int maxGroups,
            QueueService queues, String account, FabricService fabric, BooleanSupplier accountsAreKnown) {
        this.system = system;
        this.settings = settings;
        this.roster = roster;
        this.stores = stores;
        this.maxGroups = maxGroups;
        this.queues = queues;
        this.account = account;
        this.fabric = fabric;
        this.accountsAreKnown = accountsAreKnown;
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        if (Cluster.get(system).selfMember().status() != MemberStatus.up()) {
            return CompletableFuture.completedFuture(new Readiness(false, List.of("this node is not a member of the cluster yet")));
        }
        CompletionStage<List<String>> storage = stores.status().thenCompose(status -> {
            List<String> reasons = storageReasons(status);
            return reasons.isEmpty()
                    ? probe("queues", queues.listQueues(account, "", "", 1, false))
                    : CompletableFuture.completedFuture(reasons);
        });
        return storage.thenCombine(probe("roles", fabric.deployments()), (storageReasons, fabricReasons) -> {
            List<String> reasons = new ArrayList<>(storageReasons);
            reasons.addAll(fabricReasons);
            if (!accountsAreKnown.getAsBoolean()) {
                reasons.add("this node has not heard of the storage accounts yet");
            }
            return new Readiness(reasons.isEmpty(), reasons);
        });
    }

    @Override
    public CompletionStage<CloudStatus> status() {
        CompletionStage<Roster.Known> known = Asking.ask(roster, Roster.Ask::new, ROSTER_TIMEOUT, system);
        CompletionStage<List<NodeStatus>> nodes = known.thenApply(this::nodes);
        CompletionStage<List<GroupStatus>> groups = stores.status().thenApply(ClusterView::groups);
        return nodes.thenCombine(groups, NodesAndGroups::new)
                .thenCombine(readiness(), (both, readiness) -> new CloudStatus(
                        settings.cloudName(), settings.development() ? "development" : "production", readiness.ready(),
                        both.nodes(), both.groups()));
    }

    private record NodesAndGroups(List<NodeStatus> nodes, List<GroupStatus> groups) {}

    private List<String> storageReasons(StoreStatus status) {
        long storageNodes = upMembers().stream().filter(facts -> facts.nodeRoles().contains(MemberFacts.STORAGE)).count();
        if (storageNodes == 0) {
            return List.of("no storage node is up");
        }
        List<String> reasons = new ArrayList<>();
        long groups = Math.min(maxGroups, storageNodes);
        if (status.groups().size() < groups) {
            reasons.add("the store has " + status.groups().size() + " of " + groups + " groups");
        }
        long replicas = Math.min(REPLICAS, storageNodes);
        for (StoreStatus.GroupStatus group : status.groups()) {
            long alive = group.replicas().stream().filter(StoreStatus.ReplicaStatus::alive).count();
            if (group.leader().isEmpty()) {
                reasons.add("group " + group.group() + " of the store has no leader");
            } else if (alive < replicas) {
                reasons.add("group " + group.group() + " of the store has " + alive + " of " + replicas + " replicas");
            }
        }
        return reasons;
    }

    private static CompletionStage<List<String>> probe(String what, CompletionStage<?> call) {
        return call.toCompletableFuture().thenApply(List::of)
                .orTimeout(PROBE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> failure == null ? List.of() : List.of(what + " cannot be served yet"));
    }

    private List<MemberFacts> upMembers() {
        List<MemberFacts> facts = new ArrayList<>();
        for (Member member : Cluster.get(system).state().getMembers()) {
            if (member.status() == MemberStatus.up()) {
                facts.add(MemberFacts.ofClusterRoles(member.getRoles()));
            }
        }
        return facts;
    }

    private List<NodeStatus> nodes(Roster.Known known) {
        ClusterEvent.CurrentClusterState state = Cluster.get(system).state();
        Set<Member> unreachable = state.getUnreachable();
        Map<NodeId, NodeStatus> nodes = new TreeMap<>();
        known.cards().values().forEach(card -> nodes.put(card.node(), status(card, "down")));
        for (Member member : state.getMembers()) {
            MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
            String word = unreachable.contains(member) ? "unreachable" : word(member.status());
            NodeCard card = known.cards().get(facts.node());
            nodes.put(
                    facts.node(),
                    card != null
                            ? status(card, word)
                            : new NodeStatus(
                                    facts.node().value(), 0, word, facts.nodeRoles(), facts.faultDomain(), 0,
                                    Map.of("cluster", MemberMemory.addressOf(member.address()).toString())));
        }
        return List.copyOf(nodes.values());
    }

    private static NodeStatus status(NodeCard card, String state) {
        return new NodeStatus(
                card.node().value(), card.pid(), state, card.roles(), card.faultDomain(), card.startedAtMillis(), card.endpoints());
    }

    private static String word(MemberStatus status) {
        if (status == MemberStatus.up()) {
            return "up";
        }
        if (status == MemberStatus.joining() || status == MemberStatus.weaklyUp()) {
            return "joining";
        }
        return status == MemberStatus.leaving() || status == MemberStatus.exiting() ? "leaving" : "down";
    }

    private static List<GroupStatus> groups(StoreStatus status) {
        return status.groups().stream()
                .map(group -> new GroupStatus(
                        group.group(), group.leader().map(NodeId::value), group.term(), group.appliedIndex(),
                        group.replicas().stream()
                                .map(replica -> new ReplicaStatus(
                                        replica.node().map(NodeId::value).orElse(""), replica.address(), replica.alive(),
                                        replica.lagEntries()))
                                .toList()))
                .toList();
    }
}
