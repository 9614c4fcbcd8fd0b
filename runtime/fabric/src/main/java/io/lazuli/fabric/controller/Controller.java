package io.lazuli.fabric.controller;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.FabricSettings;
import io.lazuli.fabric.controller.Assignments.Assignment;
import io.lazuli.fabric.controller.ControllerReply.Acknowledged;
import io.lazuli.fabric.controller.ControllerReply.Refused;
import io.lazuli.fabric.deployment.Deployment;
import io.lazuli.fabric.deployment.DeploymentRequest;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.host.NodeReport;
import io.lazuli.host.PackageSource;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.WireMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The fabric controller, one in the cluster: sees to it that what runs is what shall run. It reads every deployment,
 * hears every node agent, and tells each agent the whole list of what to run.
 *
 * <pre>
 *              epoch raised,                   every compute node has reported
 *   LOADING ── every deployment read ──▶ SETTLING ── or settle-timeout has passed ──▶ RUNNING
 * </pre>
 *
 * After settle-timeout, nodes that are still silent are told nothing, and what they may be running is placed nowhere else.
 * Nothing is assigned before RUNNING, so that a fail-over finds out where instances are before it decides where they
 * shall be, and moves none. Survives a crash: the {@link Directory}. Bounded: {@link Names} by {@code max-deployments},
 * reads in flight by {@link DeploymentReader#MAX_READS}, one unanswered assignment for each node.
 */
public final class Controller extends AbstractBehavior<Controller.Command> {

    private static final Duration SETTLE_TICK = Duration.ofMillis(500);

    public sealed interface Command {}

    /** Says that somebody is about to deploy under this name: answered Registered or Refused. */
    public record Register(String name, String packageDigest, ActorRef<ControllerReply> replyTo) implements Command, WireMessage {}

    /** The deploy that was registered has failed for good. */
    public record CancelRegistration(String name, long registration) implements Command, WireMessage {}

    /** A deployment has this state now, durably: answered Acknowledged. */
    public record DesiredChanged(DeploymentState state, ActorRef<ControllerReply> replyTo) implements Command, WireMessage {}

    public record ListDeployments(ActorRef<ControllerReply> replyTo) implements Command, WireMessage {}

    public record ListInstances(Optional<String> deployment, ActorRef<ControllerReply> replyTo) implements Command, WireMessage {}

    /** Answered Located or Refused. */
    public record Locate(InstanceKey instance, ActorRef<ControllerReply> replyTo) implements Command, WireMessage {}

    /** All compute nodes there are now. */
    public record MembersChanged(List<ComputeMember> members) implements Command {
        public MembersChanged {
            members = List.copyOf(members);
        }
    }

    private record EpochRaised(DirectoryState state) implements Command {}

    record NameRegistered(DirectoryState state, Register request, Optional<String> oldDigest) implements Command {}

    record RegisteringFailed(Register request) implements Command {}

    /** @param state what the entity answered, empty if it did not */
    record AbsenceChecked(String name, long registration, Optional<DeploymentState> state) implements Command {}

    record NameForgotten(DirectoryState state, String name, String packageDigest) implements Command {}

    record ForgettingFailed(String name) implements Command {}

    record DeploymentRead(String name, Optional<DeploymentState> state) implements Command {}

    record ReadAgain(String name) implements Command {}

    private record RemovalConfirmed(String name, Optional<DeploymentState> state) implements Command {}

    record PackageDeleted(String digest, Optional<Throwable> failure) implements Command {}

    private record Reported(NodeReport report) implements Command {}

    private record AssignmentAnswered(NodeId node, ActorRef<NodeAgentProtocol.Command> agent, Optional<NodeReport> report)
            implements Command {}

    private enum Tick implements Command { RAISE_EPOCH, SETTLE, SETTLE_TIMEOUT, PLAN, RESYNC }

    private enum Stage { LOADING, SETTLING, RUNNING }

    private final FabricSettings settings;
    private final Clock clock;
    private final TimerScheduler<Command> timers;
    private final DeploymentReader reader;
    private final ActorRef<NodeReport> reports;
    private final ActorRef<Directory.Command> directory;
    private final Names names;
    private final Fleet fleet = new Fleet();
    private final Assignments assignments = new Assignments();
    private final Map<NodeId, ActorRef<NodeAgentProtocol.Command>> agents = new HashMap<>();
    private final Set<String> confirmingRemoval = new HashSet<>();

    private Stage stage = Stage.LOADING;
    private boolean superseded;
    private long membersChangedNanos;

    /**
     * @param deployments the entity of a deployment, by its name
     * @param watcher becomes a child that sends {@link MembersChanged}
     */
    public static Behavior<Command> create(
            FabricSettings settings, Clock clock, Function<String, RecipientRef<Deployment.Command>> deployments,
            Function<ActorRef<? super MembersChanged>, Behavior<?>> watcher, PackageSource packages) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Controller(context, timers, settings, clock, deployments, watcher, packages)));
    }

    private Controller(
            ActorContext<Command> context, TimerScheduler<Command> timers, FabricSettings settings, Clock clock,
            Function<String, RecipientRef<Deployment.Command>> deployments,
            Function<ActorRef<? super MembersChanged>, Behavior<?>> watcher, PackageSource packages) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.clock = clock;
        this.reader = new DeploymentReader(context, timers, settings, deployments);
        this.reports = context.messageAdapter(NodeReport.class, Reported::new);
        this.directory = context.spawn(Directory.create(clock), "directory");
        context.watch(directory);
        this.names = new Names(context, settings, clock, fleet, directory, packages, this::checkAbsence);
        context.watch(context.spawn(watcher.apply(context.getSelf()), "members"));
        raiseEpoch();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Command.class, this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Register register -> onRegister(register);
            case CancelRegistration cancel -> names.cancel(cancel);
            case DesiredChanged changed -> onDesiredChanged(changed);
            case ListDeployments list -> list.replyTo().tell(
                    stage == Stage.LOADING ? starting() : new ControllerReply.Deployments(fleet.deploymentInfos()));
            case ListInstances list -> list.replyTo().tell(
                    stage == Stage.LOADING ? starting() : new ControllerReply.Instances(fleet.instanceInfos(list.deployment())));
            case Locate locate -> locate.replyTo().tell(stage == Stage.LOADING ? starting() : locate(locate.instance()));
            case MembersChanged changed -> onMembersChanged(changed);
            case EpochRaised raised -> onEpochRaised(raised);
            case NameRegistered registered -> names.onRegistered(registered);
            case RegisteringFailed failed -> Names.onRegisteringFailed(failed);
            case AbsenceChecked checked -> onAbsenceChecked(checked);
            case NameForgotten forgotten -> names.onForgotten(forgotten);
            case ForgettingFailed failed -> names.onForgettingFailed(failed);
            case DeploymentRead read -> onDeploymentRead(read);
            case ReadAgain again -> reader.read(again.name());
            case RemovalConfirmed confirmed -> onRemovalConfirmed(confirmed);
            case PackageDeleted deleted -> names.onPackageDeleted(deleted);
            case Reported reported -> onReport(reported.report());
            case AssignmentAnswered answered -> onAssignmentAnswered(answered);
            case Tick tick -> {
                switch (tick) {
                    case RAISE_EPOCH -> raiseEpoch();
                    case SETTLE -> onSettleTick();
                    case SETTLE_TIMEOUT -> onSettleTimeout();
                    case PLAN -> plan();
                    case RESYNC -> onResync();
                }
            }
        }
        return this;
    }

    private void onRegister(Register register) {
        if (stage == Stage.LOADING) {
            register.replyTo().tell(starting());
        } else {
            names.register(register);
        }
    }

    private void onDesiredChanged(DesiredChanged changed) {
        if (stage != Stage.LOADING) {
            takeNote(changed.state());
        }
        changed.replyTo().tell(new Acknowledged());
    }

    private ControllerReply locate(InstanceKey instance) {
        Optional<ActorRef<NodeAgentProtocol.Command>> agent = fleet.nodeOf(instance).map(agents::get);
        if (agent.isPresent()) {
            return new ControllerReply.Located(agent.get());
        }
        return fleet.wants(instance)
                ? new Refused(FabricErrorCode.INSTANCE_NOT_RUNNING, "instance " + instance + " runs on no node that answers")
                : new Refused(FabricErrorCode.INSTANCE_NOT_FOUND, "there is no instance " + instance);
    }

    private static Refused starting() {
        return new Refused(FabricErrorCode.UNAVAILABLE, "the fabric controller is starting");
    }

    private void onMembersChanged(MembersChanged changed) {
        Map<NodeId, ActorRef<NodeAgentProtocol.Command>> present = new HashMap<>();
        changed.members().forEach(member -> member.agent().ifPresent(agent -> present.put(member.node(), agent)));
        assignments.keepOnly(changed.members().stream().map(ComputeMember::node).collect(Collectors.toSet()));
        fleet.nodes(changed.members().stream()
                .map(member -> new ComputeNode(member.node(), member.faultDomain(), member.presence(), 0)).toList());
        present.forEach((node, agent) -> {
            if (!agent.equals(agents.get(node))) {
                fleet.forgetReport(node);
                assignments.forget(node);
                agent.tell(new NodeAgentProtocol.Report(reports));
            }
        });
        agents.clear();
        agents.putAll(present);
        membersChangedNanos = clock.nanos();
        news();
    }

    private void raiseEpoch() {
        getContext().ask(
                DirectoryState.class, directory, settings.askTimeout(), Directory.RaiseEpoch::new,
                (state, failure) -> state == null ? Tick.RAISE_EPOCH : new EpochRaised(state));
    }

    private void onEpochRaised(EpochRaised raised) {
        names.start(raised.state());
        getContext().getLog().info("fabric controller of epoch {} reads {} deployments", names.epoch(), names.all().size());
        reader.readFirst(names.all());
        settleIfAllRead();
    }

    private void checkAbsence(String name, long registration) {
        reader.ask(name, new DeploymentRequest.Get(), (asked, state) -> new AbsenceChecked(asked, registration, state));
    }

    private void onAbsenceChecked(AbsenceChecked checked) {
        checked.state().ifPresent(this::takeNote);
        names.onAbsenceChecked(checked);
    }

    private void onDeploymentRead(DeploymentRead read) {
        reader.onRead(read);
        read.state().ifPresent(this::takeNote);
        settleIfAllRead();
    }

    private void takeNote(DeploymentState state) {
        if (names.all().contains(state.name()) && fleet.update(state)) {
            news();
        }
    }

    private void settleIfAllRead() {
        if (stage == Stage.LOADING && reader.hasReadAll()) {
            stage = Stage.SETTLING;
            fleet.inherit();
            timers.startSingleTimer(Tick.SETTLE_TIMEOUT, Tick.SETTLE_TIMEOUT, settings.settleTimeout());
            timers.startTimerWithFixedDelay(Tick.SETTLE, Tick.SETTLE, SETTLE_TICK);
            runIfSettled();
        }
    }

    private void onSettleTick() {
        askForMissingReports();
        runIfSettled();
    }

    private void askForMissingReports() {
        fleet.nodesWithoutReport().stream().map(agents::get).filter(agent -> agent != null)
                .forEach(agent -> agent.tell(new NodeAgentProtocol.Report(reports)));
    }

    private void onSettleTimeout() {
        if (stage == Stage.SETTLING) {
            run();
            warnOfSilentNodes();
        }
    }

    private void runIfSettled() {
        fleet.adopt();
        boolean quiet = clock.nanos() - membersChangedNanos >= settings.quietTime().toNanos();
        if (stage == Stage.SETTLING && fleet.hasNodes() && fleet.nodesWithoutReport().isEmpty()
                && (fleet.runsAnything() || !fleet.wantsInstances() || quiet)) {
            run();
        }
    }

    private void run() {
        stage = Stage.RUNNING;
        timers.cancel(Tick.SETTLE);
        timers.cancel(Tick.SETTLE_TIMEOUT);
        timers.startTimerWithFixedDelay(Tick.RESYNC, Tick.RESYNC, settings.resyncInterval());
        fleet.adopt();
        fleet.holdBackForSilentNodes();
        plan();
    }

    private void warnOfSilentNodes() {
        if (!fleet.silentNodes().isEmpty()) {
            getContext().getLog().warn("nodes {} have not reported since this controller started; what they may be running is placed nowhere else "
                    + "until they do, or the cluster removes them", fleet.silentNodes());
        }
    }

    private void onReport(NodeReport report) {
        if (stage != Stage.LOADING && report.controllerEpoch() > names.epoch() && !superseded) {
            superseded = true;
            getContext().getLog().error("node {} obeys a controller of epoch {}, this one has {}: it assigns nothing any more",
                    report.node(), report.controllerEpoch(), names.epoch());
        }
        if (fleet.report(report)) {
            news();
        }
    }

    /** Something that matters has changed. */
    private void news() {
        switch (stage) {
            case LOADING -> { }
            case SETTLING -> runIfSettled();
            case RUNNING -> {
                if (!timers.isTimerActive(Tick.PLAN)) {
                    timers.startSingleTimer(Tick.PLAN, Tick.PLAN, settings.planDelay());
                }
            }
        }
    }

    private void plan() {
        fleet.replan().assignments().forEach((node, instances) -> {
            ActorRef<NodeAgentProtocol.Command> agent = agents.get(node);
            Assignment assignment = new Assignment(instances, fleet.peers(node));
            if (agent != null && !superseded && !fleet.silentNodes().contains(node) && assignments.send(node, assignment)) {
                getContext().ask(
                        NodeReport.class, agent, settings.askTimeout(),
                        replyTo -> new NodeAgentProtocol.Assign(names.epoch(), assignment.instances(), assignment.peers(), replyTo),
                        (report, failure) -> new AssignmentAnswered(node, agent, Optional.ofNullable(report)));
            }
        });
        fleet.deploymentsBeingRemoved().forEach(this::confirmRemovalIfStopped);
    }

    private void onAssignmentAnswered(AssignmentAnswered answered) {
        if (!answered.agent().equals(agents.get(answered.node()))) {
            return;
        }
        if (answered.report().isPresent()) {
            assignments.answered(answered.node());
            onReport(answered.report().get());
        } else {
            assignments.timedOut(answered.node());
        }
        news();
    }

    private void confirmRemovalIfStopped(DeploymentState state) {
        String name = state.name();
        if (!superseded && !fleet.runsAnythingOf(name) && fleet.allNodes(assignments.nodesFreeOf(name)) && confirmingRemoval.add(name)) {
            reader.ask(name, new DeploymentRequest.ConfirmRemoved(state.revision()), RemovalConfirmed::new);
        }
    }

    private void onRemovalConfirmed(RemovalConfirmed confirmed) {
        confirmingRemoval.remove(confirmed.name());
        confirmed.state().ifPresent(this::takeNote);
        if (fleet.deployment(confirmed.name()).phase() == Phase.ABSENT) {
            names.forget(confirmed.name());
        }
    }

    private void onResync() {
        names.all().forEach(reader::read);
        names.forgetAbandoned();
        askForMissingReports();
        warnOfSilentNodes();
        assignments.sendAllAgain();
        plan();
    }
}
