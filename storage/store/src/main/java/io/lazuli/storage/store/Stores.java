package io.lazuli.storage.store;

import io.lazuli.kernel.Asking;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The store on one node of the cluster, whatever its roles: start it once the actor system exists, on every node. It owns
 * the node's {@link RowStore}, its {@link LeaderBoard} and, on a storage node, the actors by which others reach the replicas.
 */
public final class Stores implements AutoCloseable {

    private static final Duration DESCRIBE_TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration RESTART_AFTER = Duration.ofMillis(200);
    private static final Duration MAX_RESTART_AFTER = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final LiveLeaderBoard board;
    private final RoutedRowStore rowStore;

    private Stores(ActorSystem<?> system, LiveLeaderBoard board, RoutedRowStore rowStore) {
        this.system = system;
        this.board = board;
        this.rowStore = rowStore;
    }

    /**
     * @param storeNode this node's replicas, empty on a node that is not a storage node
     * @param whole what this node says of the bytes that it keeps for groups beside their rows: by group of which it has all, the nodes that it has
     *     compared with. A group's lost voters are replaced only while all others have all
     */
    public static Stores start(
            ActorSystem<?> system, StoreSettings settings, Optional<StoreNode> storeNode, Supplier<Map<Integer, Set<NodeId>>> whole) {
        LiveLeaderBoard board = new LiveLeaderBoard();
        RoutedRowStore rowStore = new RoutedRowStore(routes(board, storeNode), settings);
        Optional<LeaderBoardActor.Announcer> announcer = storeNode.map(node -> new LeaderBoardActor.Announcer(
                node,
                spawn(system, StoreGate.create(node), "lazuli-store-gate"),
                spawn(system, StoreKeeper.create(node, rowStore, board, settings, Clock.system()), "lazuli-store-keeper"),
                whole));
        ActorRef<LeaderBoardActor.Command> boardActor =
                spawn(system, LeaderBoardActor.create(board, announcer, settings), LeaderBoardActor.NAME);
        announcer.ifPresent(own -> own.node().onLeadershipChange(() -> {
            boardActor.tell(LeaderBoardActor.announceNow());
            own.keeper().tell(StoreKeeper.lookNow());
        }));
        return new Stores(system, board, rowStore);
    }

    public RowStore rowStore() {
        return rowStore;
    }

    public LeaderBoard leaderBoard() {
        return board;
    }

    /** Asks the leaders; never fails, completes within about two seconds. */
    public CompletionStage<StoreStatus> status() {
        Map<NodeId, CompletableFuture<StoreKeeper.Description>> answers = new HashMap<>();
        for (int group : board.groups()) {
            board.leaderOf(group).ifPresent(leader -> answers.computeIfAbsent(leader.node(), this::describe));
        }
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new)).thenApply(all -> {
            Map<String, NodeId> nodes = nodesByRaftAddress();
            List<StoreStatus.GroupStatus> groups = new ArrayList<>();
            for (int group : board.groups()) {
                groups.add(board.leaderOf(group)
                        .flatMap(leader -> Optional.ofNullable(answers.get(leader.node()))
                                .flatMap(answer -> status(group, leader.node(), answer.join(), nodes)))
                        .orElse(new StoreStatus.GroupStatus(group, Optional.empty(), 0, 0, List.of())));
            }
            return new StoreStatus(groups);
        });
    }

    /** Fails what is still waiting. Call before the actor system and the {@link StoreNode} end. */
    @Override
    public void close() {
        rowStore.close();
    }

    private static RoutedRowStore.Routes routes(LiveLeaderBoard board, Optional<StoreNode> storeNode) {
        return new RoutedRowStore.Routes() {
            @Override
            public Optional<GroupAccess> leader(int group) {
                if (storeNode.isPresent() && storeNode.get().leads(group)) {
                    return storeNode.get().replica(group).map(replica -> replica);
                }
                return board.entryOf(group)
                        .filter(entry -> storeNode.isEmpty() || !entry.leader().node().equals(storeNode.get().node()))
                        .map(LiveLeaderBoard.Entry::access);
            }

            @Override
            public Optional<Replica> local(int group) {
                return storeNode.flatMap(node -> node.replica(group));
            }
        };
    }

    private static <T> ActorRef<T> spawn(ActorSystem<?> system, Behavior<T> behavior, String name) {
        Behavior<T> supervised = Behaviors.supervise(behavior)
                .onFailure(SupervisorStrategy.restartWithBackoff(RESTART_AFTER, MAX_RESTART_AFTER, 0.1));
        return system.systemActorOf(supervised, name, Props.empty());
    }

    private CompletableFuture<StoreKeeper.Description> describe(NodeId node) {
        Optional<ActorRef<StoreKeeper.Command>> keeper = board.keeperOf(node);
        if (keeper.isEmpty()) {
            return CompletableFuture.completedFuture(new StoreKeeper.Description(List.of()));
        }
        return Asking.<StoreKeeper.Command, StoreKeeper.Reply>ask(keeper.get(), StoreKeeper.Describe::new, DESCRIBE_TIMEOUT, system)
                .handle((reply, failure) -> reply instanceof StoreKeeper.Description description
                        ? description
                        : new StoreKeeper.Description(List.of()));
    }

    private static Optional<StoreStatus.GroupStatus> status(
            int group, NodeId leader, StoreKeeper.Description description, Map<String, NodeId> nodes) {
        return description.led().stream().filter(led -> led.group() == group).findFirst().map(led -> new StoreStatus.GroupStatus(
                group, Optional.of(leader), led.term(), led.appliedIndex(), led.peers().stream()
                        .map(peer -> new StoreStatus.ReplicaStatus(
                                Optional.ofNullable(nodes.get(peer.address())), peer.address(), peer.alive(), peer.lagEntries()))
                        .toList()));
    }

    private Map<String, NodeId> nodesByRaftAddress() {
        Map<String, NodeId> nodes = new HashMap<>();
        for (Member member : Cluster.get(system).state().getMembers()) {
            MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
            facts.raftAddress().ifPresent(address -> nodes.put(address, facts.node()));
        }
        return nodes;
    }
}
