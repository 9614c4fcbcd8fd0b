package io.lazuli.fabric.controller;

import static io.lazuli.fabric.Samples.DIGEST;
import static io.lazuli.fabric.Samples.OTHER_DIGEST;
import static io.lazuli.fabric.Samples.key;
import static io.lazuli.fabric.Samples.node;
import static io.lazuli.fabric.Samples.role;
import static io.lazuli.fabric.Samples.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricService.InstanceInfo;
import io.lazuli.fabric.FabricService.InstancePhase;
import io.lazuli.fabric.FabricSettings;
import io.lazuli.fabric.Samples;
import io.lazuli.fabric.controller.Controller.MembersChanged;
import io.lazuli.fabric.deployment.Deployment;
import io.lazuli.fabric.deployment.DeploymentReply;
import io.lazuli.fabric.deployment.DeploymentRequest;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceSpec;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.host.NodeAgentProtocol.Assign;
import io.lazuli.kernel.ManualClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The controller among fake node agents; deployments and the controller's own memory are real, on a journal in memory. */
class ControllerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofMillis(600);

    private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.getInstance().config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config()).withFallback(ConfigFactory.load()));
    private final TestProbe<ControllerReply> client = kit.createTestProbe();
    private final TestProbe<DeploymentReply> deploymentReplies = kit.createTestProbe();
    private final ManualClock clock = new ManualClock(1_000_000);
    private final MemoryPackages packages = new MemoryPackages();
    private final Map<String, ActorRef<Deployment.Command>> deployments = new HashMap<>();
    private final Map<Integer, ActorRef<NodeAgentProtocol.Command>> agents = new HashMap<>();
    private final Map<Integer, TestProbe<Assign>> seen = new HashMap<>();
    private ActorRef<Controller.Command> controller = startController(Samples.settings());

    @AfterEach
    void shutdown() {
        kit.shutdownTestKit();
    }

    @Test
    void aDeploymentIsSpreadOverTheNodes() {
        members(agent(1), agent(2));
        deploy("words", 3);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-2 READY", "words/counter/2 node-1 READY");
    }

    @Test
    void instancesOfADeadNodeAreStartedElsewhere() {
        members(agent(1), agent(2));
        deploy("words", 2);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-2 READY");
        members(member(1));
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY");
        members(member(1), agent(3));
        fish(3, assign -> assign.instances().isEmpty());
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY");
    }

    @Test
    void aNodeThatDoesNotAnswerKeepsItsInstancesUntilItIsRemoved() {
        members(agent(1), agent(2));
        deploy("words", 2);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-2 READY");
        members(member(1), new ComputeMember(node(2), "domain-2", Presence.UNREACHABLE, Optional.empty()));
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-2 UNREACHABLE");
        members(member(1));
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY");
    }

    @Test
    void aNewControllerMovesNothingAndHasAHigherEpoch() {
        members(agent(1), agent(2));
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
        members(member(2));
        awaitInstances("words/counter/0 node-2 READY");
        members(member(1), member(2));
        fish(1, assign -> assign.instances().size() == 1);
        fish(1, assign -> assign.instances().isEmpty());
        restartController();
        members(member(1), member(2));
        awaitInstances("words/counter/0 node-2 READY");
        fish(2, assign -> assign.controllerEpoch() == 2 && assign.instances().size() == 1);
        fish(1, assign -> assign.controllerEpoch() == 2 && assign.instances().isEmpty());
    }

    @Test
    void aNewControllerAssignsNothingBeforeEveryNodeHasReported() {
        InstanceStatus running = status("words/counter/0", 1, InstanceState.READY, 100);
        members(agent(1));
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
        restartController();
        agents.put(2, kit.spawn(FakeAgent.create(2, probe(2), false, 1, running)));
        agents.put(3, kit.spawn(FakeAgent.create(3, probe(3), true, 1)));
        members(member(2), member(3));
        seen.get(3).expectNoMessage(A_WHILE);
        agents.get(2).tell(new FakeAgent.WakeUp());
        awaitInstances("words/counter/0 node-2 READY");
        fish(3, assign -> assign.instances().isEmpty());
    }

    @Test
    void aNodeThatNeverReportsHoldsUpANewControllerForALimitedTimeExceptWithWhatItMayRun() {
        members(agent(1));
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
        kit.stop(controller);
        agents.put(2, kit.spawn(FakeAgent.create(2, probe(2), false, 1, status("words/counter/0", 1, InstanceState.READY, 100))));
        startControllerThatSettlesSoon(member(2), agent(3));
        deploy("other", 1);
        awaitInstances("other/counter/0 node-3 READY", "words/counter/0 - PENDING");
        agents.get(2).tell(new FakeAgent.WakeUp());
        awaitInstances("other/counter/0 node-3 READY", "words/counter/0 node-2 READY");
        fish(2, assign -> assign.instances().size() == 1);
    }

    @Test
    void whatASilentNodeMayHaveRunIsPlacedWhenItHasBeenRemoved() {
        members(agent(1));
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
        kit.stop(controller);
        agents.put(2, kit.spawn(FakeAgent.create(2, probe(2), false, 1)));
        startControllerThatSettlesSoon(member(2), agent(3));
        deploy("other", 1);
        awaitInstances("other/counter/0 node-3 READY", "words/counter/0 - PENDING");
        members(member(3));
        awaitInstances("other/counter/0 node-3 READY", "words/counter/0 node-3 READY");
    }

    @Test
    void afterTheStartOfTheWholeCloudNothingIsPlacedBeforeNodesHaveStoppedJoining() {
        members(agent(1));
        deploy("words", 2);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY");
        kit.stop(controller);
        FabricSettings s = Samples.settings();
        controller = startController(new FabricSettings(
                s.maxDeployments(), s.maxInstancesPerRole(), s.maxSettingsBytesPerRole(), s.shards(), s.requestTimeout(), s.askTimeout(),
                s.settleTimeout(), Duration.ofSeconds(3), s.planDelay(), s.resyncInterval(), s.registrationLock(), s.registrationGrace()));
        members(agent(2));
        seen.get(2).expectNoMessage(A_WHILE);
        members(member(2), agent(3));
        seen.get(3).expectNoMessage(A_WHILE);
        awaitAllTold();
        clock.advanceMillis(3_000);
        awaitInstances("words/counter/0 node-2 READY", "words/counter/1 node-3 READY");
    }

    @Test
    void aControllerThatHasBeenReplacedAssignsNothing() {
        agents.put(1, kit.spawn(FakeAgent.create(1, probe(1), true, 99)));
        members(member(1));
        deploy("words", 1);
        seen.get(1).expectNoMessage(A_WHILE);
        awaitInstances("words/counter/0 node-1 STARTING");
    }

    @Test
    void restartingAnInstanceRaisesItsGeneration() {
        members(agent(1));
        deploy("words", 2);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY");
        change("words", new DeploymentRequest.RestartInstance("counter", 1));
        fish(1, assign -> assign.instances().stream().map(InstanceSpec::generation).toList().equals(List.of(1L, 2L)));
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY");
    }

    @Test
    void scalingDownStopsTheHighestIndexesAndShowsThemUntilTheyHaveStopped() {
        members(agent(1));
        deploy("words", 3);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 READY", "words/counter/2 node-1 READY");
        change("words", new DeploymentRequest.Scale(Map.of("counter", 1)));
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-1 STOPPING", "words/counter/2 node-1 STOPPING");
        agents.get(1).tell(new FakeAgent.LetStop());
        awaitInstances("words/counter/0 node-1 READY");
    }

    @Test
    void aRemovedNameIsFreeWhenItsInstancesHaveStoppedAndThePackageIsGone() {
        packages.stored.add(DIGEST);
        members(agent(1), agent(2));
        deploy("words", 2);
        awaitInstances("words/counter/0 node-1 READY", "words/counter/1 node-2 READY");
        change("words", new DeploymentRequest.Remove());
        awaitInstances("words/counter/0 node-1 STOPPING", "words/counter/1 node-2 STOPPING");
        agents.get(1).tell(new FakeAgent.LetStop());
        awaitInstances("words/counter/1 node-2 STOPPING");
        assertEquals(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, assertInstanceOf(ControllerReply.Refused.class, register("words", DIGEST)).code());
        assertTrue(packages.stored.contains(DIGEST));
        agents.get(2).tell(new FakeAgent.LetStop());
        client.awaitAssert(PATIENCE, () -> {
            assertEquals(Phase.ABSENT, ask("words", new DeploymentRequest.Get()).phase());
            assertTrue(packages.stored.isEmpty());
            return null;
        });
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
    }

    @Test
    void aRemovalGoesOnUnderANewController() {
        members(agent(1));
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
        change("words", new DeploymentRequest.Remove());
        awaitInstances("words/counter/0 node-1 STOPPING");
        restartController();
        members(member(1));
        awaitInstances("words/counter/0 node-1 STOPPING");
        agents.get(1).tell(new FakeAgent.LetStop());
        client.awaitAssert(PATIENCE, () -> {
            assertEquals(Phase.ABSENT, ask("words", new DeploymentRequest.Get()).phase());
            return null;
        });
    }

    @Test
    void aPackageThatAnotherDeploymentUsesIsKept() {
        packages.stored.add(DIGEST);
        members(agent(1));
        deploy("words", 0);
        deploy("other", 0);
        change("words", new DeploymentRequest.Remove());
        awaitForgotten("words", OTHER_DIGEST);
        assertTrue(packages.stored.contains(DIGEST));
        change("other", new DeploymentRequest.Remove());
        client.awaitAssert(PATIENCE, () -> {
            assertTrue(packages.stored.isEmpty());
            return null;
        });
    }

    @Test
    void whatADeployThatNeverEndedLeavesBehindIsClearedAway() {
        packages.stored.add(OTHER_DIGEST);
        members(agent(1));
        registered("words", OTHER_DIGEST);
        assertInstanceOf(ControllerReply.Refused.class, register("words", DIGEST));
        clock.advanceMillis(Samples.settings().registrationGrace().toMillis() + 1);
        client.awaitAssert(PATIENCE, () -> {
            assertTrue(packages.stored.isEmpty());
            return null;
        });
        registered("words", DIGEST);
    }

    @Test
    void aCancelledRegistrationFreesTheNameAtOnce() {
        members(agent(1));
        long registration = registered("words", OTHER_DIGEST).registration();
        controller.tell(new Controller.CancelRegistration("words", registration));
        awaitForgotten("words", DIGEST);
    }

    @Test
    void aNameThatIsBeingFreedIsToBeAskedForAgain() {
        restartWithoutResync();
        TestProbe<Deployment.Command> entity = kit.createTestProbe();
        synchronized (deployments) {
            deployments.put("words", entity.getRef());
        }
        members(agent(1));
        long registration = registered("words", OTHER_DIGEST).registration();
        assertEquals(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, assertInstanceOf(ControllerReply.Refused.class, register("words", DIGEST)).code());
        controller.tell(new Controller.CancelRegistration("words", registration));
        Deployment.Ask asked = entity.expectMessageClass(Deployment.Ask.class, PATIENCE);
        assertEquals(FabricErrorCode.UNAVAILABLE, assertInstanceOf(ControllerReply.Refused.class, register("words", DIGEST)).code());
        asked.replyTo().tell(new DeploymentReply.Done(DeploymentState.absent("words")));
        awaitForgotten("words", DIGEST);
    }

    @Test
    void aCancelledRegistrationOfADeploymentThatExistsUnheardKeepsItAndItsPackage() {
        restartWithoutResync();
        packages.stored.add(DIGEST);
        members(agent(1));
        registered("words", DIGEST);
        ask("words", new DeploymentRequest.Deploy("request of a node that died", DIGEST, List.of(role("counter", 1))));
        controller.tell(new Controller.CancelRegistration("words", registered("words", DIGEST).registration()));
        awaitInstances("words/counter/0 node-1 READY");
        assertTrue(packages.stored.contains(DIGEST));
    }

    @Test
    void anInstanceWithoutRoomIsPendingAndSaysWhy() {
        agent(1);
        members(new ComputeMember(node(1), "domain-1", Presence.LEAVING, Optional.of(agents.get(1))));
        deploy("words", 1);
        awaitInstances("words/counter/0 - PENDING");
        client.awaitAssert(PATIENCE, () -> {
            assertEquals("no compute node is available", instances().getFirst().lastError());
            return null;
        });
    }

    @Test
    void theAgentOfAnInstanceIsFound() {
        members(agent(1));
        deploy("words", 1);
        awaitInstances("words/counter/0 node-1 READY");
        controller.tell(new Controller.Locate(key("words/counter/0"), client.getRef()));
        assertEquals(new ControllerReply.Located(agents.get(1)), client.receiveMessage(PATIENCE));
        controller.tell(new Controller.Locate(key("words/counter/7"), client.getRef()));
        assertEquals(FabricErrorCode.INSTANCE_NOT_FOUND, client.expectMessageClass(ControllerReply.Refused.class, PATIENCE).code());
    }

    /** @param members what it hears before it has read its directory */
    private ActorRef<Controller.Command> startController(FabricSettings settings, ComputeMember... members) {
        return kit.spawn(Controller.create(settings, clock, this::entity, listener -> {
            if (members.length > 0) {
                listener.tell(new MembersChanged(List.of(members)));
            }
            return Behaviors.empty();
        }, packages));
    }

    private void startControllerThatSettlesSoon(ComputeMember... members) {
        FabricSettings s = Samples.settings();
        controller = startController(new FabricSettings(
                s.maxDeployments(), s.maxInstancesPerRole(), s.maxSettingsBytesPerRole(), s.shards(), s.requestTimeout(), s.askTimeout(),
                Duration.ofMillis(300), s.quietTime(), s.planDelay(), s.resyncInterval(), s.registrationLock(), s.registrationGrace()), members);
    }

    private void restartController() {
        kit.stop(controller);
        controller = startController(Samples.settings());
    }

    private void restartWithoutResync() {
        kit.stop(controller);
        FabricSettings s = Samples.settings();
        controller = startController(new FabricSettings(
                s.maxDeployments(), s.maxInstancesPerRole(), s.maxSettingsBytesPerRole(), s.shards(), s.requestTimeout(), s.askTimeout(),
                s.settleTimeout(), s.quietTime(), s.planDelay(), Duration.ofHours(1), s.registrationLock(), s.registrationGrace()));
    }

    private ActorRef<Deployment.Command> entity(String name) {
        synchronized (deployments) {
            return deployments.computeIfAbsent(name, id -> kit.spawn(Deployment.create(id, 50, clock)));
        }
    }

    private ComputeMember agent(int number) {
        agents.put(number, kit.spawn(FakeAgent.create(number, probe(number), true, 0)));
        return member(number);
    }

    private ActorRef<Assign> probe(int number) {
        return seen.computeIfAbsent(number, n -> kit.createTestProbe(Assign.class)).getRef();
    }

    private ComputeMember member(int number) {
        return new ComputeMember(node(number), "domain-" + number, Presence.AVAILABLE, Optional.of(agents.get(number)));
    }

    private void members(ComputeMember... members) {
        controller.tell(new MembersChanged(List.of(members)));
    }

    private void deploy(String name, int instances) {
        registered(name, DIGEST);
        change(name, new DeploymentRequest.Deploy("request " + name, DIGEST, List.of(role("counter", instances))));
    }

    private ControllerReply.Registered registered(String name, String digest) {
        return client.awaitAssert(PATIENCE, () -> assertInstanceOf(ControllerReply.Registered.class, register(name, digest)));
    }

    private ControllerReply register(String name, String digest) {
        controller.tell(new Controller.Register(name, digest, client.getRef()));
        return client.receiveMessage(PATIENCE);
    }

    private void change(String name, DeploymentRequest request) {
        controller.tell(new Controller.DesiredChanged(ask(name, request), client.getRef()));
        assertEquals(new ControllerReply.Acknowledged(), client.receiveMessage(PATIENCE));
    }

    private DeploymentState ask(String name, DeploymentRequest request) {
        entity(name).tell(new Deployment.Ask(request, deploymentReplies.getRef()));
        return deploymentReplies.expectMessageClass(DeploymentReply.Done.class, PATIENCE).state();
    }

    private List<InstanceInfo> instances() {
        controller.tell(new Controller.ListInstances(Optional.empty(), client.getRef()));
        return client.expectMessageClass(ControllerReply.Instances.class, PATIENCE).instances();
    }

    /** The controller has heard of all that it was told until now. */
    private void awaitAllTold() {
        client.awaitAssert(PATIENCE, this::instances);
    }

    private void awaitInstances(String... expected) {
        client.awaitAssert(PATIENCE, () -> {
            assertEquals(List.of(expected), instances().stream()
                    .map(info -> info.key() + " " + info.node().orElse("-") + " " + info.phase()).toList());
            return null;
        });
    }

    /** While it is remembered with one package, it cannot be registered with another. */
    private void awaitForgotten(String name, String otherDigest) {
        registered(name, otherDigest);
    }

    private void fish(int number, Predicate<Assign> wanted) {
        seen.get(number).fishForMessage(
                PATIENCE, assign -> wanted.test(assign) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
    }
}
