package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.store.raft.NotLeaderException;
import io.lazuli.storage.store.raft.RaftException;
import io.lazuli.storage.store.raft.RaftGroup.Applied;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What waits travels together, in order, within its bounds. */
class GroupCommitterTest {

    private static final byte[] ITEM = EntryFormat.claim(PartitionPrefix.of(new PartitionId(0, PartitionKind.QUEUE, "q")));

    private final List<byte[]> entries = new ArrayList<>();
    private final Deque<CompletableFuture<Applied>> inFlight = new ArrayDeque<>();

    @Test
    void anIdleGroupCommitsAtOnceAndABusyOneInLargeEntries() {
        GroupCommitter committer = new GroupCommitter(this::submit, 1 << 20, 1 << 20);
        List<CompletionStage<ItemResult>> results = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            results.add(committer.submit(ITEM));
        }
        assertEquals(List.of(1, 1), itemCounts());
        succeedOldest(1);
        assertEquals(List.of(1, 1, 10), itemCounts());
        succeedOldest(2);
        succeedOldest(3);
        for (int i = 0; i < 12; i++) {
            ItemResult result = results.get(i).toCompletableFuture().join();
            assertEquals(Math.min(i, 2) + 1, result.index());
            assertEquals(i < 2 ? 0 : i - 2, result.number());
        }
    }

    @Test
    void anEntryIsBoundedByBytesAndALargerItemTravelsAlone() {
        GroupCommitter committer = new GroupCommitter(this::submit, 3 * ITEM.length, 1 << 20);
        byte[] large = EntryFormat.claim(PartitionPrefix.of(new PartitionId(0, PartitionKind.QUEUE, "q".repeat(500))));
        committer.submit(ITEM);
        committer.submit(ITEM);
        for (int i = 0; i < 4; i++) {
            committer.submit(ITEM);
        }
        committer.submit(large);
        committer.submit(ITEM);
        for (int i = 1; i <= 5; i++) {
            succeedOldest(i);
        }
        assertEquals(List.of(1, 1, 3, 1, 1, 1), itemCounts());
    }

    @Test
    void whatExceedsThePendingBytesIsRefusedAtOnceUntilSomethingIsDone() {
        GroupCommitter committer = new GroupCommitter(this::submit, 1 << 20, 3 * ITEM.length);
        for (int i = 0; i < 3; i++) {
            committer.submit(ITEM);
        }
        CompletableFuture<ItemResult> refused = committer.submit(ITEM).toCompletableFuture();
        assertTrue(failure(refused).definitelyNotApplied());
        succeedOldest(1);
        assertFalse(committer.submit(ITEM).toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void failuresTellWhetherTheItemCanStillBeApplied() {
        GroupCommitter committer = new GroupCommitter(this::submit, 1 << 20, 1 << 20);
        CompletableFuture<ItemResult> first = committer.submit(ITEM).toCompletableFuture();
        CompletableFuture<ItemResult> second = committer.submit(ITEM).toCompletableFuture();
        CompletableFuture<ItemResult> third = committer.submit(ITEM).toCompletableFuture();
        inFlight.poll().completeExceptionally(new NotLeaderException(0));
        inFlight.poll().completeExceptionally(new RaftException("lost"));
        assertTrue(failure(first).definitelyNotApplied());
        assertFalse(failure(second).definitelyNotApplied());
        assertFalse(third.isDone());
        succeedOldest(1);
        assertTrue(third.isDone());
    }

    @Test
    void manyItemsThatFailAtOnceDoNotOverflowTheStack() {
        GroupCommitter committer = new GroupCommitter(entry -> CompletableFuture.failedFuture(new NotLeaderException(0)), 1, 1 << 20);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(failure(committer.submit(ITEM).toCompletableFuture()).definitelyNotApplied());
        }
    }

    private CompletionStage<Applied> submit(byte[] entry) {
        entries.add(entry);
        CompletableFuture<Applied> applied = new CompletableFuture<>();
        inFlight.add(applied);
        return applied;
    }

    private void succeedOldest(long index) {
        int count = itemCounts().get((int) index - 1);
        ByteBuffer results = ByteBuffer.allocate(count * ItemResult.BYTES);
        for (int i = 0; i < count; i++) {
            ItemResult.write(results, ItemResult.Kind.CLAIMED, i);
        }
        CompletableFuture<Applied> oldest = inFlight.poll();
        if (oldest != null) {
            oldest.complete(new Applied(index, results.array()));
        }
    }

    private List<Integer> itemCounts() {
        return entries.stream().map(entry -> EntryFormat.itemCount(ByteBuffer.wrap(entry))).toList();
    }

    private static StoreUnavailableException failure(CompletableFuture<?> stage) {
        assertTrue(stage.isCompletedExceptionally());
        return (StoreUnavailableException) Failures.cause(stage.exceptionNow());
    }
}
