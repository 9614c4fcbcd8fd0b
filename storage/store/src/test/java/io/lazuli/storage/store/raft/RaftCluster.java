package io.lazuli.storage.store.raft;

import com.typesafe.config.ConfigFactory;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import io.lazuli.storage.store.raft.RaftGroup.RaftStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Replicas of one group, each in a host of its own in this process, that tests crash and start again. */
final class RaftCluster implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final long POLL_MILLIS = 10;
    /** What the library says of a joiner that it did not reach, or that was not up to date, in time. */
    private static final String NOT_CAUGHT_UP = "failed to catch up";

    private final Path directory;
    private final String overrides;
    private final List<Replica> replicas = new ArrayList<>();
    /** Entries that are perhaps in twice, because the outcome of an attempt to put them is unknown. */
    private final Set<String> perhapsTwice = ConcurrentHashMap.newKeySet();
    private long firstTerm;
    private int changesMade;

    /** @param overrides of {@code lazuli.store.raft}, in HOCON */
    RaftCluster(Path directory, String overrides) {
        this.directory = directory;
        this.overrides = overrides;
    }

    static RaftSettings settings(int port, String overrides) {
        return RaftSettings.of(
                ConfigFactory.parseString("lazuli.store.raft { " + overrides + " }").withFallback(ConfigFactory.load()),
                "test", "127.0.0.1", port);
    }

    /** Replicas that know each other from the start. */
    RaftCluster startTogether(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Replica replica = new Replica(directory.resolve("replica-" + replicas.size()));
            replica.startHost();
            replicas.add(replica);
        }
        List<RaftPeer> peers = replicas.stream().map(Replica::peer).toList();
        for (Replica replica : replicas) {
            replica.openGroup(peers);
        }
        return this;
    }

    /** A replica that belongs to no group yet. */
    Replica startJoiner() throws IOException {
        Replica replica = new Replica(directory.resolve("replica-" + replicas.size()));
        replica.startHost();
        replica.openGroup(List.of());
        replicas.add(replica);
        return replica;
    }

    /**
     * Adds a voter; returns when the joiner has heard of so many, with the change, which may yet not be done. A joiner that a machine which stands
     * still does not reach, or bring up to date, in time is added again, as the store's keeper does.
     */
    CompletionStage<Void> add(Replica leader, Replica joiner, int voters) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        CompletableFuture<Void> change = leader.group().addPeer(joiner.peer()).toCompletableFuture();
        while (joiner.group().status().peers().size() != voters) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(joiner + " has heard of " + joiner.group().status().peers() + "; the change: " + change);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            if (change.isCompletedExceptionally()) {
                if (!change.exceptionNow().getMessage().contains(NOT_CAUGHT_UP)) {
                    return change;
                }
                change = leader.group().addPeer(joiner.peer()).toCompletableFuture();
            }
        }
        return change;
    }

    /** From now on what the test itself ends counts: see {@link #leadersChangedByThemselves}. */
    void noteFirstTerm() {
        firstTerm = newestTerm();
    }

    /** The test is about to end a leadership, or has moved one as it wanted. */
    void changesLeader() {
        changesMade++;
    }

    /** Whether more leaders followed each other than the test has made, or none leads now: on a machine that stood still, followers stand for election. */
    boolean leadersChangedByThemselves() {
        boolean led = replicas.stream().anyMatch(replica -> replica.running && replica.group.status().leading());
        return !led || newestTerm() - firstTerm > changesMade;
    }

    private long newestTerm() {
        return replicas.stream().filter(replica -> replica.running).mapToLong(replica -> replica.group.status().term()).max().orElse(0);
    }

    List<Replica> replicas() {
        return replicas;
    }

    /** Waits until a running replica leads. */
    Replica leader() {
        return leaderOtherThan(null);
    }

    synchronized Replica leaderOtherThan(Replica former) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            for (Replica replica : replicas) {
                if (replica != former && replica.running && replica.machine.leadership().startsWith("leads")) {
                    return replica;
                }
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMillis <= 0) {
                throw new AssertionError("nobody leads");
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private synchronized void leadershipChanged() {
        notifyAll();
    }

    List<Replica> followers() {
        Replica leader = leader();
        return replicas.stream().filter(replica -> replica != leader && replica.running).toList();
    }

    /** What a machine has applied, without repetitions that only mean that {@link #put} had to try again. */
    List<String> entriesOf(JournalMachine machine) {
        Set<String> seen = new HashSet<>();
        return machine.entries().stream().filter(entry -> seen.add(entry) || !perhapsTwice.contains(entry)).toList();
    }

    /** Submits to whoever leads until it is acknowledged; an entry whose outcome is unknown may then be in twice. */
    void put(String entry) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            try {
                leader().submit(entry).toCompletableFuture().get(10, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException | TimeoutException again) {
                perhapsTwice.add(entry);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("nobody takes " + entry);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static Throwable failure(CompletionStage<?> stage) {
        try {
            Object result = stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("succeeded with " + result);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        replicas.forEach(Replica::stop);
    }

    final class Replica {

        private final Path home;
        private int port;
        private RaftHost host;
        private volatile RaftGroup group;
        private volatile JournalMachine machine;
        private volatile boolean running;

        private Replica(Path home) {
            this.home = home;
        }

        private void startHost() throws IOException {
            host = RaftPorts.start(settings(port, overrides));
            port = Integer.parseInt(host.self().address().split(":")[1]);
        }

        private void openGroup(List<RaftPeer> peers) throws IOException {
            machine = new JournalMachine(home.resolve("machine"), RaftCluster.this::leadershipChanged);
            group = host.open(0, peers, machine, home.resolve("raft"));
            running = true;
            // Who waits for a leader has not looked at this one yet.
            leadershipChanged();
        }

        RaftPeer peer() {
            return host.self();
        }

        Path home() {
            return home;
        }

        int port() {
            return port;
        }

        RaftGroup group() {
            return group;
        }

        JournalMachine machine() {
            return machine;
        }

        CompletionStage<RaftGroup.Applied> submit(String entry) {
            return group.submit(entry.getBytes(StandardCharsets.UTF_8));
        }

        /** For what no callback tells of. */
        RaftStatus awaitStatus(String what, Predicate<RaftStatus> condition) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            RaftStatus status = group.status();
            while (!condition.test(status)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("never came about: " + what + "; " + status);
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                status = group.status();
            }
            return status;
        }

        /** A newer connection that says to be of the same peer makes this replica end the older one. */
        void breakConnectionFrom(Replica other) throws IOException {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                byte[] cloud = "test".getBytes(StandardCharsets.UTF_8);
                byte[] address = other.peer().address().getBytes(StandardCharsets.UTF_8);
                ByteArrayOutputStream handshake = new ByteArrayOutputStream();
                handshake.write(new byte[] {'L', 'Z', 'R', 'F', 1, (byte) cloud.length});
                handshake.write(cloud);
                handshake.write(address.length);
                handshake.write(address);
                socket.getOutputStream().write(handshake.toByteArray());
                if (socket.getInputStream().read() != 'L') {
                    throw new AssertionError("no handshake");
                }
            }
        }

        /** Ends without a word to its peers. */
        void crash() {
            running = false;
            host.transport().close();
            host.close();
        }

        void stop() {
            running = false;
            host.close();
        }

        void restart() throws IOException {
            startHost();
            openGroup(List.of());
        }

        @Override
        public String toString() {
            return "replica on " + port;
        }
    }
}
