package io.lazuli.storage.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.conformance.cloud.LazuliCloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What clients of queues may rely on while nodes of a three-node cloud die or stand still, one after the other: nothing
 * acknowledged is lost, nothing deleted comes back, no message is given to two readers within its visibility timeout. One
 * cloud and one traffic bear all faults: a cloud takes longer to start than a node to come back.
 *
 * <p>How long a node stands still: {@code -Dlazuli.fault.pauseSeconds} (10; 30 is what releases are tested with).
 */
class NodeFaultIT {

    private static final int NODES = 3;
    /** New queues go to the groups of the store in turn, so each group has one. */
    private static final int QUEUES = 3;
    private static final int STEADY_OPERATIONS = 50;
    private static final long SERVICE_TIMEOUT_MILLIS = 60_000;
    private static final long WHOLE_TIMEOUT_MILLIS = 120_000;
    private static final int PAUSE_SECONDS = Integer.getInteger("lazuli.fault.pauseSeconds", 10);

    private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(PAUSE_SECONDS + 10L);

    private interface Fault {
        void happen(LazuliCloud cloud, String node);
    }

    @Test
    void nothingIsLostOrSeenTwiceWhenEachNodeIsKilledAndStandsStill() throws InterruptedException {
        List<QueueTraffic> traffics = new ArrayList<>();
        try (LazuliCloud cloud = LazuliCloud.start(NODES)) {
            cloud.keepLogs();
            for (int i = 0; i < QUEUES; i++) {
                traffics.add(new QueueTraffic(cloud, "faults-" + i, VISIBILITY_TIMEOUT));
            }
            traffics.forEach(QueueTraffic::start);
            for (String node : cloud.nodeIds()) {
                suffer("kill -9", cloud, node, traffics, LazuliCloud::kill);
            }
            for (String node : cloud.nodeIds()) {
                suffer("SIGSTOP for " + PAUSE_SECONDS + " s", cloud, node, traffics, NodeFaultIT::standStill);
            }
            traffics.forEach(QueueTraffic::askToStop);
            for (QueueTraffic traffic : traffics) {
                traffic.awaitStop();
                traffic.drain();
            }
            check(traffics.stream().map(QueueTraffic::ledger).toList());
            cloud.deleteLogs();
        } finally {
            traffics.forEach(QueueTraffic::askToStop);
        }
    }

    private static void suffer(String name, LazuliCloud cloud, String node, List<QueueTraffic> traffics, Fault fault)
            throws InterruptedException {
        String leads = cloud.groupsLedBy(node);
        awaitService(traffics);
        traffics.forEach(QueueTraffic::forgetGaps);
        fault.happen(cloud, node);
        awaitService(traffics);
        System.out.printf("%s of %s, which led groups %s: longest time in which a queue took no message %.1f s, "
                + "gave none to delete %.1f s%n", name, node, leads, longest(traffics, QueueTraffic::puts),
                longest(traffics, QueueTraffic::deletes));
        cloud.awaitWhole(WHOLE_TIMEOUT_MILLIS);
    }

    private static void standStill(LazuliCloud cloud, String node) {
        long pid = cloud.pid(node);
        cloud.pause(pid);
        try {
            LockSupport.parkNanos(Duration.ofSeconds(PAUSE_SECONDS).toNanos());
        } finally {
            cloud.resume(pid);
        }
    }

    private static void awaitService(List<QueueTraffic> traffics) throws InterruptedException {
        for (QueueTraffic traffic : traffics) {
            traffic.puts().awaitSuccesses(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
            traffic.deletes().awaitSuccesses(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
        }
    }

    private static double longest(List<QueueTraffic> traffics, Function<QueueTraffic, ServiceGap> kind) {
        return traffics.stream().mapToDouble(traffic -> kind.apply(traffic).longestSeconds()).max().orElse(0);
    }

    private static void check(List<QueueLedger> ledgers) {
        long deleted = ledgers.stream().mapToLong(QueueLedger::acknowledgedDeletes).sum();
        Set<String> lost = all(ledgers, QueueLedger::outstanding);
        Set<String> reappeared = all(ledgers, QueueLedger::reappearedAfterDelete);
        Set<String> twice = all(ledgers, QueueLedger::seenByTwoReaders);
        System.out.printf(
                "each node killed and paused, %d queues: %d puts acknowledged (%d unknown), %d delivered, %d deletes acknowledged, %d lost, "
                        + "%d reappeared after an acknowledged delete, %d given to two readers%n",
                ledgers.size(), ledgers.stream().mapToLong(QueueLedger::acknowledgedPuts).sum(),
                ledgers.stream().mapToLong(QueueLedger::unknownPuts).sum(), ledgers.stream().mapToLong(QueueLedger::deliveries).sum(),
                deleted, lost.size(), reappeared.size(), twice.size());
        assertAll(
                () -> assertTrue(deleted >= 2 * NODES * QUEUES * STEADY_OPERATIONS, "too little was done to prove anything"),
                () -> assertEquals(Set.of(), lost, "acknowledged and lost"),
                () -> assertEquals(Set.of(), reappeared, "came back after an acknowledged delete"),
                () -> assertEquals(Set.of(), twice, "given to two readers within the visibility timeout"),
                () -> assertEquals(Set.of(), all(ledgers, QueueLedger::refusedDeletes), "pop receipts that the cloud forgot"),
                () -> assertEquals(Set.of(), all(ledgers, QueueLedger::neverSent), "never put by anybody"));
    }

    private static Set<String> all(List<QueueLedger> ledgers, Function<QueueLedger, Set<String>> kind) {
        Set<String> all = new TreeSet<>();
        for (int i = 0; i < ledgers.size(); i++) {
            for (String id : kind.apply(ledgers.get(i))) {
                all.add("queue " + i + " " + id);
            }
        }
        return all;
    }
}
