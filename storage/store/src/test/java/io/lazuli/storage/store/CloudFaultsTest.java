package io.lazuli.storage.store;

import static io.lazuli.storage.store.RowStoreContract.await;
import static io.lazuli.storage.store.RowStoreContract.bytes;
import static io.lazuli.storage.store.RowStoreContract.freshPartition;
import static io.lazuli.storage.store.RowStoreContract.put;
import static io.lazuli.storage.store.RowStoreContract.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes come, stop and return while somebody writes: every commit succeeds, in order, and nothing acknowledged is missing. */
class CloudFaultsTest {

    private static final int IN_FLIGHT = 16;

    @TempDir
    Path root;

    private TestCloud cloud;

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void aGroupGrowsFromOneReplicaToThreeWhileItIsWritten() throws Exception {
        cloud = new TestCloud(root, "lazuli.store.max-groups = 1");
        TestCloud.Node first = cloud.startStorage(1);
        try (Writer writer = new Writer(first)) {
            writer.awaitCommits(200);
            cloud.startStorage(2);
            cloud.startStorage(3);
            TestCloud.awaitThat("the group has three voters", () -> cloud.voters(0) == 3);
            writer.awaitCommits(writer.acknowledged() + 200);
            writer.finish();
            cloud.nodes().forEach(writer::checkFrom);
        }
    }

    @Test
    void whenTheLeaderStopsAnotherTakesOverAndTheWriterNoticesNothing() throws Exception {
        cloud = new TestCloud(root, "lazuli.store { max-groups = 1, attempt-timeout = 1 s }");
        cloud.startStorage(1);
        cloud.startStorage(2);
        cloud.startStorage(3);
        TestCloud.awaitThat("the group has three voters", () -> cloud.voters(0) == 3);
        TestCloud.Node compute = cloud.startCompute(4);
        try (Writer writer = new Writer(compute)) {
            writer.awaitCommits(200);
            TestCloud.Node leader = cloud.leaderOf(0);
            cloud.stop(leader);
            writer.awaitCommits(writer.acknowledged() + 200);
            assertFalse(cloud.leaderOf(0).id.equals(leader.id));
            writer.finish();
            cloud.nodes().forEach(writer::checkFrom);
        }
    }

    @Test
    void leadershipsMoveAwayBeforeANodeLeavesAndTheWriterNoticesNothing() throws Exception {
        cloud = new TestCloud(root, "lazuli.store.max-groups = 1");
        cloud.startStorage(1);
        cloud.startStorage(2);
        cloud.startStorage(3);
        TestCloud.awaitThat("the group has three voters", () -> cloud.voters(0) == 3);
        TestCloud.Node leader = cloud.leaderOf(0);
        TestCloud.Node other = cloud.nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();
        try (Writer writer = new Writer(other)) {
            writer.awaitCommits(100);
            // On a machine that stands still the others may just then count as dead, or not take over in time: it is asked again.
            TestCloud.awaitThat("another node leads", () -> {
                leader.storage().prepareLeave().toCompletableFuture().join();
                return cloud.leaderOf(0) != leader;
            });
            writer.awaitCommits(writer.acknowledged() + 100);
            writer.finish();
            cloud.nodes().forEach(writer::checkFrom);
        }
    }

    @Test
    void aFollowerThatIsTooFarBehindGetsASnapshotAndServesIt() throws Exception {
        cloud = new TestCloud(root, "lazuli.store.max-groups = 1");
        cloud.startStorage(1);
        cloud.startStorage(2);
        cloud.startStorage(3);
        TestCloud.awaitThat("the group has three voters", () -> cloud.voters(0) == 3);
        TestCloud.Node leader = cloud.leaderOf(0);
        TestCloud.Node follower = cloud.nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();
        int number = Integer.parseInt(follower.id.value().substring("node-".length()));
        int raftPort = Integer.parseInt(follower.storage().self().address().split(":")[1]);
        cloud.stop(follower);
        TestCloud.Node writing = cloud.leaderOf(0);
        try (Writer writer = new Writer(writing)) {
            // The log is cut behind the snapshot before the last one.
            for (int snapshots = 0; snapshots < 3; snapshots++) {
                writer.awaitCommits(writer.acknowledged() + 300);
                await(writing.storage().replica(0).orElseThrow().raft().snapshot());
            }
            ReadPoint last = writer.finish();
            TestCloud.Node returned = cloud.restart(number, raftPort);
            Replica replica = returned.storage().replica(0).orElseThrow();
            TestCloud.awaitThat("the follower has caught up", () -> replica.hasApplied(last.index()));
            writer.checkFrom(returned);
        }
    }

    @Test
    void aCloudThatStopsWholeHasEverythingWhenItStartsAgain() throws Exception {
        cloud = new TestCloud(root, "");
        int[] raftPorts = new int[4];
        for (int number = 1; number <= 3; number++) {
            raftPorts[number] = Integer.parseInt(cloud.startStorage(number).storage().self().address().split(":")[1]);
        }
        TestCloud.Node first = cloud.nodes().getFirst();
        TestCloud.awaitThat("all groups are there", () -> first.stores.leaderBoard().groups().equals(Set.of(0, 1, 2)));
        try (Writer writer = new Writer(first)) {
            writer.awaitCommits(300);
            writer.finish();
            cloud.close();
            for (int number = 1; number <= 3; number++) {
                cloud.restart(number, raftPorts[number]);
            }
            for (TestCloud.Node node : cloud.nodes()) {
                TestCloud.awaitThat("all groups are known again", () -> node.stores.leaderBoard().groups().equals(Set.of(0, 1, 2)));
                writer.checkFrom(node);
            }
        }
    }

    /** Commits row after row to one partition of group 0, several at a time, until told to finish; any failure is kept. */
    private static final class Writer implements AutoCloseable {

        private final PartitionId partition = freshPartition();
        private final RowStore store;
        private final Claim claim;
        private final Semaphore slots = new Semaphore(IN_FLIGHT);
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicReference<ReadPoint> last = new AtomicReference<>();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final CompletableFuture<Integer> submitted;

        Writer(TestCloud.Node node) throws Exception {
            store = node.stores.rowStore();
            claim = await(store.claim(partition));
            submitted = CompletableFuture.supplyAsync(this::write);
        }

        private int write() {
            int count = 0;
            while (!stop.get() && failure.get() == null) {
                slots.acquireUninterruptibly();
                int number = count++;
                store.commit(new RowBatch(partition, claim.epoch(), List.of(put("%08d".formatted(number), "" + number), put("last", "" + number))))
                        .whenComplete((at, failed) -> {
                            if (failed == null) {
                                // Before the commit counts: who has seen the count reads as of here.
                                last.set(at);
                                if (acknowledged.getAndIncrement() != number) {
                                    failure.compareAndSet(null, new AssertionError("commit " + number + " was answered out of order"));
                                }
                            } else {
                                failure.compareAndSet(null, failed);
                            }
                            slots.release();
                        });
            }
            return count;
        }

        int acknowledged() {
            return acknowledged.get();
        }

        void awaitCommits(int count) {
            TestCloud.awaitThat(count + " commits are acknowledged", () -> acknowledged.get() >= count || failure.get() != null);
            check();
        }

        ReadPoint finish() throws Exception {
            stop.set(true);
            int count = await(submitted);
            awaitCommits(count);
            return last.get();
        }

        void checkFrom(TestCloud.Node node) {
            try {
                assertEquals("" + (acknowledged.get() - 1), text(await(node.stores.rowStore().get(partition, bytes("last"), ReadPoint.latest())).orElseThrow()));
                byte[] from = bytes("");
                int expected = 0;
                while (expected < acknowledged.get()) {
                    RowPage page = await(node.stores.rowStore().scan(partition, RowRange.ascending(from, bytes("a"), 1_000), last.get()));
                    for (Row row : page.rows()) {
                        assertEquals("" + expected++, text(row.value()));
                    }
                    assertTrue(page.more() || expected == acknowledged.get(), "rows are missing from " + expected);
                    from = bytes("%08d".formatted(expected));
                }
            } catch (Exception e) {
                throw new AssertionError("from " + node.id, e);
            }
        }

        private void check() {
            if (failure.get() != null) {
                throw new CompletionException(failure.get());
            }
        }

        @Override
        public void close() {
            stop.set(true);
        }
    }
}
