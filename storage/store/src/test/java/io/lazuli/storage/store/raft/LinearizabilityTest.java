package io.lazuli.storage.store.raft;

import static io.lazuli.storage.store.raft.RaftCluster.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.store.raft.RaftCluster.Replica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearizabilityTest {

    private enum Outcome { ACKNOWLEDGED, REFUSED, UNKNOWN }

    @TempDir
    Path directory;

    /** Failure modes come and go while entries stream in; afterwards each entry's answer must match what was applied. */
    @Test
    void whatIsAcknowledgedIsAppliedOnceAndWhatIsRefusedNever() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (RaftCluster cluster = new RaftCluster(directory, "election-timeout = 300ms").startTogether(3)) {
            cluster.leader();
            Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
            AtomicBoolean done = new AtomicBoolean();
            Semaphore written = new Semaphore(0);
            List<Thread> writers = new ArrayList<>();
            for (int w = 0; w < 2; w++) {
                int writer = w;
                writers.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; !done.get(); i++) {
                        Replica replica = i % 10 == 0 ? cluster.replicas().get(i / 10 % 3) : cluster.leader();
                        String entry = "writer " + writer + " entry " + i;
                        outcomes.put(entry, outcome(replica.submit(entry)));
                        written.release();
                    }
                }));
            }
            for (int round = 0; round < 8; round++) {
                Replica leader = cluster.leader();
                if (random.nextBoolean()) {
                    Replica next = cluster.followers().get(random.nextInt(2));
                    try {
                        leader.group().transferLeadership(next.peer()).toCompletableFuture().get(30, TimeUnit.SECONDS);
                    } catch (ExecutionException | TimeoutException notNow) {
                        continue;
                    }
                } else {
                    leader.crash();
                    cluster.leader();
                    leader.restart();
                }
                written.drainPermits();
                assertTrue(written.tryAcquire(60, 120, TimeUnit.SECONDS), "writers make progress");
            }
            done.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            cluster.put("last");
            Replica reference = cluster.leader();
            Map<String, Integer> applied = new HashMap<>();
            reference.machine().entries().forEach(entry -> applied.merge(entry, 1, Integer::sum));
            Map<Outcome, Integer> counts = new HashMap<>();
            outcomes.forEach((entry, outcome) -> {
                counts.merge(outcome, 1, Integer::sum);
                int times = applied.getOrDefault(entry, 0);
                switch (outcome) {
                    case ACKNOWLEDGED -> assertEquals(1, times, entry);
                    case REFUSED -> assertEquals(0, times, entry);
                    case UNKNOWN -> assertTrue(times <= 1, entry);
                }
            });
            System.out.println(counts);
            for (Replica replica : cluster.replicas()) {
                replica.machine().await("the same entries everywhere", m -> m.entries().equals(reference.machine().entries()));
            }
        }
    }

    private static Outcome outcome(CompletionStage<RaftGroup.Applied> stage) {
        try {
            stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
            return Outcome.ACKNOWLEDGED;
        } catch (ExecutionException e) {
            boolean refused = e.getCause() instanceof NotLeaderException
                    || e.getCause() instanceof RaftException failure && failure.definitelyNotAppended();
            return refused ? Outcome.REFUSED : Outcome.UNKNOWN;
        } catch (TimeoutException | InterruptedException e) {
            return Outcome.UNKNOWN;
        }
    }

    @Test
    void aReadBehindABarrierSeesEverythingAcknowledgedBeforeItOnEveryReplicaWhileLeadershipMoves() throws Exception {
        try (RaftCluster cluster = new RaftCluster(directory, "").startTogether(3)) {
            cluster.put("first");
            AtomicInteger acknowledged = new AtomicInteger(1);
            AtomicBoolean done = new AtomicBoolean();
            Semaphore checkedReads = new Semaphore(0);
            List<String> stale = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            threads.add(Thread.startVirtualThread(() -> {
                while (!done.get()) {
                    cluster.put("entry");
                    acknowledged.incrementAndGet();
                }
            }));
            for (Replica replica : cluster.replicas()) {
                threads.add(Thread.startVirtualThread(() -> {
                    while (!done.get()) {
                        int before = acknowledged.get();
                        try {
                            replica.group().readBarrier().toCompletableFuture().get(30, TimeUnit.SECONDS);
                        } catch (ExecutionException | TimeoutException | InterruptedException noLeaderNow) {
                            continue;
                        }
                        int seen = replica.machine().entries().size();
                        if (seen < before) {
                            stale.add(replica + " showed " + seen + " of " + before);
                        }
                        checkedReads.release();
                    }
                }));
            }
            for (int i = 0; i < 6; i++) {
                Replica leader = cluster.leader();
                Replica next = cluster.followers().get(i % 2);
                try {
                    leader.group().transferLeadership(next.peer()).toCompletableFuture().get(30, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException notNow) {
                    continue;
                }
                checkedReads.drainPermits();
                assertTrue(checkedReads.tryAcquire(200, 120, TimeUnit.SECONDS), "readers make progress");
            }
            done.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), stale);
        }
    }

    @Test
    void readsThatWaitTogetherShareTheirBarriers() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        List<BiConsumer<Long, Throwable>> open = new ArrayList<>();
        ReadBarriers barriers = new ReadBarriers(done -> {
            rounds.incrementAndGet();
            open.add(done);
        });
        List<CompletionStage<Long>> readers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readers.add(barriers.barrier());
        }
        assertEquals(ReadBarriers.MAX_ROUNDS, rounds.get());
        open.remove(0).accept(7L, null);
        assertEquals(7L, get(readers.get(0)));
        assertEquals(ReadBarriers.MAX_ROUNDS + 1, rounds.get(), "the other 98 share one round");
        open.remove(1).accept(9L, null);
        assertEquals(9L, get(readers.get(99)));
        open.remove(0).accept(null, new RaftException("no quorum"));
        assertTrue(readers.get(1).toCompletableFuture().isCompletedExceptionally());
    }
}
