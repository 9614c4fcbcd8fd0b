package io.lazuli.storage.chunk.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.replication.WriteVotes.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteVotesTest {

    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");
    private static final NodeId D = new NodeId("d");

    private final WriteVotes votes = new WriteVotes();

    private void place(NodeId... nodes) {
        votes.place(nodes.length, nodes.length / 2 + 1, List.of(nodes));
    }

    private void store(NodeId... nodes) {
        for (NodeId node : nodes) {
            votes.asked(node);
            votes.stored(node);
        }
    }

    @Test
    void twoOfThreeTwoOfTwoAndOneOfOneAreMajorities() {
        assertEquals(Verdict.OPEN, votes.verdict());
        place(A, B, C);
        store(A);
        assertEquals(Verdict.OPEN, votes.verdict());
        place(A);
        assertEquals(Verdict.STORED, votes.verdict());
        place(A, B);
        assertEquals(Verdict.OPEN, votes.verdict());
        store(B);
        assertEquals(Verdict.STORED, votes.verdict());
        place(A, B, C);
        assertEquals(Verdict.STORED, votes.verdict());
        assertEquals(List.of(C), votes.lacking());
    }

    @Test
    void whoIsNoVoterAnyMoreDoesNotCount() {
        place(A, B, C);
        store(A, B);
        place(B, C, D);
        assertEquals(Verdict.OPEN, votes.verdict());
        assertEquals(List.of(C, D), votes.toAsk());
    }

    @Test
    void aVoterThatIsNotKnownCountsForTheMajorityAllTheSame() {
        votes.place(3, 2, List.of(A));
        store(A);
        assertEquals(Verdict.OPEN, votes.verdict());
    }

    @Test
    void twoOfThreeWithoutRoomEndIt() {
        place(A, B, C);
        votes.asked(A);
        votes.noRoom(A);
        assertEquals(Verdict.OPEN, votes.verdict());
        assertEquals(List.of(B, C), votes.toAsk());
        votes.asked(B);
        votes.noRoom(B);
        assertEquals(Verdict.NO_ROOM, votes.verdict());
    }

    @Test
    void whoFailedIsAskedAgainAndWhoIsUnderWayIsNot() {
        place(A, B, C);
        votes.asked(A);
        votes.asked(B);
        assertEquals(List.of(C), votes.toAsk());
        assertFalse(votes.allAnswered());
        votes.failed(A);
        assertEquals(List.of(A, C), votes.toAsk());
        votes.failed(B);
        assertTrue(votes.allAnswered());
    }
}
