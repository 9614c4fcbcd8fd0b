package io.lazuli.storage.store;

import io.lazuli.kernel.Asking;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.store.KeeperPlan.StorageMember;
import io.lazuli.storage.store.raft.RaftGroup;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.RaftGroup.RaftStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the groups that this storage node leads complete: replicas where they are missing, leaderships spread, and, where
 * it leads group 0, as many groups as the cloud is to have. Opens replicas here when another node's keeper asks for it. What
 * is to be done is decided by {@link KeeperPlan}, anew at each tick; one step at a time for each group.
 *
 * <pre>
 * group table (only while this node leads group 0):  none --claim, read--> known --write failed, leadership lost--> none
 * </pre>
 *
 * <p>What survives a crash: the groups' own configurations, and the group table in rows of group 0 ({@link GroupRow}).
 */
final class StoreKeeper extends AbstractBehavior<StoreKeeper.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(StoreKeeper.class);
    private static final int MAX_TABLE_ROWS = 64;
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /** Leaderships must have been uneven for so long, and the last move be so long ago, before one is moved. */
    private static final long UNEVEN_NANOS = 1_500_000_000L;
    private static final long MOVE_INTERVAL_NANOS = 3_000_000_000L;

    sealed interface Command {}

    /** @param initialPeers of a new group, empty for a replica that will be added */
    record OpenReplica(int group, List<String> initialPeers, ActorRef<Reply> replyTo) implements Command, WireMessage {}

    record Describe(ActorRef<Reply> replyTo) implements Command, WireMessage {}

    private enum Tick implements Command { NOW }

    /** @param failure null if the step succeeded */
    private record StepDone(KeeperPlan.Step step, Throwable failure) implements Command {}

    private record Retry(int group) implements Command {}

    /** @param table null if it could not be read */
    private record TableRead(Table table, Throwable failure) implements Command {}

    /** @param failure null if the row is written */
    private record RowWritten(GroupRow row, Throwable failure) implements Command {}

    sealed interface Reply extends WireMessage {}

    /** @param problem why the replica could not be opened, empty if it is open */
    record Opened(String problem) implements Reply {}

    record Description(List<GroupDescription> led) implements Reply {}

    record GroupDescription(int group, long term, long appliedIndex, List<PeerDescription> peers) implements WireMessage {}

    record PeerDescription(String address, boolean alive, long lagEntries) implements WireMessage {}

    /** The other groups, as read and written under one claim while this node led group 0 in one term. */
    private record Table(long term, long epoch, Map<Integer, GroupRow> groups) {}

    private final StoreNode node;
    private final RowStore store;
    private final LiveLeaderBoard board;
    private final StoreSettings settings;
    private final Clock clock;
    private final Cluster cluster;
    private final Executor blocking;
    private final TimerScheduler<Command> timers;
    private final Set<Integer> busyGroups = new HashSet<>();
    private final Map<RaftPeer, Long> goneSinceNanos = new HashMap<>();
    private List<KeeperPlan.Waiting> waiting = List.of();
    private Optional<Table> table = Optional.empty();
    private boolean readingTable;
    private Optional<Long> unevenSinceNanos = Optional.empty();
    private long lastMoveNanos;

    /** To be told when this node's leaderships have changed. */
    static Command lookNow() {
        return Tick.NOW;
    }

    static Behavior<Command> create(StoreNode node, RowStore store, LiveLeaderBoard board, StoreSettings settings, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new StoreKeeper(context, timers, node, store, board, settings, clock)));
    }

    private StoreKeeper(
            ActorContext<Command> context, TimerScheduler<Command> timers, StoreNode node, RowStore store, LiveLeaderBoard board,
            StoreSettings settings, Clock clock) {
        super(context);
        this.node = node;
        this.store = store;
        this.board = board;
        this.settings = settings;
        this.clock = clock;
        this.timers = timers;
        this.cluster = Cluster.get(context.getSystem());
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.lastMoveNanos = clock.nanos();
        timers.startTimerWithFixedDelay(Tick.NOW, Duration.ofMillis(settings.keepIntervalMillis()));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(OpenReplica.class, this::onOpenReplica)
                .onMessage(Describe.class, this::onDescribe)
                .onMessage(Tick.class, this::onTick)
                .onMessage(StepDone.class, this::onStepDone)
                .onMessage(Retry.class, this::onRetry)
                .onMessage(TableRead.class, this::onTableRead)
                .onMessage(RowWritten.class, this::onRowWritten)
                .build();
    }

    private Behavior<Command> onOpenReplica(OpenReplica request) {
        List<RaftPeer> peers = request.initialPeers().stream().map(RaftPeer::new).toList();
        CompletableFuture.runAsync(() -> open(request.group(), peers), blocking).whenComplete((done, failure) ->
                request.replyTo().tell(new Opened(failure == null ? "" : Failures.cause(failure).toString())));
        return this;
    }

    private Behavior<Command> onDescribe(Describe request) {
        request.replyTo().tell(new Description(ledStatuses().stream().map(StoreKeeper::describe).toList()));
        return this;
    }

    private Behavior<Command> onTick(Tick tick) {
        List<RaftStatus> led = ledStatuses();
        if (led.isEmpty()) {
            table = Optional.empty();
            unevenSinceNanos = Optional.empty();
            return this;
        }
        keepTable();
        KeeperPlan.View view = view(led);
        tellWaiting(KeeperPlan.waiting(view));
        for (KeeperPlan.Step step : KeeperPlan.replicaSteps(view)) {
            if (busyGroups.add(step.group())) {
                take(step);
            }
        }
        balance(view);
        return this;
    }

    private Behavior<Command> onStepDone(StepDone done) {
        if (done.failure() == null) {
            LOG.info("done: {}", done.step());
            busyGroups.remove(done.step().group());
            getContext().getSelf().tell(Tick.NOW);
        } else {
            LOG.info("to be tried again: {} ({})", done.step(), Failures.cause(done.failure()).toString());
            timers.startSingleTimer(done.step().group(), new Retry(done.step().group()), RETRY_AFTER);
        }
        return this;
    }

    private Behavior<Command> onRetry(Retry retry) {
        busyGroups.remove(retry.group());
        return this;
    }

    private Behavior<Command> onTableRead(TableRead read) {
        readingTable = false;
        if (read.table() == null) {
            LOG.info("the group table cannot be read yet: {}", Failures.cause(read.failure()).toString());
        } else {
            table = Optional.of(read.table());
            read.table().groups().values().forEach(this::announce);
            getContext().getSelf().tell(Tick.NOW);
        }
        return this;
    }

    private Behavior<Command> onRowWritten(RowWritten written) {
        if (written.failure() == null) {
            table.ifPresent(known -> known.groups().put(written.row().group(), written.row()));
            announce(written.row());
            busyGroups.remove(written.row().group());
            getContext().getSelf().tell(Tick.NOW);
        } else {
            LOG.info("group {} could not be written down: {}", written.row().group(), Failures.cause(written.failure()).toString());
            table = Optional.empty();
            timers.startSingleTimer(written.row().group(), new Retry(written.row().group()), RETRY_AFTER);
        }
        return this;
    }

    private void open(int group, List<RaftPeer> initialPeers) {
        try {
            node.open(group, initialPeers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a complete group known to this node's board, from where it spreads. */
    private void announce(GroupRow row) {
        if (row.open()) {
            board.learnGroup(row.group());
        }
    }

    private List<RaftStatus> ledStatuses() {
        return node.led().keySet().stream()
                .flatMap(group -> node.replica(group).stream())
                .map(replica -> replica.raft().status())
                .filter(RaftStatus::leading)
                .toList();
    }

    /** Reads the group table when this node has begun to lead group 0, and forgets it when the term is over. */
    private void keepTable() {
        Long term = node.led().get(0);
        if (term == null || table.isPresent() && table.get().term() != term) {
            table = Optional.empty();
        }
        if (term == null || table.isPresent() || readingTable) {
            return;
        }
        readingTable = true;
        CompletionStage<Table> reading = store.claim(GroupRow.PARTITION).thenCompose(claim -> store
                .scan(GroupRow.PARTITION, RowRange.ascending(new byte[0], null, MAX_TABLE_ROWS), claim.at())
                .thenApply(page -> new Table(term, claim.epoch(), page.rows().stream()
                        .map(GroupRow::decode)
                        .collect(Collectors.toMap(GroupRow::group, row -> row, (a, b) -> b, TreeMap::new)))));
        getContext().pipeToSelf(reading, TableRead::new);
    }

    private KeeperPlan.View view(List<RaftStatus> led) {
        CurrentClusterState state = cluster.state();
        Set<Member> unreachable = Set.copyOf(state.getUnreachable());
        List<StorageMember> members = new ArrayList<>();
        Set<RaftPeer> known = new HashSet<>();
        for (Member member : state.getMembers()) {
            MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
            facts.raftAddress().ifPresent(address -> {
                known.add(new RaftPeer(address));
                boolean usable = member.status() == MemberStatus.up() && !unreachable.contains(member) && board.keeperOf(facts.node()).isPresent();
                if (usable) {
                    members.add(new StorageMember(facts.node(), new RaftPeer(address), facts.faultDomain()));
                }
            });
        }
        members.sort(Comparator.comparing(StorageMember::node));
        return new KeeperPlan.View(
                node.self(), members, led, board.leaderships(), table.map(Table::groups), lost(led, known), board.whole(), settings.maxGroups());
    }

    private void tellWaiting(List<KeeperPlan.Waiting> now) {
        if (!now.equals(waiting)) {
            waiting = now;
            now.forEach(one -> LOG.warn("group {}: the lost replica at {} is not replaced before one at {} has all bytes of blobs",
                    one.group(), one.lost().address(), one.lacking().stream().map(RaftPeer::address).toList()));
        }
    }

    private Set<RaftPeer> lost(List<RaftStatus> led, Set<RaftPeer> present) {
        long now = clock.nanos();
        Set<RaftPeer> gone = led.stream().flatMap(status -> status.peers().stream()).collect(Collectors.toCollection(HashSet::new));
        gone.removeAll(present);
        goneSinceNanos.keySet().retainAll(gone);
        gone.forEach(peer -> goneSinceNanos.putIfAbsent(peer, now));
        gone.removeIf(peer -> now - goneSinceNanos.get(peer) < settings.repairAfterMillis() * 1_000_000);
        return gone;
    }

    private void take(KeeperPlan.Step step) {
        switch (step) {
            case KeeperPlan.AddReplica add -> finish(add, askToOpen(add.target().node(), add.group(), List.of())
                    .thenCompose(opened -> raft(add.group()).addPeer(add.target().peer())));
            case KeeperPlan.RemoveReplica remove -> finish(remove, raft(remove.group()).removePeer(remove.peer()));
            case KeeperPlan.CreateGroup create -> write(new GroupRow(create.group(), false, create.initialPeers()));
            case KeeperPlan.OpenGroup open -> openEverywhere(open);
            case KeeperPlan.MoveLeadership move -> finish(move, raft(move.group()).transferLeadership(move.target()));
        }
    }

    private void finish(KeeperPlan.Step step, CompletionStage<?> work) {
        getContext().pipeToSelf(work, (done, failure) -> new StepDone(step, failure));
    }

    private void write(GroupRow row) {
        RowBatch batch = new RowBatch(GroupRow.PARTITION, table.orElseThrow().epoch(), List.of(row.put()));
        getContext().pipeToSelf(store.commit(batch), (at, failure) -> new RowWritten(row, failure));
    }

    private void openEverywhere(KeeperPlan.OpenGroup open) {
        long epoch = table.orElseThrow().epoch();
        List<String> peers = open.row().initialPeers().stream().map(RaftPeer::address).toList();
        CompletableFuture<?>[] opened = nodesOf(open.row().initialPeers()).stream()
                .map(target -> askToOpen(target, open.group(), peers).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        if (opened.length < peers.size()) {
            finish(open, CompletableFuture.failedStage(new IllegalStateException("not all of its nodes are here")));
            return;
        }
        GroupRow row = open.row().opened();
        CompletionStage<ReadPoint> written = CompletableFuture.allOf(opened)
                .thenCompose(all -> store.commit(new RowBatch(GroupRow.PARTITION, epoch, List.of(row.put()))));
        getContext().pipeToSelf(written, (at, failure) -> new RowWritten(row, failure));
    }

    private List<NodeId> nodesOf(List<RaftPeer> peers) {
        List<NodeId> nodes = new ArrayList<>();
        for (Member member : cluster.state().getMembers()) {
            MemberFacts facts = MemberFacts.ofClusterRoles(member.getRoles());
            if (facts.raftAddress().map(RaftPeer::new).filter(peers::contains).isPresent()) {
                nodes.add(facts.node());
            }
        }
        return nodes;
    }

    private CompletionStage<Void> askToOpen(NodeId target, int group, List<String> initialPeers) {
        Optional<ActorRef<Command>> keeper = board.keeperOf(target);
        if (keeper.isEmpty()) {
            return CompletableFuture.failedStage(new IllegalStateException("node " + target + " has not been heard of"));
        }
        ActorSystem<?> system = getContext().getSystem();
        return Asking.<Command, Reply>ask(keeper.get(), replyTo -> new OpenReplica(group, initialPeers, replyTo), OPEN_TIMEOUT, system)
                .thenAccept(reply -> {
                    if (!(reply instanceof Opened opened) || !opened.problem().isEmpty()) {
                        throw new IllegalStateException("node " + target + " cannot open its replica: " + reply);
                    }
                });
    }

    /** Moves a leadership away if they have been uneven for a while. */
    private void balance(KeeperPlan.View view) {
        long now = clock.nanos();
        Optional<KeeperPlan.Step> step = node.leaving() ? Optional.empty() : KeeperPlan.leadershipStep(view);
        if (step.isEmpty()) {
            unevenSinceNanos = Optional.empty();
            return;
        }
        if (unevenSinceNanos.isEmpty()) {
            unevenSinceNanos = Optional.of(now);
        }
        boolean due = now - unevenSinceNanos.get() >= UNEVEN_NANOS && now - lastMoveNanos >= MOVE_INTERVAL_NANOS;
        if (due && busyGroups.add(step.get().group())) {
            lastMoveNanos = now;
            take(step.get());
        }
    }

    private RaftGroup raft(int group) {
        return node.replica(group).orElseThrow().raft();
    }

    private static GroupDescription describe(RaftStatus status) {
        return new GroupDescription(status.group(), status.term(), status.appliedIndex(), status.peerLags().stream()
                .map(lag -> new PeerDescription(lag.peer().address(), lag.alive(), lag.lagEntries()))
                .toList());
    }
}
