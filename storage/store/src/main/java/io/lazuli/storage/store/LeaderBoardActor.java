package io.lazuli.storage.store;

import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells every member which groups this node leads and who their voters are, and writes what it hears into this node's {@link LiveLeaderBoard}. One on
 * every node, under a path that the others know. A storage node announces at once when its leaderships or the members change,
 * and otherwise at an interval, so that a lost message costs little. Nothing survives a crash.
 */
final class LeaderBoardActor extends AbstractBehavior<LeaderBoardActor.Command> {

    static final String NAME = "lazuli-leader-board";

    sealed interface Command {}

    /**
     * @param address and uid of the announcing member
     * @param whole groups of which it has all bytes
     * @param groups all groups that it knows of
     */
    record Announcement(
            String node, String address, long uid, ActorRef<StoreGate.Command> gate, ActorRef<StoreKeeper.Command> keeper,
            List<Leadership> led, List<WholeGroup> whole, List<Integer> groups) implements Command, WireMessage {}

    /** @param nodes of the voters, as far as known */
    record Leadership(int group, long term, int voters, List<String> nodes) implements WireMessage {}

    /** @param comparedWith nodes of whose bytes it has all */
    record WholeGroup(int group, List<String> comparedWith) implements WireMessage {}

    /** This node's leaderships, groups or the cluster's members have changed, or it is time again. */
    private enum Announce implements Command { NOW }

    /** What a storage node announces. */
    record Announcer(
            StoreNode node, ActorRef<StoreGate.Command> gate, ActorRef<StoreKeeper.Command> keeper,
            Supplier<Map<Integer, Set<NodeId>>> whole) {}

    private final LiveLeaderBoard board;
    private final Optional<Announcer> announcer;
    private final Duration attemptTimeout;
    private final Cluster cluster;
    /** Nodes by Raft address, also of those that have left; one for each address that a storage node ever had meanwhile. */
    private final Map<String, String> nodesByRaftAddress = new HashMap<>();

    /** To be told when this node's leaderships have changed. */
    static Command announceNow() {
        return Announce.NOW;
    }

    static Behavior<Command> create(LiveLeaderBoard board, Optional<Announcer> announcer, StoreSettings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new LeaderBoardActor(context, timers, board, announcer, settings)));
    }

    private LeaderBoardActor(
            ActorContext<Command> context, TimerScheduler<Command> timers, LiveLeaderBoard board, Optional<Announcer> announcer,
            StoreSettings settings) {
        super(context);
        this.board = board;
        this.announcer = announcer;
        this.attemptTimeout = Duration.ofMillis(settings.attemptTimeoutMillis());
        this.cluster = Cluster.get(context.getSystem());
        if (announcer.isPresent()) {
            ActorRef<Command> self = context.getSelf();
            ActorRef<MemberEvent> members = context.messageAdapter(MemberEvent.class, event -> Announce.NOW);
            cluster.subscriptions().tell(Subscribe.create(members, MemberEvent.class));
            timers.startTimerWithFixedDelay(Announce.NOW, Duration.ofMillis(settings.announceIntervalMillis()));
            self.tell(Announce.NOW);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Announcement.class, this::onAnnouncement)
                .onMessage(Announce.class, this::onAnnounce)
                .build();
    }

    private Behavior<Command> onAnnouncement(Announcement announcement) {
        NodeId node = new NodeId(announcement.node());
        UniqueAddress member = new UniqueAddress(AddressFromURIString.parse(announcement.address()), announcement.uid());
        List<LiveLeaderBoard.Entry> led = announcement.led().stream()
                .map(leadership -> new LiveLeaderBoard.Entry(
                        new LeaderBoard.Leader(leadership.group(), leadership.term(), node, member),
                        new RemoteGroup(leadership.group(), announcement.gate(), getContext().getSystem(), attemptTimeout)))
                .toList();
        List<LeaderBoard.Replicas> voted = announcement.led().stream()
                .filter(leadership -> leadership.voters() > 0)
                .map(leadership -> new LeaderBoard.Replicas(
                        leadership.group(), leadership.term(), leadership.voters(), leadership.nodes().stream().map(NodeId::new).toList()))
                .toList();
        Map<Integer, Set<NodeId>> whole = announcement.whole().stream().collect(Collectors.toMap(
                WholeGroup::group, one -> one.comparedWith().stream().map(NodeId::new).collect(Collectors.toUnmodifiableSet())));
        board.heard(node, announcement.keeper(), led, voted, whole, announcement.groups());
        return this;
    }

    private Behavior<Command> onAnnounce(Announce announce) {
        announcer.ifPresent(own -> {
            UniqueAddress self = cluster.selfMember().uniqueAddress();
            learnAddresses();
            List<Leadership> led = own.node().led().entrySet().stream().map(e -> leadership(own.node(), e.getKey(), e.getValue())).toList();
            List<WholeGroup> whole = own.whole().get().entrySet().stream()
                    .map(group -> new WholeGroup(group.getKey(), group.getValue().stream().map(NodeId::value).toList()))
                    .toList();
            Announcement announcement = new Announcement(
                    own.node().node().value(), self.address().toString(), self.longUid(), own.gate(), own.keeper(), led, whole,
                    List.copyOf(board.groups()));
            onAnnouncement(announcement);
            for (Member member : cluster.state().getMembers()) {
                if (!member.uniqueAddress().equals(self)) {
                    Adapter.toClassic(getContext().getSystem())
                            .actorSelection(member.address() + "/system/" + NAME)
                            .tell(announcement, org.apache.pekko.actor.ActorRef.noSender());
                }
            }
        });
        return this;
    }

    private void learnAddresses() {
        for (Member member : cluster.state().getMembers()) {
            MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
            facts.raftAddress().ifPresent(address -> nodesByRaftAddress.put(address, facts.node().value()));
        }
    }

    private Leadership leadership(StoreNode node, int group, long term) {
        List<RaftPeer> voters = node.replica(group).map(replica -> replica.raft().status().peers()).orElse(List.of());
        List<String> nodes = voters.stream()
                .map(voter -> nodesByRaftAddress.get(voter.address()))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return new Leadership(group, term, voters.size(), nodes);
    }
}
