package io.lazuli.fabric.deployment;

import static io.lazuli.fabric.Samples.DIGEST;
import static io.lazuli.fabric.Samples.role;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.kernel.ManualClock;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The entity around the decisions: what it writes, and that it finds it again. The test kit also serializes all of it. */
class DeploymentTest {

    private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config().withFallback(ConfigFactory.load()));

    private final EventSourcedBehaviorTestKit<Deployment.Command, DeploymentEvent, DeploymentState> words =
            EventSourcedBehaviorTestKit.create(KIT.system(), Deployment.create("words", 50, new ManualClock(7_000)));

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void anAcceptedRequestIsAnsweredWithTheStateThatIsDurable() {
        var result = ask(new DeploymentRequest.Deploy("request-1", DIGEST, List.of(role("counter", 3))));
        assertEquals(new DeploymentEvent.Deployed("request-1", DIGEST, List.of(role("counter", 3)), 7_000), result.event());
        assertEquals(new DeploymentReply.Done(result.state()), result.reply());
        assertEquals(Phase.ACTIVE, result.state().phase());
    }

    @Test
    void aRefusedRequestWritesNothing() {
        var result = ask(new DeploymentRequest.Scale(Map.of("counter", 1)));
        assertTrue(result.hasNoEvents());
        assertEquals(new DeploymentReply.Refused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "there is no deployment named 'words'"), result.reply());
    }

    @Test
    void aCrashForgetsNothing() {
        ask(new DeploymentRequest.Deploy("request-1", DIGEST, List.of(role("counter", 3))));
        ask(new DeploymentRequest.RestartInstance("counter", 2));
        DeploymentState before = ask(new DeploymentRequest.Scale(Map.of("counter", 5))).state();
        assertEquals(before, words.restart().state());
    }

    @Test
    void aSnapshotAndTheEventsAfterItAddUpToTheSameState() {
        ask(new DeploymentRequest.Deploy("request-1", DIGEST, List.of(role("counter", 3))));
        DeploymentState before = null;
        for (int i = 0; i < Deployment.EVENTS_PER_SNAPSHOT + 5; i++) {
            before = ask(new DeploymentRequest.RestartInstance("counter", i % 3)).state();
        }
        assertEquals(Deployment.EVENTS_PER_SNAPSHOT + 6, before.revision());
        assertEquals(before, words.restart().state());
    }

    private CommandResultWithReply<Deployment.Command, DeploymentEvent, DeploymentState, DeploymentReply> ask(DeploymentRequest request) {
        return words.runCommand(replyTo -> new Deployment.Ask(request, replyTo));
    }
}
