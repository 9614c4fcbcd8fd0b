package io.lazuli.storage.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.conformance.cloud.LazuliCloud;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What clients of queues, tables and blobs may rely on while nodes of a three-node cloud die or stand still, one after the other, while ranges
 * split and while a node's files of blobs are damaged: nothing acknowledged is lost or changed, nothing deleted comes back, no message is given to
 * two readers within its visibility timeout. One cloud bears all traffic and all faults: a cloud takes longer to start than a node to
 * come back.
 *
 * <p>What releases are tested with: {@code -Dlazuli.fault.pauseSeconds=30} (10), {@code -Dlazuli.fault.pauses=3} nodes that stand still (1),
 * {@code -Dlazuli.fault.maxBlobBytes=268435456} (3 MB).
 */
class NodeFaultIT {

    private static final int NODES = 3;
    /** New queues go to the groups of the store in turn, so each group has one. */
    private static final int QUEUES = 3;
    private static final int BLOB_PAIRS = 2;
    private static final long SPLIT_BYTES = 512 * 1024;
    private static final long WHOLE_TIMEOUT_MILLIS = 300_000;
    private static final int PAUSE_SECONDS = Integer.getInteger("lazuli.fault.pauseSeconds", 10);
    private static final int PAUSES = Integer.getInteger("lazuli.fault.pauses", 1);
    private static final long MAX_BLOB_BYTES = Long.getLong("lazuli.fault.maxBlobBytes", 3_000_000L);
    private static final long BLOB_TRAFFIC_TIMES = 20;
    private static final Duration BLOB_TRY_TIMEOUT = Duration.ofSeconds(10 + MAX_BLOB_BYTES / 2_000_000);

    private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(PAUSE_SECONDS + 10L);

    /** Nodes look after their bytes of blobs all the time, and small files make more of them. */
    private static final String BLOB_OPTIONS = " -Dlazuli.chunk.replication.compare-interval=2s -Dlazuli.chunk.replication.settle=2s"
            + " -Dlazuli.chunk.local.scrub-interval=2s -Dlazuli.chunk.local.scrub-per-second=256MiB -Dlazuli.chunk.local.extent-size=64MiB";

    private interface Fault {
        void happen(LazuliCloud cloud, String node) throws IOException;
    }

    @Test
    void nothingIsLostChangedOrSeenTwiceWhenEachNodeIsKilledAndStandsStill() throws Exception {
        List<Traffic> traffics = new ArrayList<>();
        try (LazuliCloud cloud = LazuliCloud.start(NODES, TableSplitFire.cloudOptions(SPLIT_BYTES) + BLOB_OPTIONS)) {
            cloud.keepLogs();
            for (int i = 0; i < QUEUES; i++) {
                traffics.add(new QueueTraffic(cloud, "faults-" + i, VISIBILITY_TIMEOUT));
            }
            traffics.add(new TableSplitFire(cloud));
            traffics.add(new BlobTraffic(cloud, "faults", BLOB_PAIRS, blobSizes(), BLOB_TRAFFIC_TIMES * MAX_BLOB_BYTES, System.nanoTime(), BLOB_TRY_TIMEOUT));
            traffics.forEach(Traffic::start);
            List<String> nodes = cloud.nodeIds();
            suffer("kill -9", true, cloud, nodes.get(0), traffics, LazuliCloud::kill);
            suffer("kill -9 and flipped bytes", true, cloud, nodes.get(1), traffics, (one, node) -> {
                one.kill(node);
                System.out.println("bytes flipped in " + BlobFiles.of(one, node).flipBytes());
            });
            suffer("kill -9 and deleted files", true, cloud, nodes.get(2), traffics, (one, node) -> {
                one.kill(node);
                System.out.println("deleted " + BlobFiles.of(one, node).delete());
            });
            for (String node : nodes.subList(0, PAUSES)) {
                suffer("SIGSTOP for " + PAUSE_SECONDS + " s", false, cloud, node, traffics, NodeFaultIT::standStill);
            }
            traffics.forEach(Traffic::askToStop);
            List<String> problems = new ArrayList<>();
            for (Traffic traffic : traffics) {
                traffic.awaitStop();
                problems.addAll(traffic.problems());
            }
            assertEquals(List.of(), problems);
            cloud.deleteLogs();
        } finally {
            traffics.forEach(Traffic::askToStop);
        }
    }

    /** A short one that is in files, one that lives in its row, then longer and longer ones, not of whole chunks. */
    private static long[] blobSizes() {
        LongStream growing = LongStream.iterate(300_001, size -> size < MAX_BLOB_BYTES, size -> size * 8);
        return LongStream.concat(LongStream.of(40_000, 1024, MAX_BLOB_BYTES), growing).toArray();
    }

    /** @param damaging whether what the node holds of blobs must be whole again before the next fault */
    private static void suffer(String name, boolean damaging, LazuliCloud cloud, String node, List<Traffic> traffics, Fault fault)
            throws InterruptedException, IOException {
        String leads = cloud.groupsLedBy(node);
        awaitService(traffics);
        traffics.forEach(Traffic::forgetGaps);
        fault.happen(cloud, node);
        awaitService(traffics);
        System.out.printf("%s of %s, which led groups %s: longest time without service %.1f s%n", name, node, leads,
                traffics.stream().mapToDouble(Traffic::longestGapSeconds).max().orElse(0));
        cloud.awaitWhole(WHOLE_TIMEOUT_MILLIS);
        if (damaging) {
            cloud.awaitBlobsWhole(WHOLE_TIMEOUT_MILLIS);
        }
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

    private static void awaitService(List<Traffic> traffics) throws InterruptedException {
        for (Traffic traffic : traffics) {
            traffic.awaitService();
        }
    }
}
