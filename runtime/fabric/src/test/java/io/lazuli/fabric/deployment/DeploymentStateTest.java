package io.lazuli.fabric.deployment;

import static io.lazuli.fabric.Samples.DIGEST;
import static io.lazuli.fabric.Samples.OTHER_DIGEST;
import static io.lazuli.fabric.Samples.deployed;
import static io.lazuli.fabric.Samples.role;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.deployment.DeploymentState.Decision;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.host.InstanceSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeploymentStateTest {

    private static final int MAX_INSTANCES = 50;
    private static final long NOW = 5_000;

    private final DeploymentState active = deployed("words", role("counter", 3), role("feeder", 1));
    private final DeploymentState removing = active.apply(new DeploymentEvent.RemovalRequested(NOW));
    private final DeploymentRequest.Deploy deploy = new DeploymentRequest.Deploy("request-2", OTHER_DIGEST, List.of(role("counter", 1)));

    @Test
    void aFreeNameCanBeDeployed() {
        DeploymentEvent event = event(DeploymentState.absent("words"), deploy);
        assertEquals(new DeploymentEvent.Deployed("request-2", OTHER_DIGEST, deploy.roles(), NOW), event);
    }

    @Test
    void aNameInUseIsRefused() {
        assertRefused(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, "a deployment named 'words' exists", active, deploy);
    }

    @Test
    void aNameWhoseInstancesStillStopIsRefused() {
        assertRefused(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS,
                "deployment 'words' is being removed and still stops its instances", removing, deploy);
    }

    @Test
    void theSameRequestSentAgainIsNoClash() {
        assertNothing(active, new DeploymentRequest.Deploy("request-1", DIGEST, active.roles()));
    }

    @Test
    void scalingChangesTheNamedRolesOnly() {
        DeploymentState scaled = active.apply(event(active, new DeploymentRequest.Scale(Map.of("counter", 5))));
        assertEquals(List.of(role("counter", 5), role("feeder", 1)), scaled.roles());
        assertEquals(6, scaled.desiredInstances().size());
    }

    @Test
    void scalingDownTakesTheHighestIndexes() {
        DeploymentState scaled = active.apply(event(active, new DeploymentRequest.Scale(Map.of("counter", 1))));
        assertEquals(List.of("words/counter/0", "words/feeder/0"), keys(scaled));
    }

    @Test
    void aRoleCanBeScaledToNothingAndBack() {
        DeploymentState none = active.apply(event(active, new DeploymentRequest.Scale(Map.of("counter", 0, "feeder", 0))));
        assertEquals(List.of(), keys(none));
        assertEquals(List.of("words/counter/0"), keys(none.apply(event(none, new DeploymentRequest.Scale(Map.of("counter", 1))))));
    }

    @Test
    void scalingToWhatIsThereChangesNothing() {
        assertNothing(active, new DeploymentRequest.Scale(Map.of("counter", 3)));
    }

    @Test
    void wrongCountsAreRefusedWhole() {
        assertRefused(FabricErrorCode.INVALID_COUNT, "role 'counter' can have 0 to 50 instances, not -1",
                active, new DeploymentRequest.Scale(Map.of("counter", -1, "feeder", 2)));
        assertRefused(FabricErrorCode.INVALID_COUNT, "role 'feeder' can have 0 to 50 instances, not 51",
                active, new DeploymentRequest.Scale(Map.of("feeder", 51)));
        assertRefused(FabricErrorCode.ROLE_NOT_FOUND, "deployment 'words' has no role 'web'; it has counter, feeder",
                active, new DeploymentRequest.Scale(Map.of("web", 1)));
        assertRefused(FabricErrorCode.ROLE_NOT_FOUND, "deployment 'words' has no role 'api'; it has counter, feeder",
                active, new DeploymentRequest.Scale(Map.of("counter", 1, "feeder", 1, "web", 1, "api", 1)));
    }

    @Test
    void restartingAnInstanceRaisesItsGenerationAndNoOther() {
        DeploymentState restarted = active.apply(event(active, new DeploymentRequest.RestartInstance("counter", 1)));
        assertEquals(List.of(1L, 2L, 1L, 1L), generations(restarted));
        DeploymentState twice = restarted.apply(event(restarted, new DeploymentRequest.RestartInstance("counter", 1)));
        assertEquals(List.of(1L, 3L, 1L, 1L), generations(twice));
    }

    @Test
    void onlyAnInstanceThatShallExistCanBeRestarted() {
        assertRefused(FabricErrorCode.INSTANCE_NOT_FOUND, "role 'counter' of deployment 'words' has 3 instances, none with index 3",
                active, new DeploymentRequest.RestartInstance("counter", 3));
        assertRefused(FabricErrorCode.INSTANCE_NOT_FOUND, "role 'counter' of deployment 'words' has 3 instances, none with index -1",
                active, new DeploymentRequest.RestartInstance("counter", -1));
        assertRefused(FabricErrorCode.ROLE_NOT_FOUND, "deployment 'words' has no role 'web'",
                active, new DeploymentRequest.RestartInstance("web", 0));
    }

    @Test
    void whatDoesNotExistCannotBeChanged() {
        for (DeploymentRequest request : List.of(
                new DeploymentRequest.Scale(Map.of("counter", 1)), new DeploymentRequest.RestartInstance("counter", 0), new DeploymentRequest.Remove())) {
            assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "there is no deployment named 'words'", DeploymentState.absent("words"), request);
        }
    }

    @Test
    void whatIsBeingRemovedWantsNoInstancesAndCannotBeScaled() {
        assertEquals(List.of(), keys(removing));
        assertNothing(removing, new DeploymentRequest.Remove());
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "deployment 'words' is being removed",
                removing, new DeploymentRequest.Scale(Map.of("counter", 1)));
    }

    @Test
    void aRemovalIsConfirmedForItsOwnRevisionOnly() {
        assertNothing(removing, new DeploymentRequest.ConfirmRemoved(removing.revision() - 1));
        assertNothing(active, new DeploymentRequest.ConfirmRemoved(active.revision()));
        DeploymentState removed = removing.apply(event(removing, new DeploymentRequest.ConfirmRemoved(removing.revision())));
        assertEquals(Phase.ABSENT, removed.phase());
    }

    @Test
    void aNameUsedAgainGoesOnWithHigherGenerations() {
        DeploymentState removed = removing.apply(new DeploymentEvent.Removed(NOW));
        DeploymentState again = removed.apply(event(removed, deploy));
        assertEquals(List.of(removed.revision() + 1), generations(again));
        assertTrue(generations(again).getFirst() > generations(active).getFirst());
    }

    private static DeploymentEvent event(DeploymentState state, DeploymentRequest request) {
        return state.decide(request, MAX_INSTANCES, NOW).event().orElseThrow();
    }

    private static void assertNothing(DeploymentState state, DeploymentRequest request) {
        Decision decision = state.decide(request, MAX_INSTANCES, NOW);
        assertTrue(decision.event().isEmpty() && decision.refusal().isEmpty(), decision.toString());
    }

    private static void assertRefused(FabricErrorCode code, String message, DeploymentState state, DeploymentRequest request) {
        Decision decision = state.decide(request, MAX_INSTANCES, NOW);
        assertTrue(decision.event().isEmpty());
        assertEquals(new DeploymentReply.Refused(code, message), decision.refusal().orElseThrow());
    }

    private static List<String> keys(DeploymentState state) {
        return state.desiredInstances().stream().map(spec -> spec.key().toString()).toList();
    }

    private static List<Long> generations(DeploymentState state) {
        return state.desiredInstances().stream().map(InstanceSpec::generation).toList();
    }
}
