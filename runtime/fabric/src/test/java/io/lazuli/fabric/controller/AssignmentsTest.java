package io.lazuli.fabric.controller;

import static io.lazuli.fabric.Samples.deployed;
import static io.lazuli.fabric.Samples.node;
import static io.lazuli.fabric.Samples.role;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.controller.Assignments.Assignment;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssignmentsTest {

    private static final Assignment WORDS = new Assignment(deployed("words", role("counter", 1)).desiredInstances(), List.of());
    private static final Assignment NOTHING = new Assignment(List.of(), List.of());

    private final Assignments assignments = new Assignments();

    @Test
    void theSameIsNotSentTwice() {
        assertTrue(assignments.send(node(1), WORDS));
        assignments.answered(node(1));
        assertFalse(assignments.send(node(1), WORDS));
        assertTrue(assignments.send(node(1), NOTHING));
    }

    @Test
    void theNextWaitsForTheAnswer() {
        assignments.send(node(1), WORDS);
        assertFalse(assignments.send(node(1), NOTHING));
        assignments.answered(node(1));
        assertTrue(assignments.send(node(1), NOTHING));
    }

    @Test
    void whatWasNotAnsweredIsSentAgain() {
        assignments.send(node(1), WORDS);
        assignments.timedOut(node(1));
        assertTrue(assignments.send(node(1), WORDS));
    }

    @Test
    void everythingCanBeSentAgain() {
        assignments.send(node(1), WORDS);
        assignments.send(node(2), WORDS);
        assignments.answered(node(1));
        assignments.sendAllAgain();
        assertTrue(assignments.send(node(1), WORDS));
        assertFalse(assignments.send(node(2), WORDS));
    }

    @Test
    void aNodeIsFreeOfADeploymentWhenItHasConfirmedAnAssignmentWithoutIt() {
        assertEquals(Set.of(), assignments.nodesFreeOf("words"));
        assignments.send(node(1), WORDS);
        assignments.answered(node(1));
        assertEquals(Set.of(), assignments.nodesFreeOf("words"));
        assignments.send(node(1), NOTHING);
        assertEquals(Set.of(), assignments.nodesFreeOf("words"));
        assignments.answered(node(1));
        assertEquals(Set.of(node(1)), assignments.nodesFreeOf("words"));
        assignments.send(node(1), WORDS);
        assertEquals(Set.of(), assignments.nodesFreeOf("words"));
    }

    @Test
    void anAssignmentThatTimedOutMayHaveArrived() {
        assignments.send(node(1), NOTHING);
        assignments.answered(node(1));
        assignments.send(node(1), WORDS);
        assignments.timedOut(node(1));
        assertEquals(Set.of(), assignments.nodesFreeOf("words"));
        assignments.send(node(1), NOTHING);
        assignments.answered(node(1));
        assertEquals(Set.of(node(1)), assignments.nodesFreeOf("words"));
    }

    @Test
    void aNewAgentKnowsNothing() {
        assignments.send(node(1), WORDS);
        assignments.forget(node(1));
        assertTrue(assignments.send(node(1), WORDS));
    }
}
