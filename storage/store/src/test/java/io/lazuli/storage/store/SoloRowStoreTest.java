package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.NodeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over one replica without consensus, and what the store does when that replica misbehaves. */
class SoloRowStoreTest extends RowStoreContract {

    @TempDir
    Path directory;

    private final SoloRaft.Log log = new SoloRaft.Log();
    private SoloRaft raft;
    private StoreNode node;
    private RoutedRowStore store;

    @BeforeEach
    void open() throws Exception {
        open("60 s");
    }

    private void open(String requestTimeout) throws Exception {
        StoreSettings settings = TestSettings.of("lazuli.store { request-timeout = " + requestTimeout
                + ", max-pending-bytes = 16 MiB, read-threads = 1, max-pending-reads = 16 }");
        node = StoreNode.start(settings, new NodeId("node-1"), "localhost:1", directory, true, (group, peers, machine, home) -> {
            raft = new SoloRaft(group, log, machine);
            return raft;
        });
        store = new RoutedRowStore(
                new RoutedRowStore.Routes() {
                    @Override
                    public Optional<GroupAccess> leader(int group) {
                        return node.replica(group).map(replica -> replica);
                    }

                    @Override
                    public Optional<Replica> local(int group) {
                        return node.replica(group);
                    }
                },
                settings);
    }

    @AfterEach
    void close() {
        store.close();
        node.close();
    }

    @Override
    RowStore store() {
        return store;
    }

    @Test
    void epochsOfEachPartitionStartAtOne() throws Exception {
        var partition = freshPartition();
        assertEquals(1, await(store.claim(partition)).epoch());
        assertEquals(2, await(store.claim(partition)).epoch());
        assertEquals(1, await(store.claim(freshPartition())).epoch());
    }

    @Test
    void commitsWaitOutATimeWithoutLeaderAndKeepTheirOrder() throws Exception {
        var partition = freshPartition();
        Claim claim = await(store.claim(partition));
        raft.leading(false);
        List<CompletionStage<ReadPoint>> commits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            commits.add(store.commit(new RowBatch(partition, claim.epoch(), List.of(put("last", "" + i)))));
        }
        raft.leading(true);
        for (CompletionStage<ReadPoint> commit : commits) {
            await(commit);
        }
        assertEquals("19", text(await(store.get(partition, bytes("last"), ReadPoint.latest())).orElseThrow()));
    }

    @Test
    void aCommitWhoseAnswerWasLostIsAppliedOnce() throws Exception {
        var partition = freshPartition();
        Claim claim = await(store.claim(partition));
        raft.losesAnswers(true);
        CompletionStage<ReadPoint> first = store.commit(new RowBatch(partition, claim.epoch(), List.of(put("a", "1"))));
        CompletionStage<ReadPoint> second = store.commit(new RowBatch(partition, claim.epoch(), List.of(delete("a"), put("b", "2"))));
        await(store.get(partition, bytes("b"), ReadPoint.latest()));
        raft.losesAnswers(false);
        await(first);
        await(second);
        assertEquals(List.of("b"), keys(await(store.scan(partition, RowRange.ascending(bytes(""), null, 10), ReadPoint.latest()))));
    }

    @Test
    void readsThatFindNoRoomAmongThoseThatWaitAreTriedAgain() throws Exception {
        var partition = freshPartition();
        Claim claim = await(store.claim(partition));
        List<CompletionStage<RowPage>> pages = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pages.add(store.scan(partition, RowRange.ascending(bytes(""), null, 10), claim.at()));
        }
        for (CompletionStage<RowPage> page : pages) {
            assertEquals(List.of(), keys(await(page)));
        }
    }

    @Test
    void withoutALeaderCommitsFailAsNotAppliedWhenTheirTimeIsOverAndTheWriterMustClaimAnew() throws Exception {
        close();
        open("2 s");
        var partition = freshPartition();
        Claim claim = await(store.claim(partition));
        raft.leading(false);
        CompletionStage<ReadPoint> commit = store.commit(new RowBatch(partition, claim.epoch(), List.of(put("a", "1"))));
        assertTrue(failure(StoreUnavailableException.class, commit).definitelyNotApplied());
        failure(StoreUnavailableException.class, store.confirm(partition, claim.epoch()));
        raft.leading(true);
        CompletionStage<ReadPoint> next = store.commit(new RowBatch(partition, claim.epoch(), List.of(put("a", "2"))));
        assertTrue(failure(StoreUnavailableException.class, next).definitelyNotApplied());
        Claim again = await(store.claim(partition));
        await(store.commit(new RowBatch(partition, again.epoch(), List.of(put("a", "3")))));
        assertEquals("3", text(await(store.get(partition, bytes("a"), ReadPoint.latest())).orElseThrow()));
    }

    @Test
    void whatExceedsThePendingBytesIsRefusedAtOnceAndTheRestIsCommitted() throws Exception {
        var partition = freshPartition();
        Claim claim = await(store.claim(partition));
        raft.leading(false);
        byte[] value = new byte[5 << 18];
        List<RowOp> ops = Stream.of("a", "b", "c", "d").<RowOp>map(key -> new RowOp.Put(bytes(key), value)).toList();
        List<CompletionStage<ReadPoint>> commits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            commits.add(store.commit(new RowBatch(partition, claim.epoch(), ops)));
        }
        CompletionStage<ReadPoint> refused =
                store.commit(new RowBatch(partition, claim.epoch(), ops));
        assertTrue(refused.toCompletableFuture().isDone());
        assertTrue(failure(StoreUnavailableException.class, refused).definitelyNotApplied());
        raft.leading(true);
        for (CompletionStage<ReadPoint> commit : commits) {
            await(commit);
        }
    }
}
