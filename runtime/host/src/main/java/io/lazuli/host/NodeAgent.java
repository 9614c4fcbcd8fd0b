package io.lazuli.host;

import io.lazuli.host.NodeAgentProtocol.Assign;
import io.lazuli.host.NodeAgentProtocol.Command;
import io.lazuli.host.NodeAgentProtocol.LocalCommand;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.NodeAgentProtocol.ReadLog;
import io.lazuli.host.NodeAgentProtocol.Report;
import io.lazuli.host.code.CodeRunner;
import io.lazuli.host.code.PeerBoard;
import io.lazuli.host.instance.RoleInstance;
import io.lazuli.host.log.InstanceLogs;
import io.lazuli.host.packages.PackageCache;
import io.lazuli.host.process.RoleHost;
import io.lazuli.host.queue.QueueClient;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.slf4j.Logger;

/**
 * Runs what the fabric controller assigns to its node, and goes on running it when no controller is reachable. One per
 * compute node, registered under {@link NodeAgentProtocol#SERVICE_KEY}. Nothing survives the node's process: a new agent
 * runs nothing until it is assigned something.
 *
 * <pre>
 * NodeAgent
 *  ├─ RoleInstance, one per instance: supervises from outside of the role's code
 *  │   └─ RoleActorSupervisor (actor roles with isolation node) ─ the role's actor
 *  └─ RoleHost, one per deployment with isolation service: owns the role-host process
 * </pre>
 *
 * <p>Bounded: instances by {@code max-instances}, subscribers by {@link #MAX_SUBSCRIBERS}; changes are gathered for
 * {@code report-delay} and then reported whole.
 */
public final class NodeAgent extends AbstractBehavior<Command> {

    static final int MAX_SUBSCRIBERS = 64;

    /** Before the node leaves: stops every instance, and from then on obeys no assignment. Answers when none is left. */
    public record StopAll(ActorRef<Done> replyTo) implements LocalCommand {}

    private record InstanceHeard(RoleInstance.Event event) implements LocalCommand {}

    private record InstanceTerminated(InstanceKey key, ActorRef<RoleInstance.Command> instance) implements LocalCommand {}

    private record RoleHostTerminated(String deployment, ActorRef<RoleHost.Command> host) implements LocalCommand {}

    private record SubscriberGone(ActorRef<NodeReport> subscriber) implements LocalCommand {}

    private record ReportNow() implements LocalCommand {}

    private record Reconcile() implements LocalCommand {}

    private record Running(InstanceSpec spec, ActorRef<RoleInstance.Command> instance, InstanceStatus status, boolean stopping) {}

    private final TimerScheduler<Command> timers;
    private final HostSettings settings;
    private final NodeId node;
    private final String faultDomain;
    private final Executor blocking;
    private final PackageCache packages;
    private final InstanceLogs logs;
    /** Of what runs and of what is assigned; read by the thread that removes packages. */
    private final AtomicReference<Set<String>> packagesUsed = new AtomicReference<>(Set.of());
    private final PeerBoard peers = new PeerBoard();
    private final RoleInstance.Surroundings instanceSurroundings;
    private final RoleHost.Surroundings roleHostSurroundings;
    private final ActorRef<RoleInstance.Event> instanceEvents;
    private final Map<InstanceKey, Running> running = new TreeMap<>();
    private final Map<String, ActorRef<RoleHost.Command>> roleHosts = new HashMap<>();
    private final Set<ActorRef<NodeReport>> subscribers = new LinkedHashSet<>();
    private final Set<ActorRef<Done>> waitingForAllStopped = new HashSet<>();
    private long controllerEpoch;
    private List<InstanceSpec> assigned = List.of();
    private List<PeerInfo> assignedPeers = List.of();
    private boolean leaving;

    private NodeAgent(
            ActorContext<Command> context, TimerScheduler<Command> timers, HostSettings settings, NodeId node, String faultDomain,
            Path dataDirectory, PackageSource source, StorageAccess storage) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.node = node;
        this.faultDomain = faultDomain;
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.packages = new PackageCache(dataDirectory.resolve("host/packages"), source, blocking);
        Path logDirectory = dataDirectory.resolve("log/instances");
        this.logs = new InstanceLogs(logDirectory, settings.logMaxBytes());
        CodeRunner runner = new CodeRunner(logs, peers, new QueueClient(storage, settings.queue()));
        this.instanceSurroundings = new RoleInstance.Surroundings(settings, packages, runner, logs, Clock.system());
        this.roleHostSurroundings = new RoleHost.Surroundings(settings, storage, logs, logDirectory, dataDirectory.resolve("host/work"));
        this.instanceEvents = context.messageAdapter(RoleInstance.Event.class, InstanceHeard::new);
        context.getSystem().receptionist().tell(Receptionist.register(NodeAgentProtocol.SERVICE_KEY, context.getSelf()));
    }

    /**
     * @param dataDirectory this node's own; {@code host/} and {@code log/instances/} below it are the agent's
     * @param storage how roles on this node reach the cloud's storage
     */
    public static Behavior<Command> create(
            HostSettings settings, NodeId node, String faultDomain, Path dataDirectory, PackageSource source, StorageAccess storage) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new NodeAgent(context, timers, settings, node, faultDomain, dataDirectory.toAbsolutePath(), source, storage)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Assign.class, this::onAssign)
                .onMessage(Report.class, this::onReport)
                .onMessage(ReadLog.class, this::onReadLog)
                .onMessage(StopAll.class, this::onStopAll)
                .onMessage(InstanceHeard.class, this::onInstanceHeard)
                .onMessage(InstanceTerminated.class, this::onInstanceTerminated)
                .onMessage(RoleHostTerminated.class, this::onRoleHostTerminated)
                .onMessage(SubscriberGone.class, this::onSubscriberGone)
                .onMessage(ReportNow.class, this::onReportNow)
                .onMessage(Reconcile.class, this::onReconcile)
                .build();
    }

    private Behavior<Command> onAssign(Assign assign) {
        if (assign.controllerEpoch() >= controllerEpoch && !leaving) {
            controllerEpoch = assign.controllerEpoch();
            assigned = assign.instances();
            setPeers(assign.peers());
            resizeRoleHosts();
            reconcile();
        }
        assign.replyTo().tell(report());
        return this;
    }

    private Behavior<Command> onReport(Report report) {
        boolean known = subscribers.contains(report.subscriber());
        if (!known && subscribers.size() < MAX_SUBSCRIBERS) {
            subscribers.add(report.subscriber());
            getContext().watchWith(report.subscriber(), new SubscriberGone(report.subscriber()));
        } else if (!known) {
            getContext().getLog().warn("More than {} subscribers; {} gets one report only", MAX_SUBSCRIBERS, report.subscriber());
        }
        report.subscriber().tell(report());
        return this;
    }

    private Behavior<Command> onReadLog(ReadLog read) {
        blocking.execute(() -> read.replyTo().tell(logs.read(read.key(), read.offset(), read.maxBytes())));
        return this;
    }

    private Behavior<Command> onStopAll(StopAll stop) {
        leaving = true;
        assigned = List.of();
        waitingForAllStopped.add(stop.replyTo());
        reconcile();
        answerIfAllStopped();
        return this;
    }

    private Behavior<Command> onInstanceHeard(InstanceHeard heard) {
        switch (heard.event()) {
            case RoleInstance.Changed changed -> {
                Running instance = current(changed.status().key(), changed.instance());
                if (instance != null) {
                    running.put(changed.status().key(), new Running(instance.spec(), instance.instance(), changed.status(), instance.stopping()));
                    changed();
                }
            }
            case RoleInstance.Finished finished -> {
                if (current(finished.status().key(), finished.instance()) != null) {
                    forget(finished.status().key());
                    reconcile();
                }
            }
        }
        return this;
    }

    /** Without having finished: the supervisor itself failed. Its instance is started anew, after a wait. */
    private Behavior<Command> onInstanceTerminated(InstanceTerminated terminated) {
        if (current(terminated.key(), terminated.instance()) != null) {
            getContext().getLog().error("The supervisor of {} failed", terminated.key());
            forget(terminated.key());
            timers.startSingleTimer(Reconcile.class, new Reconcile(), Duration.ofMillis(settings.restart().minBackoffMillis()));
        }
        return this;
    }

    /** Without having been closed: it failed, and its process ended with it. Its instances are started anew as above. */
    private Behavior<Command> onRoleHostTerminated(RoleHostTerminated terminated) {
        if (roleHosts.remove(terminated.deployment(), terminated.host())) {
            getContext().getLog().error("The owner of the role host of {} failed", terminated.deployment());
            inRoleHost(terminated.deployment()).forEach(instance -> getContext().stop(instance.instance()));
        }
        return this;
    }

    private Behavior<Command> onSubscriberGone(SubscriberGone gone) {
        subscribers.remove(gone.subscriber());
        return this;
    }

    private Behavior<Command> onReportNow(ReportNow now) {
        NodeReport report = report();
        subscribers.forEach(subscriber -> subscriber.tell(report));
        return this;
    }

    private Behavior<Command> onReconcile(Reconcile reconcile) {
        reconcile();
        return this;
    }

    private void reconcile() {
        notePackagesUsed();
        Map<InstanceKey, AssignmentPlan.Held> held = new TreeMap<>();
        running.forEach((key, instance) -> held.put(key, new AssignmentPlan.Held(instance.spec().generation(), instance.stopping())));
        AssignmentPlan plan = AssignmentPlan.of(assigned, held, settings.maxInstances());
        plan.toStop().forEach(this::stop);
        plan.toStart().forEach(this::start);
        if (assigned.size() > settings.maxInstances()) {
            getContext().getLog().warn("Assigned {} instances, more than the {} that this node takes", assigned.size(), settings.maxInstances());
        }
    }

    private void start(InstanceSpec spec) {
        Behavior<RoleInstance.Command> behavior = switch (spec.isolation()) {
            case NODE -> RoleInstance.inNode(spec, instanceSurroundings, instanceEvents);
            case SERVICE -> RoleInstance.inRoleHost(spec, instanceSurroundings, instanceEvents, roleHost(spec.key().deployment()));
        };
        ActorRef<RoleInstance.Command> instance = getContext().spawnAnonymous(behavior);
        getContext().watchWith(instance, new InstanceTerminated(spec.key(), instance));
        InstanceStatus status = new InstanceStatus(
                spec.key(), spec.generation(), InstanceState.STARTING, 0, Clock.system().epochMillis(), "", 0);
        running.put(spec.key(), new Running(spec, instance, status, false));
        changed();
    }

    private void stop(InstanceKey key) {
        Running instance = running.get(key);
        running.put(key, new Running(instance.spec(), instance.instance(), instance.status(), true));
        instance.instance().tell(new RoleInstance.Stop());
    }

    private void forget(InstanceKey key) {
        Running instance = running.remove(key);
        boolean lastInRoleHost = instance.spec().isolation() == Isolation.SERVICE && inRoleHost(key.deployment()).isEmpty()
                && assigned.stream().noneMatch(spec -> spec.isolation() == Isolation.SERVICE && spec.key().deployment().equals(key.deployment()));
        if (lastInRoleHost) {
            Optional.ofNullable(roleHosts.remove(key.deployment())).ifPresent(host -> host.tell(new RoleHost.Close()));
        }
        changed();
        retainPackages();
        answerIfAllStopped();
    }

    private ActorRef<RoleHost.Command> roleHost(String deployment) {
        return roleHosts.computeIfAbsent(deployment, name -> {
            ActorRef<RoleHost.Command> host = getContext().spawnAnonymous(RoleHost.create(name, heapMib(name), roleHostSurroundings));
            getContext().watchWith(host, new RoleHostTerminated(name, host));
            host.tell(new RoleHost.SetPeers(peersOf(name)));
            return host;
        });
    }

    private void resizeRoleHosts() {
        roleHosts.forEach((deployment, host) -> host.tell(new RoleHost.Resize(heapMib(deployment))));
    }

    /** The sum of what each role of the deployment that has instances here asks for. */
    private int heapMib(String deployment) {
        Map<String, Integer> byRole = new HashMap<>();
        assigned.stream()
                .filter(spec -> spec.isolation() == Isolation.SERVICE && spec.key().deployment().equals(deployment))
                .forEach(spec -> byRole.merge(spec.key().role(), spec.memoryMib(), Math::max));
        return byRole.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void setPeers(List<PeerInfo> now) {
        if (!now.equals(assignedPeers)) {
            assignedPeers = now;
            peers.set(now);
            roleHosts.forEach((deployment, host) -> host.tell(new RoleHost.SetPeers(peersOf(deployment))));
        }
    }

    private List<PeerInfo> peersOf(String deployment) {
        return assignedPeers.stream().filter(peer -> peer.key().deployment().equals(deployment)).toList();
    }

    private List<Running> inRoleHost(String deployment) {
        return running.values().stream()
                .filter(instance -> instance.spec().isolation() == Isolation.SERVICE && instance.spec().key().deployment().equals(deployment))
                .toList();
    }

    /** Before an instance that may open its package is started, so that {@link PackageCache#retain} does not take that away. */
    private void notePackagesUsed() {
        Set<String> used = running.values().stream().map(instance -> instance.spec().packageDigest()).collect(Collectors.toSet());
        assigned.forEach(spec -> used.add(spec.packageDigest()));
        packagesUsed.set(Set.copyOf(used));
    }

    private void retainPackages() {
        notePackagesUsed();
        Logger logger = getContext().getSystem().log();
        blocking.execute(() -> {
            try {
                packages.retain(packagesUsed::get);
            } catch (IOException e) {
                logger.warn("Cannot remove role packages that are not used any more", e);
            }
        });
    }

    private void answerIfAllStopped() {
        if (running.isEmpty()) {
            waitingForAllStopped.forEach(waiting -> waiting.tell(Done.getInstance()));
            waitingForAllStopped.clear();
        }
    }

    private Running current(InstanceKey key, ActorRef<RoleInstance.Command> instance) {
        Running held = running.get(key);
        return held != null && held.instance().equals(instance) ? held : null;
    }

    private void changed() {
        if (!timers.isTimerActive(ReportNow.class)) {
            timers.startSingleTimer(ReportNow.class, new ReportNow(), Duration.ofMillis(settings.reportDelayMillis()));
        }
    }

    private NodeReport report() {
        return new NodeReport(
                node, faultDomain, controllerEpoch, settings.maxInstances(), running.values().stream().map(Running::status).toList());
    }
}
