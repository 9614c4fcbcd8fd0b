package io.lazuli.fabric.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.fabric.Samples;
import io.lazuli.fabric.controller.Controller.MembersChanged;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.kernel.MemberFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real clusters of two nodes in one JVM. */
class MemberWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final List<ActorTestKit> kits = new ArrayList<>();
    private final ActorTestKit first = start(1, Set.of(MemberFacts.EDGE));
    private final TestProbe<MembersChanged> changes = first.createTestProbe();

    @AfterEach
    void shutdown() {
        kits.reversed().forEach(ActorTestKit::shutdownTestKit);
    }

    @Test
    void aNodeIsAvailableWhenItsAgentIsKnownAndUnreachableUntilItIsDeclaredDead() {
        first.spawn(MemberWatch.create(changes.getRef()));
        ActorTestKit second = start(2, Set.of(MemberFacts.COMPUTE));
        await("node-2 UNREACHABLE without agent");
        second.system().receptionist().tell(Receptionist.register(
                NodeAgentProtocol.SERVICE_KEY, second.spawn(FakeAgent.create(2, second.<NodeAgentProtocol.Assign>createTestProbe().getRef(), true, 0))));
        await("node-2 AVAILABLE with agent");
        var address = Cluster.get(second.system()).selfMember().address();
        second.shutdownTestKit();
        await("node-2 UNREACHABLE without agent");
        Cluster.get(first.system()).manager().tell(new Down(address));
        await("");
    }

    @Test
    void aNodeThatLeavesIsShownLeavingAndThenGone() {
        first.spawn(MemberWatch.create(changes.getRef()));
        ActorTestKit second = start(2, Set.of(MemberFacts.COMPUTE));
        await("node-2 UNREACHABLE without agent");
        Cluster.get(second.system()).manager().tell(Leave.create(Cluster.get(second.system()).selfMember().address()));
        await("node-2 LEAVING without agent");
        await("");
    }

    private void await(String members) {
        changes.fishForMessage(PATIENCE, change -> describe(change).equals(members) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
    }

    private static String describe(MembersChanged change) {
        return String.join(", ", change.members().stream()
                .map(member -> {
                    assertEquals("domain-" + member.node().value().substring(5), member.faultDomain());
                    return member.node() + " " + member.presence() + (member.agent().isPresent() ? " with agent" : " without agent");
                }).toList());
    }

    private ActorTestKit start(int number, Set<String> nodeRoles) {
        MemberFacts facts = new MemberFacts(Samples.node(number), nodeRoles, Optional.empty(), Optional.empty(), "domain-" + number);
        Config config = ConfigFactory.parseMap(Map.of(
                        "pekko.actor.provider", "cluster",
                        "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                        "pekko.remote.artery.canonical.port", 0,
                        "pekko.cluster.roles", List.copyOf(facts.toClusterRoles()),
                        "pekko.cluster.jmx.enabled", false,
                        "pekko.coordinated-shutdown.run-by-actor-system-terminate", "off",
                        "pekko.coordinated-shutdown.terminate-actor-system", "off",
                        "pekko.cluster.run-coordinated-shutdown-when-down", "off"))
                .withFallback(ConfigFactory.load());
        ActorTestKit kit = ActorTestKit.create("lazuli", config);
        kits.add(kit);
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(Cluster.get(kits.getFirst().system()).selfMember().address()));
        return kit;
    }
}
