package io.lazuli.fabric.controller;

import static io.lazuli.fabric.Samples.DIGEST;
import static io.lazuli.fabric.Samples.OTHER_DIGEST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.controller.ControllerReply.Refused;
import io.lazuli.fabric.controller.DirectoryEvent.NameForgotten;
import io.lazuli.fabric.controller.DirectoryEvent.NameRegistered;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectoryStateTest {

    private static final long LOCK = 60_000;
    private static final int MAX = 2;

    private final DirectoryState one = DirectoryState.empty().apply(new NameRegistered("words", DIGEST, 1, 1_000));

    @Test
    void aFreeNameCanBeRegistered() {
        assertEquals(Optional.empty(), refusal(one, "other", DIGEST, Phase.ABSENT, 2_000));
    }

    @Test
    void aNameInUseOrBeingRemovedCannot() {
        assertEquals(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, refusal(one, "words", DIGEST, Phase.ACTIVE, 99_000).orElseThrow().code());
        assertEquals(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, refusal(one, "words", DIGEST, Phase.REMOVING, 99_000).orElseThrow().code());
    }

    @Test
    void whileSomebodyDeploysOneNameAnotherPackageIsRefusedButTheSameIsNot() {
        assertEquals("somebody else is deploying 'words' right now",
                refusal(one, "words", OTHER_DIGEST, Phase.ABSENT, 2_000).orElseThrow().message());
        assertEquals(Optional.empty(), refusal(one, "words", DIGEST, Phase.ABSENT, 2_000));
    }

    @Test
    void aRegistrationThatCameToNothingLocksTheNameForALimitedTime() {
        assertEquals(Optional.empty(), refusal(one, "words", OTHER_DIGEST, Phase.ABSENT, 1_000 + LOCK));
    }

    @Test
    void theNumberOfNamesIsLimited() {
        DirectoryState full = one.apply(new NameRegistered("other", DIGEST, 2, 1_000));
        assertEquals(FabricErrorCode.TOO_MANY_DEPLOYMENTS, refusal(full, "third", DIGEST, Phase.ABSENT, 2_000).orElseThrow().code());
        assertEquals(Optional.empty(), refusal(full, "words", DIGEST, Phase.ABSENT, 2_000));
    }

    @Test
    void aPackageIsUsedUntilTheLastNameIsForgotten() {
        DirectoryState two = one.apply(new NameRegistered("other", DIGEST, 2, 1_000));
        DirectoryState left = two.apply(new NameForgotten("words", 1));
        assertTrue(left.usesPackage(DIGEST));
        assertFalse(left.apply(new NameForgotten("other", 2)).usesPackage(DIGEST));
    }

    private static Optional<Refused> refusal(DirectoryState state, String name, String digest, Phase phase, long nowMillis) {
        return state.refusal(name, digest, phase, MAX, LOCK, nowMillis);
    }
}
