package io.lazuli.storage.store;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.store.raft.RaftGroup;
import io.lazuli.storage.store.raft.RaftGroup.PeerLag;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.RaftStateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of one storage node, and the memory and threads that they share. It owns the store's directory:
 *
 * <pre>
 * group-K/initial-peers   the voters that the group was created with, one a line; empty where this replica was added later
 * group-K/rows/           {@link RowDatabase}
 * group-K/raft/           log, votes and snapshots of the consensus library
 * </pre>
 *
 * <p>What was acknowledged survives in these directories; everything in memory is rebuilt from them. A replica whose
 * creation a crash interrupted is opened again with the same initial peers, which count only while its log is empty.
 */
public final class StoreNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreNode.class);
    private static final String GROUP_DIRECTORY = "group-";
    private static final String INITIAL_PEERS = "initial-peers";
    private static final long TRANSFER_TIMEOUT_MILLIS = 3_000;

    /** Opens a Raft replica: {@code RaftHost::open}, or a double in tests. */
    @FunctionalInterface
    public interface ReplicaOpener {

        RaftGroup open(int group, List<RaftPeer> initialPeers, RaftStateMachine machine, Path directory) throws IOException;
    }

    private final StoreSettings settings;
    private final NodeId node;
    private final RaftPeer self;
    private final Path directory;
    private final ReplicaOpener opener;
    private final RocksResources resources;
    private final ReadPool readPool;
    private final Map<Integer, Replica> replicas = new ConcurrentHashMap<>();
    private final Map<Integer, Long> ledTerms = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> leadershipListeners = new CopyOnWriteArrayList<>();
    private volatile boolean leaving;
    private boolean closed;

    private StoreNode(StoreSettings settings, NodeId node, RaftPeer self, Path directory, ReplicaOpener opener) {
        this.settings = settings;
        this.node = node;
        this.self = self;
        this.directory = directory;
        this.opener = opener;
        this.resources = new RocksResources(settings);
        this.readPool = new ReadPool(settings.readThreads(), settings.maxPendingReads());
    }

    /**
     * Opens the replicas that the directory holds; blocks until they have replayed their rows. Needs no cluster: call it
     * before the actor system starts.
     *
     * @param raftAddress this node's {@code host:port} on the Raft port
     * @param form true if this node forms a new cloud: group 0 then starts with this node alone, unless a replica of it is
     *     kept here. The directory cannot tell a new node from one of a cloud that never got such a replica, or lost it: the
     *     caller must pass false for a node that remembers other members, else there will be two groups 0
     */
    public static StoreNode start(
            StoreSettings settings, NodeId node, String raftAddress, Path directory, boolean form, ReplicaOpener opener)
            throws IOException {
        DurableFiles.createDirectory(directory);
        StoreNode started = new StoreNode(settings, node, new RaftPeer(raftAddress), directory, opener);
        try {
            for (Path kept : DurableFiles.list(directory)) {
                String name = kept.getFileName().toString();
                if (name.startsWith(GROUP_DIRECTORY) && Files.exists(kept.resolve(INITIAL_PEERS))) {
                    started.open(Integer.parseInt(name.substring(GROUP_DIRECTORY.length())), List.of());
                }
            }
            if (form && started.replica(0).isEmpty()) {
                started.open(0, List.of(started.self));
            }
            return started;
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** Hands this node's leaderships to other replicas where there are any; completes when done or after a few seconds. */
    public CompletionStage<Void> prepareLeave() {
        leaving = true;
        CompletableFuture<?>[] transfers = ledTerms.keySet().stream()
                .map(replicas::get)
                .map(replica -> transferAway(replica.raft()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(transfers);
    }

    /** Closes all replicas. The {@link RaftGroup}s' host is closed afterwards by whoever started it. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        readPool.close();
        replicas.values().forEach(Replica::close);
        replicas.clear();
        resources.close();
    }

    NodeId node() {
        return node;
    }

    RaftPeer self() {
        return self;
    }

    /** True once {@link #prepareLeave} was called: this node wants no leadership. */
    boolean leaving() {
        return leaving;
    }

    Optional<Replica> replica(int group) {
        return Optional.ofNullable(replicas.get(group));
    }

    /** The groups that this node leads, with their terms. */
    SortedMap<Integer, Long> led() {
        return new TreeMap<>(ledTerms);
    }

    boolean leads(int group) {
        return ledTerms.containsKey(group);
    }

    /** Calls {@code listener} after this node has begun or ceased to lead a group; on a Raft thread. */
    void onLeadershipChange(Runnable listener) {
        leadershipListeners.add(listener);
    }

    /**
     * Opens this node's replica of the group if it is not open yet; blocks.
     *
     * @param initialPeers the voters of a new group, the same on each of them; empty for a replica that will be added
     */
    synchronized void open(int group, List<RaftPeer> initialPeers) throws IOException {
        if (closed) {
            throw new IOException("the store of node " + node + " is closed");
        }
        if (replicas.containsKey(group)) {
            return;
        }
        Path home = directory.resolve(GROUP_DIRECTORY + group);
        DurableFiles.createDirectory(home);
        List<RaftPeer> peers = rememberedPeers(home.resolve(INITIAL_PEERS), initialPeers);
        RowDatabase database = RowDatabase.open(home.resolve("rows"), resources);
        RowStateMachine machine = new RowStateMachine(database, (leading, term) -> onLeadership(group, leading, term));
        try {
            Path log = home.resolve("raft");
            DurableFiles.createDirectory(log);
            RaftGroup raft = opener.open(group, peers, machine, log);
            replicas.put(group, new Replica(raft, machine, readPool, settings));
        } catch (IOException | RuntimeException e) {
            machine.close();
            throw e;
        }
        LOG.info("replica of group {} is open at applied index {}", group, machine.appliedIndex());
        leadershipListeners.forEach(Runnable::run);
    }

    private static List<RaftPeer> rememberedPeers(Path file, List<RaftPeer> initialPeers) throws IOException {
        if (!Files.exists(file)) {
            DurableFiles.replace(file, String.join("\n", initialPeers.stream().map(RaftPeer::address).toList()));
            return initialPeers;
        }
        return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).map(RaftPeer::new).toList();
    }

    private void onLeadership(int group, boolean leading, long term) {
        if (leading) {
            ledTerms.put(group, term);
        } else {
            ledTerms.remove(group);
        }
        LOG.info("{} group {} in term {}", leading ? "leading" : "no longer leading", group, term);
        leadershipListeners.forEach(Runnable::run);
    }

    private CompletableFuture<Void> transferAway(RaftGroup raft) {
        Iterator<RaftPeer> candidates = raft.status().peerLags().stream()
                .filter(lag -> lag.alive() && !lag.peer().equals(self))
                .sorted(Comparator.comparingLong(PeerLag::lagEntries))
                .map(PeerLag::peer)
                .iterator();
        return transferToNext(raft, candidates)
                .orTimeout(TRANSFER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    LOG.warn("could not hand over the leadership of group {}: {}", raft.group(), failure.toString());
                    return null;
                });
    }

    private static CompletableFuture<Void> transferToNext(RaftGroup raft, Iterator<RaftPeer> candidates) {
        if (!candidates.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        return raft.transferLeadership(candidates.next()).toCompletableFuture().exceptionallyCompose(failure ->
                candidates.hasNext() ? transferToNext(raft, candidates) : CompletableFuture.failedFuture(failure));
    }
}
