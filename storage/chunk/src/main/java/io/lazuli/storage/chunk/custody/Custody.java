package io.lazuli.storage.chunk.custody;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkNodeStatus.GroupProgress;
import io.lazuli.storage.chunk.ChunkNodeStatus.RepairTally;
import io.lazuli.storage.chunk.NodeChunks;
import io.lazuli.storage.chunk.local.BucketDigest;
import io.lazuli.storage.chunk.local.LocalChunks;
import io.lazuli.storage.chunk.replication.Peers;
import io.lazuli.storage.chunk.replication.ReplicationSettings;
import io.lazuli.storage.chunk.transport.PeerUnreachableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a storage node has all chunks of the groups that it is a voter of, and none of others for longer than needed. One thread
 * that asks and waits, in passes: every interval, and soon after something happened. A pass
 * <ol>
 * <li>replaces damaged chunks by good copies of other nodes,
 * <li>compares, group by group, what the other storage nodes hold with what is here, by digests of hours and then by ids where these
 *     differ, and fetches what is missing,
 * <li>drops chunks of groups that this node is no voter of if every voter says that it has them.
 * </ol>
 * A node that does not tell what it holds delays nothing but what only it has.
 * Chunks that a sweep found to be garbage are not fetched from nodes that still have them. Nothing survives a crash: the next pass finds
 * what is left to do.
 */
public final class Custody implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Custody.class);
    /** A pass begins at the earliest so long after the last one ended, however much happens. */
    private static final long PAUSE_MILLIS = 200;
    /** And at least so many times as long after it as it took. */
    private static final int PAUSE_FACTOR = 4;
    /** From a node that gave none of so many chunks no more are asked in this pass. */
    private static final int MAX_FAILURES_IN_A_ROW = 8;
    private static final long CLOSE_MILLIS = 10_000;

    private final LocalNode own;
    private final LocalChunks chunks;
    private final Peers peers;
    private final ReplicationSettings settings;
    private final long answerTimeoutMillis;
    private final Clock clock;
    private final Fetcher fetcher;
    private final Thread thread;
    private final Map<Integer, GroupProgress> progress = new ConcurrentHashMap<>();
    private final Map<Integer, Set<NodeId>> whole = new ConcurrentHashMap<>();
    private final AtomicLong handedOver = new AtomicLong();
    /** Guards the two below. */
    private final Object signal = new Object();
    private boolean lookSoon;
    private boolean closed;
    /** Chunks were left alone because they may still be being written. */
    private boolean unsettled;

    /**
     * @param buffers for chunks on their way here; whose holders wait for no other node
     * @param answerTimeoutMillis for another node's answer
     */
    public Custody(LocalNode own, Peers peers, ChunkBuffers buffers, ReplicationSettings settings, long answerTimeoutMillis, Clock clock) {
        this.own = own;
        this.chunks = own.chunks();
        this.peers = peers;
        this.settings = settings;
        this.answerTimeoutMillis = answerTimeoutMillis;
        this.clock = clock;
        this.fetcher = new Fetcher(own, buffers, settings, answerTimeoutMillis, clock);
        this.thread = Thread.ofPlatform().daemon().name("lazuli-chunk-custody").unstarted(this::run);
    }

    public void start() {
        own.keptBy(this);
        thread.start();
    }

    /** There may be something to do. Any thread. */
    public void lookSoon() {
        synchronized (signal) {
            lookSoon = true;
            signal.notifyAll();
        }
    }

    /** Chunks of a group are damaged or lost here. Any thread. */
    void lacks(int group) {
        whole.remove(group);
        lookSoon();
    }

    /**
     * The groups that this node is a voter of and lacks nothing of, as of the last comparison, each with the nodes whose chunks it has all. What
     * is still on its way here does not count.
     */
    Map<Integer, Set<NodeId>> wholeGroups() {
        return Map.copyOf(whole);
    }

    /** All groups that are heard of. */
    Set<Integer> knownGroups() {
        return peers.nodes().replicas().keySet();
    }

    ChunkNodeStatus status() {
        List<GroupProgress> groups = new ArrayList<>();
        new TreeMap<>(progress).values().forEach(known -> groups.add(new GroupProgress(
                known.group(), known.voter(), BucketComparison.chunks(chunks.digests(known.group())), known.missingChunks(),
                known.comparedAtMillis())));
        return new ChunkNodeStatus(chunks.status(), groups, new RepairTally(
                fetcher.fetchedChunks(), fetcher.fetchedBytes(), fetcher.failedFetches(), handedOver.get()), own.refusedForClock());
    }

    /** Ends the pass that is under way. */
    @Override
    public void close() {
        synchronized (signal) {
            closed = true;
            signal.notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isClosed()) {
                long began = clock.nanos();
                try {
                    pass();
                } catch (RuntimeException e) {
                    LOG.info("a look after this node's chunks was not completed and is repeated: {}", e.toString());
                }
                awaitNext(TimeUnit.NANOSECONDS.toMillis(clock.nanos() - began));
            }
        } catch (InterruptedException e) {
            LOG.debug("the look after this node's chunks ends");
        }
    }

    private boolean isClosed() {
        synchronized (signal) {
            return closed;
        }
    }

    private void awaitNext(long tookMillis) throws InterruptedException {
        long dueMillis = unsettled ? Math.min(settings.settleMillis(), settings.compareIntervalMillis()) : settings.compareIntervalMillis();
        TimeUnit.MILLISECONDS.sleep(Math.min(Math.max(PAUSE_MILLIS, PAUSE_FACTOR * tookMillis), settings.compareIntervalMillis()));
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(dueMillis);
        synchronized (signal) {
            for (long left = dueMillis; !closed && !lookSoon && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - clock.nanos())) {
                signal.wait(left);
            }
            lookSoon = false;
        }
    }

    private void pass() throws InterruptedException {
        unsettled = false;
        repairDamaged();
        Set<Integer> groups = new TreeSet<>(peers.nodes().replicas().keySet());
        groups.addAll(chunks.status().chunksByGroup().keySet());
        progress.keySet().retainAll(groups);
        whole.keySet().removeIf(group -> !peers.nodes().isVoter(own.node(), group));
        for (int group : groups) {
            if (peers.nodes().isVoter(own.node(), group)) {
                complete(group);
            } else if (BucketComparison.chunks(chunks.digests(group)) > 0) {
                try {
                    handOver(group);
                } catch (PeerUnreachableException e) {
                    LOG.info("chunks of group {} stay here for now: {}", group, e.getMessage());
                }
            } else {
                progress.remove(group);
            }
        }
    }

    private void repairDamaged() throws InterruptedException {
        // Perhaps the last pass had compared before they were found.
        damaged().forEachRemaining(id -> whole.remove(id.group()));
        Iterator<ChunkId> damaged = damaged();
        long hopeless = 0;
        while (damaged.hasNext()) {
            ChunkId id = damaged.next();
            if (chunks.knownGarbage(id)) {
                answer(chunks.forget(id));
            } else if (!repair(id)) {
                hopeless++;
            }
        }
        if (hopeless > 0) {
            LOG.warn("{} chunks are damaged here, and no other node gives a good copy now", hopeless);
        }
    }

    private Iterator<ChunkId> damaged() {
        return new PagedIds(last -> page(own, chunks.damaged(last, LocalChunks.MAX_PAGE_IDS)));
    }

    private boolean repair(ChunkId id) throws InterruptedException {
        for (NodeChunks node : others(id.group())) {
            if (answer(fetcher.fetch(id, node, fetched -> { })).orElse(false)) {
                LOG.info("chunk {} was damaged here and has been replaced by the copy of node {}", id, node.node());
                return true;
            }
        }
        return false;
    }

    /** Fetches what other nodes hold of a group and this one, a voter, lacks. */
    private void complete(int group) throws InterruptedException {
        Map<NodeChunks, List<BucketDigest>> held = new LinkedHashMap<>();
        boolean allAnswered = true;
        for (NodeChunks node : others(group)) {
            Optional<List<BucketDigest>> digests = answer(node.digests(group));
            digests.ifPresent(found -> held.put(node, found));
            allAnswered &= digests.isPresent();
        }
        long missing = BucketComparison.missingAtLeast(chunks.digests(group), held.values());
        Progress shown = new Progress(group, new AtomicLong(missing));
        shown.report();
        if (missing > 0) {
            whole.remove(group);
            if (!chunks.status().writable()) {
                return;
            }
        }
        boolean gaveUp = false;
        long failed = 0;
        for (Map.Entry<NodeChunks, List<BucketDigest>> node : held.entrySet()) {
            FetchRun run = new FetchRun(node.getKey(), shown);
            try {
                run.fetch(BucketComparison.differing(chunks.digests(group), node.getValue()));
                gaveUp |= run.gaveUp();
            } catch (PeerUnreachableException e) {
                LOG.info("what else node {} has of group {} is asked again later: {}", node.getKey().node(), group, e.getMessage());
                fetcher.await();
                gaveUp = true;
            }
            failed = Math.max(failed, run.failed.get());
        }
        shown.missing.set(gaveUp ? BucketComparison.missingAtLeast(chunks.digests(group), held.values()) : failed);
        shown.report();
        if (shown.missing.get() == 0 && !gaveUp) {
            whole.put(group, held.keySet().stream().map(NodeChunks::node).collect(Collectors.toUnmodifiableSet()));
        } else {
            whole.remove(group);
        }
        if (allAnswered) {
            progress.computeIfPresent(group, (key, now) ->
                    new GroupProgress(group, true, now.heldChunks(), now.missingChunks(), clock.epochMillis()));
        }
    }

    /** What a group lacks, told while it becomes less. */
    private final class Progress {

        private final int group;
        private final AtomicLong missing;

        private Progress(int group, AtomicLong missing) {
            this.group = group;
            this.missing = missing;
        }

        private void oneLess() {
            missing.updateAndGet(count -> Math.max(0, count - 1));
            report();
        }

        private void report() {
            progress.compute(group, (key, before) ->
                    new GroupProgress(group, true, 0, missing.get(), before == null ? 0 : before.comparedAtMillis()));
        }
    }

    /** Fetches what one node has of a group and this one lacks. */
    private final class FetchRun {

        private final NodeChunks from;
        private final Progress shown;
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicInteger failedInARow = new AtomicInteger();

        private FetchRun(NodeChunks from, Progress shown) {
            this.from = from;
            this.shown = shown;
        }

        private boolean gaveUp() {
            return failedInARow.get() >= MAX_FAILURES_IN_A_ROW;
        }

        /** @param buckets those to look into, by their first millisecond */
        private void fetch(List<Long> buckets) throws InterruptedException {
            for (long fromMillis : buckets) {
                Iterator<ChunkId> lacking = new OrderedDifference(
                        ids(from, shown.group, fromMillis, null), ids(own, shown.group, fromMillis, null));
                while (lacking.hasNext() && !gaveUp()) {
                    fetch(lacking.next());
                }
            }
            fetcher.await();
        }

        private void fetch(ChunkId id) throws InterruptedException {
            if (chunks.knownGarbage(id) || answer(chunks.holds(id)).orElse(false)) {
                return;
            }
            if (id.createdMillis() > clock.epochMillis() - settings.settleMillis()) {
                unsettled = true;
                return;
            }
            fetcher.fetch(id, from, fetched -> {
                if (fetched) {
                    failedInARow.set(0);
                    shown.oneLess();
                } else {
                    failed.incrementAndGet();
                    failedInARow.incrementAndGet();
                }
            });
        }
    }

    /** Drops what all voters of a group, of which this node is none, have told to hold. */
    private void handOver(int group) throws InterruptedException {
        List<BucketDigest> held = chunks.digests(group);
        progress.put(group, new GroupProgress(group, false, 0, 0, 0));
        Optional<Peers.Placement> placement = peers.placementOf(group);
        if (placement.isEmpty() || placement.get().nodes().size() < placement.get().voters()
                || placement.get().nodes().stream().anyMatch(NodeChunks::down)) {
            return;
        }
        for (BucketDigest bucket : held) {
            ChunkId last = null;
            List<ChunkId> page;
            do {
                page = page(own, group, bucket.fromMillis(), last);
                Set<ChunkId> safe = new LinkedHashSet<>(page);
                for (NodeChunks voter : placement.get().nodes()) {
                    new OrderedDifference(page.iterator(), ids(voter, group, bucket.fromMillis(), last)).forEachRemaining(safe::remove);
                }
                for (ChunkId id : safe) {
                    if (answer(chunks.forget(id).thenApply(done -> true)).orElse(false)) {
                        handedOver.incrementAndGet();
                    }
                }
                last = page.isEmpty() ? null : page.getLast();
            } while (page.size() == LocalChunks.MAX_PAGE_IDS);
        }
    }

    /** The other storage nodes that can be asked, the group's voters first. */
    private List<NodeChunks> others(int group) {
        Set<NodeChunks> others = new LinkedHashSet<>(peers.placementOf(group).map(Peers.Placement::nodes).orElse(List.of()));
        others.addAll(peers.all());
        return others.stream().filter(node -> !peers.isOwn(node) && !node.down()).toList();
    }

    private PagedIds ids(NodeChunks node, int group, long fromMillis, ChunkId after) {
        return new PagedIds(last -> page(node, group, fromMillis, last == null ? after : last));
    }

    private List<ChunkId> page(NodeChunks node, int group, long fromMillis, ChunkId after) {
        return page(node, node.ids(group, fromMillis, fromMillis + BucketDigest.BUCKET_MILLIS, after, LocalChunks.MAX_PAGE_IDS));
    }

    private List<ChunkId> page(NodeChunks node, CompletionStage<List<ChunkId>> asked) {
        try {
            return answer(asked).orElseThrow(() -> new PeerUnreachableException(node.node(), "it does not tell what it holds"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    /** Waits; empty if it fails. */
    private <T> Optional<T> answer(CompletionStage<T> asked) throws InterruptedException {
        try {
            return Optional.ofNullable(asked.toCompletableFuture().get(answerTimeoutMillis, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("no answer: {}", e.toString());
            return Optional.empty();
        }
    }
}
