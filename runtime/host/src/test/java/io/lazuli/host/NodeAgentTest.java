package io.lazuli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.host.NodeAgentProtocol.Assign;
import io.lazuli.host.NodeAgentProtocol.Command;
import io.lazuli.host.NodeAgentProtocol.LogPage;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.NodeAgentProtocol.ReadLog;
import io.lazuli.host.NodeAgentProtocol.Report;
import io.lazuli.host.packages.RoleJarBuilder;
import io.lazuli.kernel.NodeId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node agent with real packages, class loaders and role-host processes. */
class NodeAgentTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long NEVER_MILLIS = 3_600_000;

    @TempDir
    static Path shared;

    private static Path jar;
    private static String digest;

    /** Not removed after each test: what a killed role host's last words are written to must not be in anybody's way. */
    private Path directory;

    private final Config config = ConfigFactory.parseString("""
            lazuli.host {
              report-delay = 1 ms
              restart { min-backoff = 20 ms, max-backoff = 100 ms, failed-after = 3 }
              interrupt-after = 100 ms
              role-host { heartbeat-interval = 200 ms, heartbeat-timeout = 2 minutes }
            }
            """).withFallback(ConfigFactory.load());
    private final ActorTestKit kit = ActorTestKit.create(config);
    private final TestProbe<NodeReport> reports = kit.createTestProbe();
    private final AtomicInteger fetches = new AtomicInteger();
    private ActorRef<Command> agent;

    @BeforeEach
    void start() throws IOException {
        start(config);
    }

    private void start(Config config) throws IOException {
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target/node-agents")), "node");
        agent = kit.spawn(NodeAgent.create(
            HostSettings.of(config), new NodeId("node-1"), "rack-1", directory, new OneJar(), new StorageAccess(
                    "connection string", List.of(URI.create("http://127.0.0.1:1/account")), "account",
                    Base64.getEncoder().encodeToString(new byte[32]))));
    }

    /** Roles whose class name says what they do. */
    @BeforeAll
    static void buildRoles() throws Exception {
        RoleJarBuilder builder = new RoleJarBuilder().conf("roles {}");
        worker(builder, "Steady", "while (!c.stopping()) c.pause(java.time.Duration.ofHours(1));",
                "c.logger().log(System.Logger.Level.INFO, \"stopped \" + c.instanceId());");
        worker(builder, "Crashing", "throw new IllegalStateException(\"no luck\");", "");
        worker(builder, "Failing", "throw new NoClassDefFoundError(\"gone\");", "");
        worker(builder, "Returning", "", "");
        worker(builder, "Deaf", "while (true) { try { Thread.sleep(100_000); } catch (InterruptedException e) { } }", "");
        worker(builder, "Sleeping", "Thread.sleep(3_600_000);", "c.logger().log(System.Logger.Level.INFO, \"cleaned up\");");
        worker(builder, "Lingering", "", "while (true) { try { Thread.sleep(100_000); } catch (InterruptedException e) { } }");
        worker(builder, "Exiting", once("System.exit(7);"), "");
        worker(builder, "Hungry", once("java.util.List<byte[]> all = new java.util.ArrayList<>(); while (true) all.add(new byte[1 << 20]);"), "");
        worker(builder, "Frozen", once("new ProcessBuilder(\"kill\", \"-STOP\", Long.toString(ProcessHandle.current().pid())).start().waitFor();"), "");
        worker(builder, "Telling", """
                System.out.println("setting " + c.setting("greeting") + " peers " + c.peers() + " connection " + c.storageConnectionString());
                Thread t = new Thread(() -> System.err.println("from a thread of its own"));
                t.start();
                t.join();
                """ + "c.pause(java.time.Duration.ofHours(1));", "");
        builder.source("t.Acting", """
                package t;
                import io.lazuli.role.*;
                import org.apache.pekko.actor.typed.Behavior;
                import org.apache.pekko.actor.typed.javadsl.Behaviors;
                public class Acting implements ActorRole<String> {
                    public Behavior<String> behavior(RoleContext c) {
                        return Behaviors.setup(context -> {
                            c.logger().log(System.Logger.Level.INFO, "actor of " + c.instanceId());
                            if (c.settings().containsKey("crash")) {
                                context.getSelf().tell("crash");
                            }
                            return Behaviors.receiveMessage(m -> {
                                if (m.equals("crash")) throw new IllegalStateException("actor crash");
                                c.logger().log(System.Logger.Level.INFO, "told " + m);
                                return Behaviors.stopped();
                            });
                        });
                    }
                    public String stopMessage() { return "please stop"; }
                }""");
        jar = builder.write(shared.resolve("roles.jar"));
        digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
    }

    @AfterEach
    void noRoleHostSurvivesItsNode() {
        kit.shutdownTestKit();
        ProcessHandle.current().children().forEach(child -> awaitDeath(child.pid()));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aWorkerStartsShowsItsLogAndStopsInOrder(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Steady", isolation));
        InstanceStatus ready = await("d/r/0", status -> status.state() == InstanceState.READY);
        assertEquals(isolation == Isolation.NODE, ready.pid() == ProcessHandle.current().pid());
        assign(1);
        awaitGone("d/r/0");
        awaitLog("d/r/0", text -> text.contains("INFO stopped d/r/0"));
        assertTrue(isolation == Isolation.NODE || awaitDeath(ready.pid()));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aCrashingWorkerIsRestartedAndCountedUntilItIsShownAsFailed(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Crashing", isolation));
        InstanceStatus failed = await("d/r/0", status -> status.state() == InstanceState.FAILED && status.restartCount() >= 3);
        assertEquals("java.lang.IllegalStateException: no luck", failed.lastError());
        awaitLog("d/r/0", text -> text.contains("ERROR run failed") && text.contains("t.Crashing.run("));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void returningFromRunRecycles(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Returning", isolation));
        assertEquals("returned from run", await("d/r/0", status -> status.restartCount() >= 2).lastError());
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void anErrorIsACrashLikeAnyOther(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Failing", isolation));
        assertEquals("java.lang.NoClassDefFoundError: gone", await("d/r/0", status -> status.restartCount() >= 1).lastError());
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void anInterruptStopsAWorkerThatSleeps(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Sleeping", isolation));
        await("d/r/0", status -> status.state() == InstanceState.READY);
        assign(1);
        awaitGone("d/r/0");
        awaitLog("d/r/0", text -> text.contains("cleaned up"));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aWorkerThatDoesNotStopIsEndedAtItsTimeout(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Deaf", isolation, Map.of(), 300));
        InstanceStatus ready = await("d/r/0", status -> status.state() == InstanceState.READY);
        assign(1);
        awaitGone("d/r/0");
        assertTrue(isolation == Isolation.NODE || awaitDeath(ready.pid()));
    }

    @Test
    void aWorkerThatIsGivenUpInOnStopDoesNotRunOnBesideItsSuccessor() {
        assign(1, spec("d/r/0", 1, "Lingering", Isolation.SERVICE, Map.of(), 1_000), spec("d/s/0", 1, "Steady", Isolation.SERVICE));
        long first = await("d/s/0", status -> status.state() == InstanceState.READY).pid();
        for (String key : List.of("d/r/0", "d/s/0")) {
            assertEquals("instance d/r/0 did not stop in time; its role host was ended", await(key, status -> status.restartCount() >= 1).lastError());
        }
        assertTrue(awaitDeath(first));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void anActorRoleRunsIsRestartedAndAskedToStop(Isolation isolation) {
        assign(1, spec("d/r/0", 1, "Acting", isolation), spec("d/r/1", 1, "Acting", isolation, Map.of("crash", "yes"), NEVER_MILLIS));
        await("d/r/0", status -> status.state() == InstanceState.READY);
        assertEquals("java.lang.IllegalStateException: actor crash", await("d/r/1", status -> status.restartCount() >= 1).lastError());
        assign(1);
        awaitGone("d/r/0");
        awaitGone("d/r/1");
        awaitLog("d/r/0", text -> text.contains("actor of d/r/0") && text.contains("told please stop"));
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aRoleSeesItsSettingsPeersAndConnectionString(Isolation isolation) {
        List<PeerInfo> peers = List.of(
                new PeerInfo(InstanceKey.parse("d/r/0"), "node-1", InstanceState.READY),
                new PeerInfo(InstanceKey.parse("d/s/1"), "node-2", InstanceState.CYCLING),
                new PeerInfo(InstanceKey.parse("other/s/1"), "node-2", InstanceState.READY));
        agent.tell(new Assign(1, List.of(spec("d/r/0", 1, "Telling", isolation, Map.of("greeting", "hi"), NEVER_MILLIS)), peers, reports.getRef()));
        await("d/r/0", status -> status.state() == InstanceState.READY);
        if (isolation == Isolation.SERVICE) {
            awaitLog("d/r/0", text -> text.contains("OUT setting hi peers [Peer[instanceId=d/s/1, role=s, index=1, node=node-2, state=Cycling]] connection connection string")
                    && text.contains("OUT from a thread of its own"));
        }
    }

    @Test
    void instancesOfADeploymentShareOneRoleHostAndDeploymentsDoNot() {
        assign(1, spec("d/r/0", 1, "Steady", Isolation.SERVICE), spec("d/r/1", 1, "Steady", Isolation.SERVICE), spec("e/r/0", 1, "Steady", Isolation.SERVICE));
        long first = await("d/r/0", status -> status.state() == InstanceState.READY).pid();
        assertEquals(first, await("d/r/1", status -> status.state() == InstanceState.READY).pid());
        assertNotEquals(first, await("e/r/0", status -> status.state() == InstanceState.READY).pid());
        assertEquals(1, fetches.get(), "one package is fetched once");
    }

    @Test
    void systemExitEndsTheRoleHostAloneAndItsInstancesComeBack() {
        assertRoleHostIsReplaced("Exiting", "the role host exited with code 7");
    }

    @Test
    void outOfMemoryEndsTheRoleHostAloneAndItsInstancesComeBack() {
        assertRoleHostIsReplaced("Hungry", "the role host ran out of memory");
    }

    @Test
    void aHungRoleHostIsKilledAndItsInstancesComeBack() throws IOException {
        kit.stop(agent);
        start(ConfigFactory.parseString("lazuli.host.role-host.heartbeat-timeout = 3 s").withFallback(config));
        assertRoleHostIsReplaced("Frozen", "the role host gave no sign of life for 3000 ms");
    }

    private void assertRoleHostIsReplaced(String roleClass, String error) {
        InstanceSpec steady = spec("d/s/0", 1, "Steady", Isolation.SERVICE);
        assign(1, steady);
        await("d/s/0", status -> status.state() == InstanceState.READY);
        assign(1, spec("d/r/0", 1, roleClass, Isolation.SERVICE), steady);
        for (String key : List.of("d/r/0", "d/s/0")) {
            InstanceStatus back = await(key, status -> status.state() == InstanceState.READY && status.restartCount() >= 1);
            assertEquals(error, back.lastError());
        }
    }

    @Test
    void instancesComeBackWhenTheOwnerOfTheirRoleHostIsGone() {
        assign(1, spec("d/r/0", 1, "Steady", Isolation.SERVICE));
        long first = await("d/r/0", status -> status.state() == InstanceState.READY).pid();
        String everyChild = agent.path() + "/*";
        Adapter.toClassic(kit.system()).actorSelection(everyChild).tell(PoisonPill.getInstance(), null);
        await("d/r/0", status -> status.state() == InstanceState.READY && status.pid() != first);
        assertTrue(awaitDeath(first));
    }

    @Test
    void aNewGenerationReplacesAndAnOlderControllerIsIgnored() {
        assign(5, spec("d/r/0", 1, "Steady", Isolation.NODE));
        await("d/r/0", status -> status.state() == InstanceState.READY);
        assign(6, spec("d/r/0", 2, "Steady", Isolation.NODE));
        await("d/r/0", status -> status.state() == InstanceState.READY && status.generation() == 2);
        assign(5);
        NodeReport report = awaitReport(any -> true);
        assertEquals(6, report.controllerEpoch());
        assertEquals(1, report.instances().size());
    }

    @Test
    void aPackageThatCannotBeFetchedIsTriedAgain() {
        InstanceSpec missing = new InstanceSpec(
                InstanceKey.parse("d/r/0"), 1, "f".repeat(64), RoleKind.WORKER, "t.Steady", Isolation.NODE, Map.of(), 1_000, 64);
        agent.tell(new Assign(1, List.of(missing), List.of(), reports.getRef()));
        agent.tell(new Report(reports.getRef()));
        InstanceStatus cycling = await("d/r/0", status -> status.restartCount() >= 1);
        assertTrue(cycling.lastError().startsWith("the package cannot be brought here: java.io.IOException: no package"), cycling.lastError());
    }

    @Test
    void aSubscriberHearsOfEveryChange() {
        TestProbe<NodeReport> subscriber = kit.createTestProbe();
        agent.tell(new Report(subscriber.getRef()));
        assertEquals(new NodeReport(new NodeId("node-1"), "rack-1", 0, 200, List.of()), subscriber.receiveMessage(PATIENCE));
        assign(1, spec("d/r/0", 1, "Steady", Isolation.NODE));
        for (NodeReport report = subscriber.receiveMessage(PATIENCE);
                report.instances().isEmpty() || report.instances().getFirst().state() != InstanceState.READY;
                report = subscriber.receiveMessage(PATIENCE)) {
            assertEquals(1, report.controllerEpoch());
        }
    }

    @Test
    void beforeANodeLeavesAllInstancesStop() {
        assign(1, spec("d/r/0", 1, "Steady", Isolation.NODE), spec("d/r/1", 1, "Steady", Isolation.SERVICE));
        await("d/r/0", status -> status.state() == InstanceState.READY);
        await("d/r/1", status -> status.state() == InstanceState.READY);
        TestProbe<Done> done = kit.createTestProbe();
        agent.tell(new NodeAgent.StopAll(done.getRef()));
        done.receiveMessage(PATIENCE);
        assign(2, spec("d/r/0", 1, "Steady", Isolation.NODE));
        assertEquals(List.of(), awaitReport(any -> true).instances());
    }

    private void assign(long epoch, InstanceSpec... specs) {
        agent.tell(new Assign(epoch, List.of(specs), List.of(), reports.getRef()));
    }

    private static InstanceSpec spec(String key, long generation, String roleClass, Isolation isolation) {
        return spec(key, generation, roleClass, isolation, Map.of(), NEVER_MILLIS);
    }

    private static InstanceSpec spec(
            String key, long generation, String roleClass, Isolation isolation, Map<String, String> settings, long stopTimeoutMillis) {
        RoleKind kind = roleClass.equals("Acting") ? RoleKind.ACTOR : RoleKind.WORKER;
        return new InstanceSpec(InstanceKey.parse(key), generation, digest, kind, "t." + roleClass, isolation, settings, stopTimeoutMillis, 32);
    }

    private InstanceStatus await(String key, Predicate<InstanceStatus> wanted) {
        NodeReport report = awaitReport(any -> status(any, key).filter(wanted).isPresent());
        return status(report, key).orElseThrow();
    }

    private void awaitGone(String key) {
        awaitReport(report -> status(report, key).isEmpty());
    }

    /** The agent reports every change to its subscribers. */
    private NodeReport awaitReport(Predicate<NodeReport> wanted) {
        TestProbe<NodeReport> probe = kit.createTestProbe();
        agent.tell(new Report(probe.getRef()));
        NodeReport report = probe.receiveMessage(PATIENCE);
        while (!wanted.test(report)) {
            report = probe.receiveMessage(PATIENCE);
        }
        probe.stop();
        return report;
    }

    private static Optional<InstanceStatus> status(NodeReport report, String key) {
        return report.instances().stream().filter(status -> status.key().toString().equals(key)).findFirst();
    }

    private void awaitLog(String key, Predicate<String> wanted) {
        TestProbe<LogPage> probe = kit.createTestProbe();
        probe.awaitAssert(PATIENCE, () -> {
            agent.tell(new ReadLog(InstanceKey.parse(key), 0, 1 << 20, probe.getRef()));
            String text = probe.receiveMessage(PATIENCE).text();
            assertTrue(wanted.test(text), text);
            return null;
        });
    }

    private static boolean awaitDeath(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).thenApply(dead -> true).join())
                .orElse(true);
    }

    private static void worker(RoleJarBuilder builder, String name, String run, String onStop) {
        builder.source("t." + name, """
                package t;
                import io.lazuli.role.*;
                public class %s implements WorkerRole {
                    public void run(RoleContext c) throws Exception { %s }
                    public void onStop(RoleContext c) throws Exception { %s }
                }""".formatted(name, run.replace("%", "%%"), onStop));
    }

    /** Does it in the first run, and works steadily afterwards: the mark is in the role host's working directory. */
    private static String once(String code) {
        return "if (new java.io.File(\"mark\").createNewFile()) { " + code + " } c.pause(java.time.Duration.ofHours(1));";
    }

    private final class OneJar implements PackageSource {

        @Override
        public CompletionStage<String> store(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Path> fetch(String wanted) {
            fetches.incrementAndGet();
            return wanted.equals(digest)
                    ? CompletableFuture.completedFuture(jar)
                    : CompletableFuture.failedFuture(new IOException("no package " + wanted));
        }

        @Override
        public CompletionStage<Void> delete(String wanted) {
            throw new UnsupportedOperationException();
        }
    }
}
