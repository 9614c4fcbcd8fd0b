package io.lazuli.storage.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.conformance.cloud.LazuliCloud;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * What clients of a queue may rely on while nodes of a three-node cloud die or stand still, one after the other: nothing
 * acknowledged is lost, nothing deleted comes back, no message is given to two readers within its visibility timeout.
 *
 * <p>How long a node stands still: {@code -Dlazuli.fault.pauseSeconds} (12; 30 is what releases are tested with).
 */
class NodeFaultIT {

    private static final int NODES = 3;
    private static final int STEADY_OPERATIONS = 300;
    private static final long SERVICE_TIMEOUT_MILLIS = 60_000;
    private static final long WHOLE_TIMEOUT_MILLIS = 120_000;
    private static final int PAUSE_SECONDS = Integer.getInteger("lazuli.fault.pauseSeconds", 12);

    private interface Fault {
        void happen(LazuliCloud cloud, String node, QueueTraffic traffic) throws InterruptedException;
    }

    @Test
    void nothingIsLostWhenEachNodeIsKilledInTurn() throws InterruptedException {
        run("kill -9", Duration.ofSeconds(20), (cloud, node, traffic) -> {
            cloud.kill(node);
            traffic.puts().awaitSuccesses(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
            traffic.deletes().awaitSuccesses(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
        });
    }

    @Test
    void nothingIsLostOrSeenTwiceWhenEachNodeStandsStill() throws InterruptedException {
        run("SIGSTOP for " + PAUSE_SECONDS + " s", Duration.ofSeconds(PAUSE_SECONDS + 10L), (cloud, node, traffic) -> {
            long pid = cloud.pid(node);
            cloud.pause(pid);
            try {
                LockSupport.parkNanos(Duration.ofSeconds(PAUSE_SECONDS).toNanos());
            } finally {
                cloud.resume(pid);
            }
            traffic.puts().awaitSuccesses(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
        });
    }

    private static void run(String name, Duration visibilityTimeout, Fault fault) throws InterruptedException {
        LazuliCloud cloud = LazuliCloud.start(NODES);
        try (cloud; QueueTraffic traffic = new QueueTraffic(cloud, "faults", visibilityTimeout)) {
            cloud.keepLogs();
            traffic.start();
            for (String node : cloud.nodeIds()) {
                traffic.puts().awaitSuccesses(STEADY_OPERATIONS, SERVICE_TIMEOUT_MILLIS);
                traffic.puts().restart();
                traffic.deletes().restart();
                fault.happen(cloud, node, traffic);
                System.out.printf(
                        "%s of %s: longest time without a put %.1f s, without a delete %.1f s%n",
                        name, node, traffic.puts().longestSeconds(), traffic.deletes().longestSeconds());
                cloud.awaitWhole(WHOLE_TIMEOUT_MILLIS);
            }
            traffic.stop();
            traffic.drain();
            report(name, traffic.ledger());
            check(traffic.ledger());
            cloud.deleteLogs();
        }
    }

    private static void report(String name, QueueLedger ledger) {
        System.out.printf(
                "%s of each node: %d puts acknowledged (%d unknown), %d delivered, %d deletes acknowledged, %d lost, "
                        + "%d reappeared after an acknowledged delete, %d given to two readers%n",
                name, ledger.acknowledgedPuts(), ledger.unknownPuts(), ledger.deliveries(), ledger.acknowledgedDeletes(),
                ledger.outstanding().size(), ledger.reappearedAfterDelete().size(), ledger.seenByTwoReaders().size());
    }

    private static void check(QueueLedger ledger) {
        assertAll(
                () -> assertTrue(ledger.acknowledgedDeletes() >= NODES * STEADY_OPERATIONS, "too little was done to prove anything"),
                () -> assertEquals(Set.of(), ledger.outstanding(), "acknowledged and lost"),
                () -> assertEquals(Set.of(), ledger.reappearedAfterDelete(), "came back after an acknowledged delete"),
                () -> assertEquals(Set.of(), ledger.seenByTwoReaders(), "given to two readers within the visibility timeout"),
                () -> assertEquals(Set.of(), ledger.refusedDeletes(), "pop receipts that the cloud forgot"),
                () -> assertEquals(Set.of(), ledger.neverSent(), "never put by anybody"));
    }
}
