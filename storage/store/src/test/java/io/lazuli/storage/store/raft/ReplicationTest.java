package io.lazuli.storage.store.raft;

import static io.lazuli.storage.store.raft.RaftCluster.failure;
import static io.lazuli.storage.store.raft.RaftCluster.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.store.raft.RaftCluster.Replica;
import io.lazuli.storage.store.raft.RaftGroup.Applied;
import io.lazuli.storage.store.raft.RaftGroup.RaftStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationTest {

    /** For tests that rely on one leader for a while, also on a slow machine. */
    private static final String PATIENT = "election-timeout = 4s";

    private static final int MAX_ATTEMPTS = 3;

    @TempDir
    Path directory;

    private static List<String> numbered(String name, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> name + " " + i).toList();
    }

    private interface Life {

        void live(RaftCluster cluster) throws Exception;
    }

    /**
     * Lives again, with other replicas, if more leaders followed each other than the test itself has made: where a machine stands still for too
     * long, followers stand for election.
     */
    private void live(String overrides, int replicas, Life life) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try (RaftCluster cluster = new RaftCluster(directory.resolve("attempt-" + attempt), overrides).startTogether(replicas)) {
                cluster.leader();
                cluster.noteFirstTerm();
                try {
                    life.live(cluster);
                    return;
                } catch (AssertionError | Exception e) {
                    if (attempt == MAX_ATTEMPTS || !cluster.leadersChangedByThemselves()) {
                        throw e;
                    }
                    System.out.println("once more, because leaders changed by themselves: " + e);
                }
            }
        }
    }

    /** Asks again where the other did not take over within an election timeout. */
    private static void transfer(Replica old, Replica next) {
        for (int attempt = 1; ; attempt++) {
            try {
                get(old.group().transferLeadership(next.peer()));
                return;
            } catch (AssertionError e) {
                if (attempt == MAX_ATTEMPTS || !e.getMessage().contains("nobody took the leadership over")) {
                    throw e;
                }
            }
        }
    }

    private static void awaitEntries(RaftCluster cluster, List<String> expected) {
        for (Replica replica : cluster.replicas()) {
            replica.machine().await("the same entries on " + replica, m -> cluster.entriesOf(m).equals(expected));
        }
    }

    @Test
    void everyReplicaAppliesTheSameEntriesInTheSameOrder() throws Exception {
        live(PATIENT, 3, cluster -> {
            Replica leader = cluster.leader();
            List<String> expected = numbered("entry", 0, 500);
            List<CompletionStage<Applied>> stages = expected.stream().map(leader::submit).toList();
            long before = 0;
            for (int i = 0; i < stages.size(); i++) {
                Applied applied = get(stages.get(i));
                assertTrue(applied.index() > before, "indexes grow");
                before = applied.index();
                assertEquals(Integer.toString(i + 1), new String(applied.result()));
            }
            awaitEntries(cluster, expected);

            // Who has not answered for a while counts as dead until it answers again.
            RaftStatus status = leader.awaitStatus("all are alive",
                    now -> now.peerLags().size() == 3 && now.peerLags().stream().allMatch(RaftGroup.PeerLag::alive));
            assertTrue(status.leading());
            assertEquals(leader.peer(), status.leader());
            assertEquals(3, status.peers().size());
            Replica follower = cluster.followers().getFirst();
            RaftStatus followed = follower.awaitStatus("it knows its leader", now -> leader.peer().equals(now.leader()));
            assertEquals(status.term(), followed.term());
        });
    }

    @Test
    void followersRefuseEntriesWithoutAppendingThem() throws Exception {
        live("", 3, cluster -> {
            cluster.put("first");
            for (Replica follower : cluster.followers()) {
                assertInstanceOf(NotLeaderException.class, failure(follower.submit("refused")));
                assertInstanceOf(NotLeaderException.class, failure(follower.group().addPeer(follower.peer())));
                assertInstanceOf(NotLeaderException.class, failure(follower.group().transferLeadership(follower.peer())));
            }
            cluster.put("second");
            awaitEntries(cluster, List.of("first", "second"));
        });
    }

    @Test
    void acknowledgedEntriesSurviveTheLeadersCrash() throws Exception {
        live("", 3, cluster -> {
            List<String> expected = new ArrayList<>(numbered("before", 0, 50));
            expected.forEach(cluster::put);
            Replica crashed = cluster.leader();
            cluster.changesLeader();
            crashed.crash();
            Replica next = cluster.leader();
            assertNotEquals(crashed, next);
            assertEquals(expected, cluster.entriesOf(next.machine()), "a leader begins with all that earlier leaders acknowledged");
            for (String entry : numbered("after", 0, 50)) {
                cluster.put(entry);
                expected.add(entry);
            }
            crashed.restart();
            awaitEntries(cluster, expected);
        });
    }

    @Test
    void aRestartOfAllReplicasAppliesNothingTwice() throws Exception {
        try (RaftCluster cluster = new RaftCluster(directory, "").startTogether(3)) {
            List<String> expected = new ArrayList<>();
            for (int run = 0; run < 3; run++) {
                for (String entry : numbered("run " + run, 0, 30)) {
                    cluster.put(entry);
                    expected.add(entry);
                }
                awaitEntries(cluster, expected);
                cluster.replicas().forEach(Replica::stop);
                for (Replica replica : cluster.replicas()) {
                    replica.restart();
                }
                cluster.leader();
                awaitEntries(cluster, expected);
            }
        }
    }

    @Test
    void aFollowerBehindTheEndOfTheLogCatchesUpBySnapshot() throws Exception {
        live("", 3, cluster -> {
            List<String> expected = new ArrayList<>(numbered("before", 0, 5));
            expected.forEach(cluster::put);
            Replica leader = cluster.leader();
            Replica late = cluster.followers().getFirst();
            Replica other = cluster.followers().getLast();
            late.stop();
            for (int snapshot = 0; snapshot < 3; snapshot++) {
                // Together more than one piece of a snapshot's file.
                for (String entry : numbered("x".repeat(15_000) + snapshot, 0, 20)) {
                    cluster.put(entry);
                    expected.add(entry);
                }
                for (Replica replica : List.of(leader, other)) {
                    replica.machine().await("all entries before the snapshot", m -> cluster.entriesOf(m).equals(expected));
                    get(replica.group().snapshot());
                }
            }
            late.restart();
            for (String entry : numbered("after", 0, 5)) {
                cluster.put(entry);
                expected.add(entry);
            }
            awaitEntries(cluster, expected);
            assertEquals(1, late.machine().snapshotsLoaded());
            assertEquals(0, leader.machine().snapshotsLoaded());

            // Its own state is newer than the snapshot that it was given: a restart need not load it again.
            late.stop();
            late.restart();
            awaitEntries(cluster, expected);
            assertEquals(0, late.machine().snapshotsLoaded());
        });
    }

    @Test
    void snapshotsAreTakenAsTheLogGrowsAndALostStateIsRebuiltFromThem() throws Exception {
        try (RaftCluster cluster = new RaftCluster(directory, "snapshot-after-log = 64 KiB").startTogether(1)) {
            Replica only = cluster.leader();
            String bulk = "x".repeat(8_000);
            List<String> expected = new ArrayList<>();
            for (int snapshots = 1; snapshots <= 3; snapshots++) {
                for (int i = 0; i < 10; i++) {
                    String entry = snapshots + " " + i + bulk;
                    cluster.put(entry);
                    expected.add(entry);
                }
                int taken = snapshots;
                only.machine().await("snapshot " + snapshots, m -> m.snapshotsSaved() >= taken);
            }
            only.stop();
            Files.delete(only.home().resolve("machine").resolve("journal"));
            only.restart();
            cluster.leader();
            only.machine().await("all entries from snapshot and log", m -> cluster.entriesOf(m).equals(expected));
            assertEquals(1, only.machine().snapshotsLoaded());
            try (Stream<Path> snapshots = Files.list(only.home().resolve("raft").resolve("snapshot"))) {
                assertEquals(1, snapshots.filter(path -> path.getFileName().toString().startsWith("snapshot_")).count());
            }
        }
    }

    @Test
    void replicationGoesOnWhenConnectionsBreak() throws Exception {
        live(PATIENT, 3, cluster -> {
            Replica leader = cluster.leader();
            List<CompletionStage<Applied>> stages = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                stages.add(leader.submit("entry " + i));
                if (i % 30 == 0) {
                    get(stages.getLast());
                    for (Replica follower : cluster.followers()) {
                        follower.breakConnectionFrom(leader);
                    }
                }
            }
            stages.forEach(RaftCluster::get);
            awaitEntries(cluster, numbered("entry", 0, 300));
            assertEquals(leader, cluster.leader());
        });
    }

    @Test
    void aGroupGrowsFromOnePeerToThreeAndShrinksAgain() throws Exception {
        live("", 1, cluster -> {
            List<String> expected = new ArrayList<>(numbered("alone", 0, 20));
            expected.forEach(cluster::put);
            Replica first = cluster.leader();
            for (int size = 2; size <= 3; size++) {
                Replica joiner = cluster.startJoiner();
                get(cluster.add(first, joiner, size));
                assertEquals(size, first.group().status().peers().size());
                cluster.put("peers " + size);
                expected.add("peers " + size);
            }
            awaitEntries(cluster, expected);
            assertInstanceOf(RaftException.class, failure(first.group().addPeer(cluster.replicas().get(1).peer())), "it is a peer already");

            // Any of the three may go, also the first.
            cluster.changesLeader();
            first.stop();
            Replica next = cluster.leader();
            get(next.group().removePeer(first.peer()));
            cluster.put("two again");
            expected.add("two again");
            for (Replica replica : List.of(next, cluster.followers().getFirst())) {
                replica.machine().await("entries of the remaining two", m -> cluster.entriesOf(m).equals(expected));
            }
            assertEquals(2, next.group().status().peers().size());
        });
    }

    @Test
    void aJoinerCountsAsAVoterOnlyWhenTheFormerVotersAreNeededNoMore() throws Exception {
        live("election-timeout = 10s", 1, cluster -> {
            Replica leader = cluster.leader();
            Replica second = cluster.startJoiner();
            get(cluster.add(leader, second, 2));
            second.stop();
            Replica third = cluster.startJoiner();
            CompletionStage<Void> change = cluster.add(leader, third, 3);

            assertFalse(change.toCompletableFuture().isDone(), "one of the two former voters is down");
            assertInstanceOf(RaftException.class, failure(leader.group().removePeer(third.peer())), "one change at a time");
            assertEquals(List.of(leader.peer(), second.peer()), leader.group().status().peers());

            second.restart();
            get(change);
            assertEquals(List.of(leader.peer(), second.peer(), third.peer()), leader.group().status().peers());
        });
    }

    @Test
    void aJoinerThatDoesNotCatchUpIsNoVoterAndAnotherMayJoin() throws Exception {
        live("election-timeout = 10s", 1, cluster -> {
            Replica leader = cluster.leader();
            Replica stopped = cluster.startJoiner();
            stopped.stop();
            assertInstanceOf(RaftException.class, failure(leader.group().addPeer(stopped.peer())));
            assertEquals(List.of(leader.peer()), leader.group().status().peers());

            Replica joiner = cluster.startJoiner();
            get(cluster.add(leader, joiner, 2));
            assertEquals(List.of(leader.peer(), joiner.peer()), leader.group().status().peers());
        });
    }

    @Test
    void leadershipMovesToThePeerThatIsAsked() throws Exception {
        live("", 3, cluster -> {
            cluster.put("first");
            for (int i = 0; i < 5; i++) {
                Replica old = cluster.leader();
                Replica next = cluster.followers().get(i % 2);
                transfer(old, next);
                assertEquals(next, cluster.leaderOtherThan(old));
                cluster.changesLeader();
                old.machine().await("the end of leadership", m -> m.leadership().startsWith("led"));
                assertInstanceOf(NotLeaderException.class, failure(old.submit("refused")));
                cluster.put("transfer " + i);
            }
            awaitEntries(cluster, List.of("first", "transfer 0", "transfer 1", "transfer 2", "transfer 3", "transfer 4"));
        });
    }

    @Test
    void aStateMachineThatFailsStopsItsReplicaVisibly() throws Exception {
        try (RaftCluster cluster = new RaftCluster(directory, "").startTogether(1)) {
            cluster.put("good");
            Replica only = cluster.leader();
            assertInstanceOf(RaftException.class, failure(only.submit(JournalMachine.POISON)));
            only.machine().await("the end of leadership", m -> m.leadership().startsWith("led"));
            only.machine().await("the failure in the status", m -> only.group().status().failure() != null);
            assertInstanceOf(NotLeaderException.class, failure(only.submit("later")));
            assertEquals(List.of("good"), cluster.entriesOf(only.machine()));
            assertNotNull(failure(only.group().readBarrier()));
        }
    }
}
