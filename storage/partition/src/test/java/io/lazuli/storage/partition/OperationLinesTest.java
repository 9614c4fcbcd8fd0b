package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperationLinesTest {

    private static final class Operation extends OperationLines.Operation<String> {

        private Operation(String request, String name) {
            super(Optional.ofNullable(request), Optional.ofNullable(name));
        }
    }

    private final List<String> answers = new ArrayList<>();
    private final OperationLines<String, Operation> lines =
            new OperationLines<>(4, 3, (request, error) -> answers.add(request + ": " + error));

    @Test
    void operationsOnOneNameRunOneAfterTheOtherAndThoseOnOthersBeside() {
        Operation first = new Operation("first", "orders");
        Operation second = new Operation("second", "orders");
        assertTrue(lines.join(first));
        assertFalse(lines.join(second));
        assertTrue(lines.join(new Operation("other", "images")));
        assertEquals(Optional.of(first), lines.running("orders"));
        assertEquals(Optional.of(second), finish(first));
        assertEquals(Optional.of(second), lines.running("orders"));
        assertEquals(Optional.empty(), finish(second));
        assertEquals(Optional.empty(), lines.running("orders"));
        assertEquals(List.of("first: done", "second: done"), answers);
    }

    @Test
    void whatIsAboutNoNameRunsAtOnce() {
        Operation operation = new Operation("properties", null);
        lines.joinBeside(operation);
        assertFalse(lines.isIdle());
        assertEquals(Optional.empty(), finish(operation));
        assertTrue(lines.isIdle());
        assertEquals(List.of("properties: done"), answers);
    }

    @Test
    void anOverdueOperationThatWaitsIsDroppedOneThatRunsGoesOn() {
        Operation runs = new Operation("runs", "orders");
        Operation waits = new Operation("waits", "orders");
        lines.join(runs);
        lines.join(waits);
        assertTrue(lines.overdue(waits));
        assertFalse(lines.overdue(runs));
        assertFalse(lines.overdue(runs));
        assertEquals(Optional.of(runs), lines.running("orders"));
        assertEquals(Optional.empty(), runs.request());
        assertEquals(Optional.empty(), finish(runs));
        assertEquals(List.of("waits: OPERATION_TIMED_OUT", "runs: OPERATION_TIMED_OUT"), answers);
    }

    @Test
    void itIsFullWithItsLastRequestUntilOneIsAnswered() {
        Operation first = new Operation("a", "orders");
        lines.join(first);
        lines.join(new Operation("b", "orders"));
        lines.join(new Operation("c", "orders"));
        assertFalse(lines.isFull());
        Operation last = new Operation("d", "orders");
        lines.join(last);
        assertTrue(lines.isFull());
        lines.overdue(last);
        assertFalse(lines.isFull());
    }

    @Test
    void itIsFullWithItsLastRunningOperationWhoeverAskedForIt() {
        lines.join(new Operation(null, "orders"));
        lines.join(new Operation(null, "images"));
        assertTrue(lines.mayRunMore());
        Operation last = new Operation(null, "people");
        lines.join(last);
        assertFalse(lines.mayRunMore());
        assertTrue(lines.isFull());
        finish(last);
        assertFalse(lines.isFull());
    }

    @Test
    void whenItsOwnerEndsWhatRunsIsUnknownAndWhatWaitsIsRefused() {
        lines.join(new Operation("runs", "orders"));
        lines.join(new Operation("waits", "orders"));
        lines.joinBeside(new Operation("beside", null));
        lines.abandon();
        lines.abandon();
        assertEquals(Set.of("runs: OPERATION_TIMED_OUT", "beside: OPERATION_TIMED_OUT", "waits: SERVER_BUSY"), Set.copyOf(answers));
        assertEquals(3, answers.size());
        assertTrue(lines.isIdle());
    }

    private Optional<Operation> finish(Operation operation) {
        return lines.finish(operation, request -> answers.add(request + ": done"));
    }
}
