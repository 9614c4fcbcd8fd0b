package io.lazuli.storage.store.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.core.Replicator;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.storage.snapshot.ThroughputSnapshotThrottle;
import com.alipay.sofa.jraft.util.ThreadId;
import io.lazuli.storage.store.raft.transport.RaftNodeOptions;
import io.lazuli.storage.store.raft.transport.RaftTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica on SOFAJRaft. Its directory holds {@code log/} (a RocksDB, fsynced for each append), {@code meta/} (term and
 * vote, fsynced) and {@code snapshot/}; all three survive a crash. Bounded: entries in flight and in memory by
 * {@link RaftSettings}, waiting reads by {@link ReadBarriers}.
 */
final class JRaftGroup implements RaftGroup {

    private static final Logger log = LoggerFactory.getLogger(JRaftGroup.class);
    private static final long PAUSE_AFTER_FAILED_SNAPSHOT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final byte[] NO_CONTEXT = new byte[0];
    /** A joiner that is fewer entries than this behind has caught up; entries may be large. */
    private static final int CATCH_UP_MARGIN_ENTRIES = 64;
    /** One piece of a snapshot's file on its way to a follower. */
    private static final int FILE_PIECE_BYTES = 512 << 10;
    /** Entries and reads that the library takes over from its rings in one go. */
    private static final int MAX_ENTRIES_PER_STEP = 128;
    private static final int LIBRARY_THREADS_PER_GROUP = 3;

    private final int group;
    private final RaftSettings settings;
    private final RaftTransport transport;
    private final RaftNodeOptions options;
    private final NodeImpl node;
    private final GroupMachine machine;
    private final RaftStateMachine stateMachine;
    private final ReadBarriers barriers = new ReadBarriers(this::readIndex);
    private final Set<Submission> outstanding = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean snapshotUnderWay = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Consumer<JRaftGroup> onClosed;
    /** The last change of voters that was begun here, null before the first. */
    private volatile VoterChange change;
    private volatile CompletableFuture<Void> transfer = CompletableFuture.completedFuture(null);
    private volatile long lastSnapshotNanos = System.nanoTime();
    private volatile long noSnapshotBeforeNanos = System.nanoTime();
    private volatile String failure;

    /** @param term in which this replica led when it began the change; only in it can the change be done by this replica */
    private record VoterChange(long term, Configuration former, CompletableFuture<Void> changed) {

        boolean isDone() {
            return changed.isDone() && !changed.isCompletedExceptionally();
        }
    }

    private JRaftGroup(
            int group, RaftSettings settings, RaftTransport transport, List<RaftPeer> initialPeers,
            RaftStateMachine stateMachine, Path dir, Consumer<JRaftGroup> onClosed) {
        this.group = group;
        this.settings = settings;
        this.transport = transport;
        this.stateMachine = stateMachine;
        this.onClosed = onClosed;
        this.machine = new GroupMachine(group, stateMachine, new Events());
        this.options = options(settings, transport, initialPeers, dir);
        options.setFsm(machine);
        this.node = new NodeImpl(groupId(group), new PeerId(transport.self(), 0));
    }

    static JRaftGroup open(
            int group, RaftSettings settings, RaftTransport transport, List<RaftPeer> initialPeers,
            RaftStateMachine stateMachine, Path dir, Consumer<JRaftGroup> onClosed) throws IOException {
        for (String part : List.of("log", "meta", "snapshot")) {
            DurableFiles.createDirectories(dir.resolve(part));
        }
        JRaftGroup opened = new JRaftGroup(group, settings, transport, initialPeers, stateMachine, dir, onClosed);
        transport.openGroup(groupId(group));
        boolean initialised = false;
        try {
            initialised = opened.node.init(opened.options);
        } finally {
            if (!initialised) {
                opened.abandon();
            }
        }
        if (!initialised) {
            throw new IOException("group " + group + " cannot be opened in " + dir
                    + (opened.failure == null ? "; the log says why" : ": " + opened.failure));
        }
        return opened;
    }

    private static RaftNodeOptions options(RaftSettings settings, RaftTransport transport, List<RaftPeer> initialPeers, Path dir) {
        RaftNodeOptions options = new RaftNodeOptions(transport);
        options.setLogUri(dir.resolve("log").toString());
        options.setRaftMetaUri(dir.resolve("meta").toString());
        options.setSnapshotUri(dir.resolve("snapshot").toString());
        Configuration initial = new Configuration();
        initialPeers.forEach(peer -> initial.addPeer(peerId(peer)));
        options.setInitialConf(initial);
        options.setElectionTimeoutMs(settings.electionTimeoutMillis());
        options.setCatchupMargin(CATCH_UP_MARGIN_ENTRIES);
        options.setSnapshotIntervalSecs(0);
        options.setDisableCli(true);
        options.setSharedTimerPool(true);
        options.setSharedElectionTimer(true);
        options.setSharedVoteTimer(true);
        options.setSharedStepDownTimer(true);
        options.setSharedSnapshotTimer(true);
        options.setRpcConnectTimeoutMs(settings.connectTimeoutMillis());
        options.setRpcDefaultTimeout(settings.callTimeoutMillis());
        options.setRpcInstallSnapshotTimeout(settings.installSnapshotTimeoutMillis());
        options.setRpcProcessorThreadPoolSize(LIBRARY_THREADS_PER_GROUP);
        options.setSnapshotThrottle(new ThroughputSnapshotThrottle(settings.maxSnapshotBytesPerSecond(), 1));
        options.setAppendEntriesExecutors(transport.replicateExecutors());

        var raft = options.getRaftOptions();
        raft.setSync(true);
        raft.setSyncMeta(true);
        raft.setOpenStatistics(false);
        raft.setDisruptorBufferSize(settings.ringBufferEntries());
        raft.setApplyBatch(MAX_ENTRIES_PER_STEP);
        raft.setElectionHeartbeatFactor(settings.heartbeatsPerElectionTimeout());
        raft.setMaxElectionDelayMs(Math.max(settings.electionTimeoutMillis() / 2, 50));
        raft.setMaxBodySize(settings.maxAppendBytes());
        raft.setMaxReplicatorInflightMsgs(settings.maxAppendsInFlight());
        raft.setMaxLogsInMemoryBytes(settings.maxLogCacheBytes());
        raft.setMaxByteCountPerRpc(FILE_PIECE_BYTES);
        return options;
    }

    private static String groupId(int group) {
        return "g" + group;
    }

    private static PeerId peerId(RaftPeer peer) {
        PeerId id = new PeerId();
        if (!id.parse(peer.address())) {
            throw new IllegalArgumentException("not host:port: " + peer.address());
        }
        return id;
    }

    private static RaftPeer peer(PeerId id) {
        return new RaftPeer(id.getEndpoint().toString());
    }

    @Override
    public int group() {
        return group;
    }

    @Override
    public CompletionStage<Applied> submit(byte[] entry) {
        if (entry.length > settings.maxEntryBytes()) {
            throw new IllegalArgumentException("an entry of " + entry.length + " bytes; at most " + settings.maxEntryBytes() + " fit");
        }
        long term = machine.leadingTerm();
        if (term == GroupMachine.NOT_LEADING) {
            return CompletableFuture.failedFuture(new NotLeaderException(group));
        }
        Submission submission = new Submission(group, outstanding);
        try {
            // The term pins the entry to this leadership: if it is lost and won again meanwhile, the entry is refused.
            node.apply(new Task(ByteBuffer.wrap(entry), submission, term));
        } catch (IllegalStateException closing) {
            submission.fail(new NotLeaderException(group));
        }
        return submission.result();
    }

    @Override
    public CompletionStage<Long> readBarrier() {
        return barriers.barrier();
    }

    private void readIndex(BiConsumer<Long, Throwable> done) {
        CompletableFuture<Long> round = new CompletableFuture<>();
        round.orTimeout(settings.readBarrierTimeoutMillis(), TimeUnit.MILLISECONDS).whenComplete((index, problem) ->
                done.accept(index, problem == null || problem instanceof RaftException
                        ? problem : new RaftException("group " + group + ": no read barrier in time")));
        try {
            node.readIndex(NO_CONTEXT, new ReadIndexClosure(-1) {
                @Override
                public void run(Status status, long index, byte[] context) {
                    if (status.isOk()) {
                        round.complete(index);
                    } else {
                        round.completeExceptionally(new RaftException("group " + group + ": no read barrier: " + status));
                    }
                }
            });
        } catch (IllegalStateException closing) {
            round.completeExceptionally(new RaftException("group " + group + " is closed"));
        }
    }

    @Override
    public RaftStatus status() {
        long leadingTerm = machine.leadingTerm();
        boolean leading = leadingTerm != GroupMachine.NOT_LEADING;
        PeerId leader = node.getLeaderId();
        List<PeerId> peers = voters(leadingTerm);
        long appliedIndex = stateMachine.appliedIndex();
        long lastLogIndex = appliedIndex;
        if (node.getNodeState().isActive()) {
            try {
                appliedIndex = Math.max(appliedIndex, node.getLastAppliedLogIndex());
                lastLogIndex = node.getLastLogIndex();
            } catch (IllegalStateException stoppedMeanwhile) {
                log.debug("group {} stopped while its status was read", group);
            }
        }
        return new RaftStatus(
                group, leading, machine.term(), leader == null ? null : peer(leader),
                peers.stream().map(JRaftGroup::peer).toList(), appliedIndex, lastLogIndex,
                leading ? lags(peers, lastLogIndex, appliedIndex) : List.of(), failure);
    }

    private List<PeerId> voters(long leadingTerm) {
        // In this order: what is read before a change has begun are its former voters.
        Configuration newest = node.getCurrentConf();
        VoterChange last = change;
        Configuration told = last != null && last.term() == leadingTerm && !last.isDone() ? last.former() : newest;
        return told == null ? List.of() : told.listPeers();
    }

    private List<PeerLag> lags(List<PeerId> peers, long lastLogIndex, long appliedIndex) {
        Set<PeerId> alive = alivePeers();
        ReplicatorGroup replicators = options.replicators();
        List<PeerLag> lags = new ArrayList<>();
        for (PeerId peer : peers) {
            if (peer.equals(node.getServerId())) {
                lags.add(new PeerLag(peer(peer), lastLogIndex - appliedIndex, true));
                continue;
            }
            ThreadId replicator = replicators.getReplicator(peer);
            long next = replicator == null ? 0 : Replicator.getNextIndexUnsafe(replicator);
            lags.add(new PeerLag(peer(peer), Math.max(lastLogIndex - Math.max(next - 1, 0), 0), alive.contains(peer)));
        }
        return lags;
    }

    private Set<PeerId> alivePeers() {
        try {
            return new HashSet<>(node.listAlivePeers());
        } catch (IllegalStateException leadsNoMore) {
            return Set.of();
        }
    }

    @Override
    public CompletionStage<Void> addPeer(RaftPeer peer) {
        return change("add " + peer.address(), done -> node.addPeer(peerId(peer), done));
    }

    @Override
    public CompletionStage<Void> removePeer(RaftPeer peer) {
        return change("remove " + peer.address(), done -> node.removePeer(peerId(peer), done));
    }

    private CompletionStage<Void> change(String what, Consumer<Closure> request) {
        long term = machine.leadingTerm();
        if (term == GroupMachine.NOT_LEADING) {
            return CompletableFuture.failedFuture(new NotLeaderException(group));
        }
        CompletableFuture<Void> changed = new CompletableFuture<>();
        synchronized (this) {
            if (change != null && change.term() == term && !change.changed().isDone()) {
                return CompletableFuture.failedFuture(new RaftException("group " + group + ": its voters are being changed already"));
            }
            change = new VoterChange(term, node.getCurrentConf(), changed);
        }
        try {
            request.accept(status -> {
                if (status.isOk()) {
                    changed.complete(null);
                } else {
                    changed.completeExceptionally(new RaftException("group " + group + ": cannot " + what + ": " + status));
                }
            });
        } catch (IllegalArgumentException | IllegalStateException e) {
            changed.completeExceptionally(new RaftException("group " + group + ": cannot " + what + ": " + e.getMessage()));
        }
        return changed;
    }

    @Override
    public CompletionStage<Void> transferLeadership(RaftPeer peer) {
        if (machine.leadingTerm() == GroupMachine.NOT_LEADING) {
            return CompletableFuture.failedFuture(new NotLeaderException(group));
        }
        PeerId next = peerId(peer);
        CompletableFuture<Void> handedOver;
        synchronized (this) {
            if (!transfer.isDone()) {
                return CompletableFuture.failedFuture(new RaftException("group " + group + ": leadership is being transferred already"));
            }
            handedOver = new CompletableFuture<>();
            transfer = handedOver;
        }
        Status status = node.transferLeadershipTo(next);
        if (!status.isOk()) {
            handedOver.completeExceptionally(status.getRaftError() == RaftError.EPERM
                    ? new NotLeaderException(group)
                    : new RaftException("group " + group + ": cannot transfer leadership to " + peer.address() + ": " + status));
        } else if (next.equals(node.getServerId())) {
            handedOver.complete(null);
        }
        return handedOver;
    }

    @Override
    public CompletionStage<Void> snapshot() {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        node.snapshot(status -> {
            if (status.isOk()) {
                lastSnapshotNanos = System.nanoTime();
                taken.complete(null);
            } else {
                taken.completeExceptionally(new RaftException("group " + group + ": no snapshot: " + status));
            }
        });
        return taken;
    }

    /** Takes a snapshot if enough has been applied since the last one; called every now and then. */
    void snapshotIfDue() {
        long now = System.nanoTime();
        long bytes = machine.bytesSinceSnapshot();
        boolean due = bytes >= settings.snapshotAfterLogBytes()
                || bytes > 0 && now - lastSnapshotNanos >= TimeUnit.MILLISECONDS.toNanos(settings.snapshotAfterMillis());
        if (!due || now - noSnapshotBeforeNanos < 0 || closed.get() || failure != null || !snapshotUnderWay.compareAndSet(false, true)) {
            return;
        }
        snapshot().whenComplete((taken, problem) -> {
            if (problem != null) {
                noSnapshotBeforeNanos = System.nanoTime() + PAUSE_AFTER_FAILED_SNAPSHOT_NANOS;
                log.warn("{}; trying again later", problem.getMessage());
            }
            snapshotUnderWay.set(false);
        });
    }

    /** Closes what an opening that failed has opened. */
    private void abandon() {
        try {
            close();
        } catch (RuntimeException e) {
            log.warn("group {} could not be closed cleanly after it failed to open", group, e);
        }
    }

    /** Leaves service, handing leadership over if there is somebody to take it. Returns when nothing is applied any more. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        transport.closeGroup(groupId(group));
        node.shutdown();
        try {
            node.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RaftException reason = new RaftException("group " + group + " is closed");
        barriers.close(reason);
        transfer.completeExceptionally(reason);
        outstanding.forEach(submission -> submission.fail(reason));
        onClosed.accept(this);
    }

    private final class Events implements GroupMachine.Events {

        @Override
        public void leaderKnown(RaftPeer leader, long term) {
            transfer.complete(null);
        }

        @Override
        public void leadershipKept(long term) {
            transfer.completeExceptionally(new RaftException("group " + group + ": nobody took the leadership over"));
        }

        @Override
        public void failed(String reason) {
            failure = reason;
        }
    }
}
