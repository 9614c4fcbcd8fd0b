package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PointReadsTest {

    private static final PartitionId PARTITION = PartitionId.parse("1.t.shop-1/1");

    private record Message(List<PointReads.Wanted> reads, CompletableFuture<List<RowsRead>> answer) {

        void answerFirst(int count) {
            answer.complete(reads.stream().limit(count).map(PointReadsTest::echo).toList());
        }
    }

    private final List<Message> messages = new ArrayList<>();
    private final PointReads reads = new PointReads(wanted -> {
        messages.add(new Message(wanted, new CompletableFuture<>()));
        return messages.getLast().answer();
    });

    @Test
    void aLoneReadLeavesAtOnce() {
        CompletableFuture<RowsRead> read = read("a");
        assertEquals(1, messages.size());
        messages.get(0).answerFirst(1);
        assertEquals("a", text(read));
    }

    @Test
    void readsThatComeWhileTwoMessagesAreUnderWayShareTheNext() {
        List<CompletableFuture<RowsRead>> all = new ArrayList<>();
        for (String key : List.of("a", "b", "c", "d", "e")) {
            all.add(read(key));
        }
        assertEquals(2, messages.size());
        messages.get(1).answerFirst(1);
        assertEquals(3, messages.get(2).reads().size());
        messages.get(2).answerFirst(3);
        messages.get(0).answerFirst(1);
        assertEquals(List.of("a", "b", "c", "d", "e"), all.stream().map(PointReadsTest::text).toList());
    }

    @Test
    void readsThatDidNotFitIntoAnAnswerTravelAgain() {
        read("a");
        read("b");
        CompletableFuture<RowsRead> c = read("c");
        CompletableFuture<RowsRead> d = read("d");
        messages.get(0).answerFirst(1);
        messages.get(2).answerFirst(1);
        assertEquals("c", text(c));
        messages.get(3).answerFirst(1);
        assertEquals("d", text(d));
    }

    @Test
    void aMessageThatFailsFailsItsReadsAndAllThatWaitButNotThoseUnderWay() {
        CompletableFuture<RowsRead> a = read("a");
        CompletableFuture<RowsRead> b = read("b");
        CompletableFuture<RowsRead> c = read("c");
        messages.get(0).answer().completeExceptionally(new StoreUnavailableException("gone", false));
        assertThrows(CompletionException.class, a::join);
        assertThrows(CompletionException.class, c::join);
        messages.get(1).answerFirst(1);
        assertEquals("b", text(b));
        CompletableFuture<RowsRead> d = read("d");
        messages.get(2).answerFirst(1);
        assertEquals("d", text(d));
    }

    @Test
    void aMessageHoldsALimitedNumberOfReads() {
        for (int i = 0; i < 2 + PointReads.MAX_PER_JOURNEY + 1; i++) {
            read("key" + i);
        }
        messages.get(0).answerFirst(1);
        assertEquals(PointReads.MAX_PER_JOURNEY, messages.get(2).reads().size());
        messages.get(1).answerFirst(1);
        assertEquals(1, messages.get(3).reads().size());
    }

    @Test
    void tooManyWaitingReadsAreRefused() {
        for (int i = 0; i < PointReads.MAX_UNDER_WAY + PointReads.MAX_WAITING; i++) {
            read("key");
        }
        assertTrue(read("one more").isCompletedExceptionally());
    }

    private CompletableFuture<RowsRead> read(String key) {
        return reads.read(PARTITION, List.of(key.getBytes(StandardCharsets.UTF_8))).toCompletableFuture();
    }

    private static RowsRead echo(PointReads.Wanted wanted) {
        return new RowsRead(new RowPage(List.of(), false), List.of(Optional.of(wanted.keys().getFirst())));
    }

    private static String text(CompletableFuture<RowsRead> read) {
        return new String(read.join().values().getFirst().orElseThrow(), StandardCharsets.UTF_8);
    }
}
