package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A writer hears of its batches in their order, each once, in whatever order the answers come. */
class WriterSessionTest {

    private static final PartitionId PARTITION = new PartitionId(0, PartitionKind.QUEUE, "q");

    private final List<CompletableFuture<ItemResult>> sent = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final WriterSession session = new WriterSession(PARTITION, 1, 1_000, new WriterSession.Surroundings() {
        @Override
        public CompletionStage<ItemResult> submit(int group, byte[] item) {
            sent.add(new CompletableFuture<>());
            return sent.getLast();
        }

        @Override
        public void after(long millis, Runnable task) {
            later.add(task);
        }

        @Override
        public long nanos() {
            return 0;
        }
    });

    @Test
    void aBatchThatIsAppliedAnswersThoseBeforeItWhoseAnswersAreLost() {
        List.of("a", "b", "c").forEach(this::commit);
        sent.get(0).completeExceptionally(new StoreUnavailableException("too late", false));
        sent.get(1).complete(new ItemResult(ItemResult.Kind.APPLIED, 0, 7));
        assertEquals(List.of("a at 7", "b at 7"), heard);
        later.removeFirst().run();
        assertEquals(3, sent.size(), "what is answered is not sent again");
        sent.get(2).complete(new ItemResult(ItemResult.Kind.APPLIED, 0, 8));
        assertEquals(List.of("a at 7", "b at 7", "c at 8"), heard);
    }

    @Test
    void anAnswerThatWasOvertakenChangesNothing() {
        List.of("a", "b").forEach(this::commit);
        sent.get(1).complete(new ItemResult(ItemResult.Kind.APPLIED, 0, 7));
        sent.get(0).complete(new ItemResult(ItemResult.Kind.APPLIED, 0, 6));
        assertEquals(List.of("a at 7", "b at 7"), heard);
    }

    @Test
    void whoCommitsWhenItHearsIsAnsweredBehindTheOthers() {
        commit("a").thenRun(() -> {
            commit("c");
            sent.getLast().complete(new ItemResult(ItemResult.Kind.APPLIED, 0, 8));
        });
        commit("b");
        sent.get(1).complete(new ItemResult(ItemResult.Kind.APPLIED, 0, 7));
        assertEquals(List.of("a at 7", "b at 7", "c at 8"), heard);
    }

    @Test
    void aRefusalFailsAllThatWaitInTheirOrder() {
        List.of("a", "b").forEach(this::commit);
        sent.get(0).complete(new ItemResult(ItemResult.Kind.FENCED, 2, 9));
        assertEquals(List.of("a failed", "b failed"), heard);
        CompletableFuture<ReadPoint> next = commit("c").toCompletableFuture();
        assertTrue(next.isCompletedExceptionally());
        assertInstanceOf(FencedException.class, Failures.cause(next.exceptionNow()));
        assertFalse(sent.size() > 2);
    }

    private CompletionStage<ReadPoint> commit(String name) {
        CompletionStage<ReadPoint> committed = session.commit(List.of(new RowOp.Put(new byte[] {1}, new byte[0])));
        committed.whenComplete((at, failure) -> heard.add(failure == null ? name + " at " + at.index() : name + " failed"));
        return committed;
    }
}
