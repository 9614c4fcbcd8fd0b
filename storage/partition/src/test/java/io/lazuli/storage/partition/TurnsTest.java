package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.store.FencedException;
import io.lazuli.storage.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Throwable REFUSED = new StoreUnavailableException("too much waits", true);
    private static final Throwable UNKNOWN = new StoreUnavailableException("no leader", false);

    private final Turns<String> turns = new Turns<>(3, 2, "busy", "timed out");
    private final List<String> answers = new ArrayList<>();
    private long batches;

    @Test
    void answersLeaveInTheOrderOfTheTurnsWhateverSettlesFirst() {
        Turns.Turn<String> first = commit("a", "b");
        Turns.Turn<String> second = confirm("c");
        assertEquals(List.of(), turns.settled(second));
        assertEquals(List.of(), answers);
        List<Turns.Turn<String>> done = turns.settled(first);
        assertEquals(List.of(first, second), done);
        done.forEach(Turns.Turn::answer);
        assertEquals(List.of("a: done", "b: done", "c: done"), answers);
        assertTrue(turns.isEmpty());
    }

    @Test
    void aTurnTellsWhatItHeld() {
        turns.add(answers::add, "done", 30);
        turns.add(answers::add, "done", 12);
        Turns.Turn<String> turn = turns.begin(Optional.empty());
        assertEquals(2, turn.requests());
        assertEquals(42, turn.bytes());
    }

    @Test
    void whatComesWhileTurnsAreUnderWayWaitsForOneOfThemAndGoesTogether() {
        Turns.Turn<String> first = commit("a");
        commit("b");
        commit("c");
        add("d");
        assertFalse(turns.mayBegin(true));
        add("e");
        turns.settled(first);
        assertTrue(turns.mayBegin(true));
        assertEquals(2, turns.begin(Optional.empty()).requests());
    }

    @Test
    void aTurnBeginsForAnAnswerOrForAChangeThatNobodyWaitsFor() {
        assertFalse(turns.mayBegin(false));
        assertTrue(turns.mayBegin(true));
        add("a");
        assertTrue(turns.mayBegin(false));
    }

    @Test
    void theOpenTurnIsFullWithItsLastRequestOrWhenItIsClosed() {
        add("a");
        assertFalse(turns.isFull());
        add("b");
        assertTrue(turns.isFull());
        turns.begin(Optional.empty());
        assertFalse(turns.isFull());
        turns.close();
        assertTrue(turns.isFull());
        turns.begin(Optional.empty());
        assertFalse(turns.isFull());
    }

    @Test
    void aRefusedCommitAndWhatWasBehindItAreBusyWhatWasBeforeItIsUnknown() {
        commit("before");
        Turns.Turn<String> refused = commit("refused");
        commit("behind");
        add("open");
        turns.failed(Optional.of(refused), REFUSED);
        assertEquals(List.of("before: timed out", "refused: busy", "behind: busy", "open: busy"), answers);
        assertTrue(turns.isEmpty());
    }

    @Test
    void aFencedCommitWasNotApplied() {
        commit("before");
        Turns.Turn<String> fenced = commit("fenced");
        turns.failed(Optional.of(fenced), new FencedException(PartitionId.parse("1.q.account-7"), 2, 1));
        assertEquals(List.of("before: timed out", "fenced: busy"), answers);
    }

    @Test
    void aConfirmationThatFailsTellsNothingOfCommits() {
        commit("before");
        Turns.Turn<String> confirmation = confirm("confirmation");
        commit("behind");
        turns.failed(Optional.of(confirmation), REFUSED);
        assertEquals(List.of("before: timed out", "confirmation: busy", "behind: timed out"), answers);
    }

    @Test
    void aCommitOfUnknownOutcomeMakesAllUnknownThatMayHaveChangedSomething() {
        Turns.Turn<String> unknown = commit("unknown");
        confirm("confirmation");
        commit("behind");
        add("open");
        turns.failed(Optional.of(unknown), UNKNOWN);
        assertEquals(List.of("unknown: timed out", "confirmation: busy", "behind: timed out", "open: busy"), answers);
    }

    @Test
    void whenItsOwnerEndsAllAreAnsweredOnce() {
        commit("a");
        confirm("b");
        add("c");
        turns.abandoned();
        turns.abandoned();
        assertEquals(List.of("a: timed out", "b: busy", "c: busy"), answers);
    }

    private void add(String name) {
        turns.add(reply -> answers.add(name + ": " + reply), "done", 0);
    }

    private Turns.Turn<String> commit(String... names) {
        List.of(names).forEach(this::add);
        return turns.begin(Optional.of(new SealedBatch(++batches, List.of())));
    }

    private Turns.Turn<String> confirm(String name) {
        add(name);
        return turns.begin(Optional.empty());
    }
}
