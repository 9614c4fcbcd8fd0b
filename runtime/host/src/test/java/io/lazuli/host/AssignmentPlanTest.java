package io.lazuli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.host.AssignmentPlan.Held;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssignmentPlanTest {

    private static final InstanceKey A = InstanceKey.parse("d/r/0");
    private static final InstanceKey B = InstanceKey.parse("d/r/1");

    @Test
    void startsWhatIsMissingAndStopsWhatIsNotListed() {
        AssignmentPlan plan = AssignmentPlan.of(List.of(spec(A, 1)), Map.of(B, new Held(1, false)), 10);
        assertEquals(new AssignmentPlan(List.of(spec(A, 1)), List.of(B)), plan);
    }

    @Test
    void keepsWhatRuns() {
        assertEquals(new AssignmentPlan(List.of(), List.of()), AssignmentPlan.of(List.of(spec(A, 1)), Map.of(A, new Held(1, false)), 10));
    }

    @Test
    void aNewGenerationIsStartedWhenTheOldHasFinished() {
        assertEquals(new AssignmentPlan(List.of(), List.of(A)), AssignmentPlan.of(List.of(spec(A, 2)), Map.of(A, new Held(1, false)), 10));
        assertEquals(new AssignmentPlan(List.of(), List.of()), AssignmentPlan.of(List.of(spec(A, 2)), Map.of(A, new Held(1, true)), 10));
        assertEquals(new AssignmentPlan(List.of(spec(A, 2)), List.of()), AssignmentPlan.of(List.of(spec(A, 2)), Map.of(), 10));
    }

    @Test
    void takesNoMoreThanItsMaximum() {
        AssignmentPlan plan = AssignmentPlan.of(List.of(spec(A, 1), spec(B, 1)), Map.of(InstanceKey.parse("d/x/0"), new Held(1, true)), 2);
        assertEquals(new AssignmentPlan(List.of(spec(A, 1)), List.of()), plan);
    }

    private static InstanceSpec spec(InstanceKey key, long generation) {
        return new InstanceSpec(key, generation, "0".repeat(64), RoleKind.WORKER, "t.T", Isolation.NODE, Map.of(), 1_000, 64);
    }
}
