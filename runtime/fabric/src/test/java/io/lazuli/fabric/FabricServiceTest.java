package io.lazuli.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.fabric.FabricService.DeploymentInfo;
import io.lazuli.fabric.FabricService.InstancePhase;
import io.lazuli.fabric.FabricService.LogText;
import io.lazuli.fabric.FabricService.RoleInfo;
import io.lazuli.fabric.controller.FakeAgent;
import io.lazuli.fabric.controller.MemoryPackages;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.host.NodeAgentProtocol.Assign;
import io.lazuli.host.RoleKind;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fabric as a node wires it, on a real cluster of one node with sharding and singleton, and a node agent that runs nothing. */
class FabricServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String CONF = "roles { counter { class = \"" + SampleWorker.class.getName()
            + "\", kind = worker, instances = 2, required-settings = [queue] } }";

    @TempDir
    private static Path directory;

    private static ActorTestKit kit;
    private static ActorRef<NodeAgentProtocol.Command> agent;
    private static final MemoryPackages PACKAGES = new MemoryPackages();
    private static FabricService fabric;

    @BeforeAll
    static void start() {
        MemberFacts facts = new MemberFacts(new NodeId("node-1"), Set.of(MemberFacts.COMPUTE), Optional.empty(), Optional.empty(), "domain-1");
        Config config = ConfigFactory.parseMap(Map.of(
                        "pekko.actor.provider", "cluster",
                        "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                        "pekko.remote.artery.canonical.port", 0,
                        "pekko.cluster.roles", List.copyOf(facts.toClusterRoles()),
                        "pekko.cluster.jmx.enabled", false,
                        "lazuli.fabric.request-timeout", "60s",
                        "lazuli.fabric.ask-timeout", "30s"))
                .withFallback(PersistenceTestKitPlugin.getInstance().config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
        kit = ActorTestKit.create(config);
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        TestProbe<Assign> seen = kit.createTestProbe();
        agent = kit.spawn(FakeAgent.create(1, seen.getRef(), true, 0));
        agent.tell(new FakeAgent.LetStop());
        kit.system().receptionist().tell(Receptionist.register(NodeAgentProtocol.SERVICE_KEY, agent));
        fabric = Fabric.start(
                kit.system(), FabricSettings.of(config), PACKAGES, Clock.system(), Executors.newVirtualThreadPerTaskExecutor());
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aDeploymentLivesFromDeployToRemove() throws Exception {
        DeploymentInfo deployed = get(fabric.deploy("words", jar("words", CONF), Map.of("counter", 3), Map.of("counter", Map.of("queue", "lines"))));
        assertEquals(List.of(new RoleInfo("counter", RoleKind.WORKER, 3, 0)), deployed.roles());
        assertTrue(PACKAGES.stored.contains(deployed.packageDigest()));
        awaitReady("words", 3);
        assertEquals(List.of("words"), get(fabric.deployments()).stream().map(DeploymentInfo::name).toList());
        assertEquals(3, get(fabric.instances(Optional.of("words"))).size());

        assertRefused(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS,
                fabric.deploy("words", jar("words", CONF), Map.of(), Map.of("counter", Map.of("queue", "lines"))));

        assertEquals(1, get(fabric.scale("words", Map.of("counter", 1))).roles().getFirst().instances());
        awaitReady("words", 1);
        get(fabric.restart(InstanceKey.parse("words/counter/0")));
        awaitReady("words", 1);
        assertEquals(new LogText(InstanceKey.parse("words/counter/0"), 15, "hello"), get(fabric.readLog(InstanceKey.parse("words/counter/0"), 10, 100)));
        assertRefused(FabricErrorCode.INSTANCE_NOT_FOUND, fabric.readLog(InstanceKey.parse("words/counter/1"), 0, 100));
        assertRefused(FabricErrorCode.INSTANCE_NOT_FOUND, fabric.restart(InstanceKey.parse("words/counter/1")));
        assertRefused(FabricErrorCode.ROLE_NOT_FOUND, fabric.scale("words", Map.of("web", 1)));

        get(fabric.remove("words"));
        awaitGone("words");
        // Its name is free a moment before its package is deleted.
        await(() -> assertTrue(!PACKAGES.stored.contains(deployed.packageDigest())));
        get(fabric.deploy("words", jar("words", CONF), Map.of(), Map.of("counter", Map.of("queue", "lines"))));
        awaitReady("words", 2);
        get(fabric.remove("words"));
        awaitGone("words");
    }

    @Test
    void aWrongPackageIsRefusedAndNothingIsStored() throws Exception {
        Set<String> before = Set.copyOf(PACKAGES.stored);
        Path text = Files.writeString(directory.resolve("text.jar"), "this is no jar");
        assertRefused(FabricErrorCode.INVALID_PACKAGE, fabric.deploy("wrong", text, Map.of(), Map.of()));
        assertRefused(FabricErrorCode.INVALID_PACKAGE, fabric.deploy("wrong", jar("no-class", CONF.replace("SampleWorker", "Missing")), Map.of(), Map.of()));
        Path jar = jar("wrong", CONF);
        assertRefused(FabricErrorCode.INVALID_PACKAGE, fabric.deploy("wrong", jar, Map.of(), Map.of()));
        assertRefused(FabricErrorCode.INVALID_PACKAGE, fabric.deploy("wrong", jar, Map.of("web", 1), Map.of("counter", Map.of("queue", "q"))));
        assertRefused(FabricErrorCode.INVALID_COUNT, fabric.deploy("wrong", jar, Map.of("counter", 201), Map.of("counter", Map.of("queue", "q"))));
        assertRefused(FabricErrorCode.INVALID_PACKAGE,
                fabric.deploy("wrong", jar, Map.of(), Map.of("counter", Map.of("queue", "q".repeat(8_000), "other", "q".repeat(300)))));
        assertRefused(FabricErrorCode.INVALID_NAME, fabric.deploy("Wrong_Name", jar, Map.of(), Map.of()));
        // That of another test may go meanwhile.
        assertTrue(before.containsAll(PACKAGES.stored), PACKAGES.stored + ", before " + before);
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.deployment("wrong"));
    }

    @Test
    void aPackageStoreThatFailsLeavesTheNameFree() throws Exception {
        PACKAGES.broken = true;
        assertRefused(FabricErrorCode.UNAVAILABLE, fabric.deploy("late", jar("late", CONF), Map.of(), Map.of("counter", Map.of("queue", "q"))));
        PACKAGES.broken = false;
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.deployment("late"));
        get(fabric.deploy("late", jar("late", CONF + " # another package"), Map.of(), Map.of("counter", Map.of("queue", "q"))));
        get(fabric.remove("late"));
        awaitGone("late");
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.deployment("nothing"));
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.remove("nothing"));
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.scale("nothing", Map.of("counter", 1)));
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.restart(InstanceKey.parse("nothing/counter/0")));
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.instances(Optional.of("nothing")));
        assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.readLog(InstanceKey.parse("nothing/counter/0"), 0, 100));
        assertRefused(FabricErrorCode.INVALID_NAME, fabric.deployment("-nothing"));
        assertThrows(IllegalArgumentException.class, () -> fabric.readLog(InstanceKey.parse("nothing/counter/0"), 0, 0));
    }

    private static void awaitReady(String name, int instances) {
        await(() -> {
            List<FabricService.InstanceInfo> found = get(fabric.instances(Optional.of(name)));
            assertEquals(instances, found.size());
            assertTrue(found.stream().allMatch(info -> info.phase() == InstancePhase.READY), found.toString());
            assertEquals(instances, get(fabric.deployment(name)).roles().getFirst().ready());
        });
    }

    private static void awaitGone(String name) {
        await(() -> {
            assertRefused(FabricErrorCode.DEPLOYMENT_NOT_FOUND, fabric.deployment(name));
            assertTrue(get(fabric.deployments()).stream().noneMatch(info -> info.name().equals(name)));
        });
    }

    private interface Check {
        void run() throws Exception;
    }

    private static void await(Check check) {
        kit.createTestProbe().awaitAssert(PATIENCE, () -> {
            try {
                check.run();
                return null;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void assertRefused(FabricErrorCode code, CompletionStage<?> stage) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> get(stage));
        assertEquals(code, assertInstanceOf(FabricException.class, failure.getCause()).code());
    }

    private static Path jar(String name, String conf) throws IOException {
        Path jar = directory.resolve(name + "-" + Math.abs(conf.hashCode()) + ".jar");
        String classFile = SampleWorker.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(file);
                InputStream code = SampleWorker.class.getResourceAsStream("/" + classFile)) {
            put(zip, "META-INF/lazuli/service.conf", conf.getBytes(StandardCharsets.UTF_8));
            put(zip, classFile, code.readAllBytes());
        }
        return jar;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
