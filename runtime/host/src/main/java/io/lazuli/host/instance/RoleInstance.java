package io.lazuli.host.instance;

import io.lazuli.host.HostSettings;
import io.lazuli.host.InstanceSpec;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.code.CodeRunner;
import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.code.Errors;
import io.lazuli.host.code.RoleActorSupervisor;
import io.lazuli.host.log.InstanceLog;
import io.lazuli.host.log.InstanceLogs;
import io.lazuli.host.packages.PackageCache;
import io.lazuli.host.packages.RoleJars;
import io.lazuli.host.process.RoleHost;
import io.lazuli.kernel.Clock;
import io.lazuli.kernel.Failures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Supervises one instance from outside of its code: does what {@link InstanceLife} decides, and tells the node agent of
 * every change. Nothing survives it; when it ends, for whatever reason, its code is ended. Holds no messages back: the
 * only things that wait are one back-off, one package, or one stop timeout.
 */
public final class RoleInstance extends AbstractBehavior<RoleInstance.Command> {

    public sealed interface Command {}

    /** Ends the instance for good; {@link Finished} follows within its stop timeout. */
    public record Stop() implements Command {}

    private record CodeHeard(CodeEvent event) implements Command {}

    private record PackageOpened(long run, RoleJars jars) implements Command {}

    private record PackageFailed(long run, Throwable failure) implements Command {}

    private record SpawnRoleActor(Behavior<RoleActorSupervisor.Command> supervisor) implements Command {}

    private record BackoffOver() implements Command {}

    private record StopTimeout() implements Command {}

    /** What an instance tells its node agent. */
    public sealed interface Event {
        ActorRef<Command> instance();
    }

    public record Changed(ActorRef<Command> instance, InstanceStatus status) implements Event {}

    /** The last event. The actor itself may take longer to end, where role code in this JVM does not. */
    public record Finished(ActorRef<Command> instance, InstanceStatus status) implements Event {}

    /** What the instances of a node have in common. */
    public record Surroundings(HostSettings settings, PackageCache packages, CodeRunner runner, InstanceLogs logs, Clock clock) {}

    private static final DispatcherSelector ROLE_DISPATCHER = DispatcherSelector.fromConfig("lazuli.host.role-dispatcher");
    private static final long NO_PID = 0;

    private final TimerScheduler<Command> timers;
    private final InstanceSpec spec;
    private final Surroundings surroundings;
    private final ActorRef<Event> agent;
    private final CodeHost host;
    private final InstanceLife life;
    /** What runs now, empty while there is nothing but a package to wait for. */
    private Optional<CodeSpec> code = Optional.empty();
    private long pid = NO_PID;

    private RoleInstance(
            ActorContext<Command> context, TimerScheduler<Command> timers, InstanceSpec spec, Surroundings surroundings,
            ActorRef<Event> agent, Function<ActorContext<Command>, CodeHost> host) {
        super(context);
        this.timers = timers;
        this.spec = spec;
        this.surroundings = surroundings;
        this.agent = agent;
        this.host = host.apply(context);
        this.life = new InstanceLife(surroundings.settings().restart(), surroundings.clock().epochMillis());
        perform(life.begin());
        report();
    }

    /** Runs the code in this JVM. */
    public static Behavior<Command> inNode(InstanceSpec spec, Surroundings surroundings, ActorRef<Event> agent) {
        return create(spec, surroundings, agent, context -> {
            ActorRef<Command> self = context.getSelf();
            return new NodeCodeHost(
                    surroundings.runner(), event -> self.tell(new CodeHeard(event)), supervisor -> self.tell(new SpawnRoleActor(supervisor)));
        });
    }

    /** Runs the code in a role host. */
    public static Behavior<Command> inRoleHost(
            InstanceSpec spec, Surroundings surroundings, ActorRef<Event> agent, ActorRef<RoleHost.Command> roleHost) {
        return create(spec, surroundings, agent, context ->
                new ServiceCodeHost(roleHost, context.messageAdapter(CodeEvent.class, CodeHeard::new)));
    }

    private static Behavior<Command> create(
            InstanceSpec spec, Surroundings surroundings, ActorRef<Event> agent, Function<ActorContext<Command>, CodeHost> host) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new RoleInstance(context, timers, spec, surroundings, agent, host)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(PostStop.class, signal -> {
                    code.ifPresent(host::end);
                    return this;
                })
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        InstanceState before = life.state();
        long pidBefore = pid;
        boolean finished = perform(decide(command, surroundings.clock().epochMillis()));
        if (finished) {
            agent.tell(new Finished(getContext().getSelf(), status()));
            return Behaviors.stopped();
        }
        if (life.state() != before || pid != pidBefore) {
            report();
        }
        return this;
    }

    private List<InstanceLife.Step> decide(Command command, long nowMillis) {
        return switch (command) {
            case Stop stop -> {
                List<InstanceLife.Step> steps = life.stop(nowMillis);
                boolean nothingRuns = code.isEmpty() && life.state() == InstanceState.STOPPING;
                yield nothingRuns ? life.ended(life.run(), "", nowMillis) : steps;
            }
            case CodeHeard heard -> onCode(heard.event(), nowMillis);
            case PackageOpened opened -> {
                if (life.isCurrent(opened.run())) {
                    startCode(opened.run(), opened.jars());
                }
                yield List.of();
            }
            case PackageFailed failed -> {
                Throwable cause = Failures.cause(failed.failure());
                yield ended(failed.run(), "the package cannot be brought here: " + Errors.describe(cause), nowMillis);
            }
            case SpawnRoleActor spawn -> {
                getContext().spawnAnonymous(spawn.supervisor(), ROLE_DISPATCHER);
                yield List.of();
            }
            case BackoffOver over -> life.backoffOver(nowMillis);
            case StopTimeout timeout -> life.stopTimeout(nowMillis);
        };
    }

    private List<InstanceLife.Step> onCode(CodeEvent event, long nowMillis) {
        boolean current = life.isCurrent(event.run());
        return switch (event) {
            case CodeEvent.Placed placed -> {
                pid = current ? placed.pid() : pid;
                yield List.of();
            }
            case CodeEvent.Ready ready -> life.ready(ready.run(), nowMillis);
            case CodeEvent.Ended ended -> {
                if (current) {
                    code = Optional.empty();
                }
                yield ended(ended.run(), ended.error(), nowMillis);
            }
        };
    }

    private List<InstanceLife.Step> ended(long run, String error, long nowMillis) {
        boolean current = life.isCurrent(run);
        List<InstanceLife.Step> steps = life.ended(run, error, nowMillis);
        if (current) {
            pid = NO_PID;
            log(life.state() == InstanceState.STOPPED ? "stopped" : "ended: " + life.lastError());
        }
        return steps;
    }

    /** @return whether the instance has finished */
    private boolean perform(List<InstanceLife.Step> steps) {
        boolean finished = false;
        for (InstanceLife.Step step : steps) {
            switch (step) {
                case InstanceLife.Step.StartCode start -> getContext().pipeToSelf(
                        surroundings.packages().open(spec.packageDigest()),
                        (jars, failure) -> failure == null ? new PackageOpened(start.run(), jars) : new PackageFailed(start.run(), failure));
                case InstanceLife.Step.StopCode stop -> {
                    code.ifPresent(host::stop);
                    timers.startSingleTimer(StopTimeout.class, new StopTimeout(), Duration.ofMillis(spec.stopTimeoutMillis()));
                }
                case InstanceLife.Step.EndCode end -> {
                    code.ifPresent(host::end);
                    code = Optional.empty();
                }
                case InstanceLife.Step.WaitBackoff wait ->
                        timers.startSingleTimer(BackoffOver.class, new BackoffOver(), Duration.ofMillis(wait.millis()));
                case InstanceLife.Step.Finish finish -> finished = true;
            }
        }
        return finished;
    }

    private void startCode(long run, RoleJars jars) {
        CodeSpec starting = new CodeSpec(
                spec.key(), run, spec.kind(), spec.roleClass(), spec.settings(), spec.stopTimeoutMillis(),
                surroundings.settings().interruptAfterMillis(), jars);
        code = Optional.of(starting);
        host.start(starting);
    }

    private void report() {
        agent.tell(new Changed(getContext().getSelf(), status()));
    }

    private InstanceStatus status() {
        return new InstanceStatus(
                spec.key(), spec.generation(), life.state(), life.restartCount(), life.sinceMillis(), life.lastError(), pid);
    }

    /** A line of the supervisor's in the instance's log, written while no code of the instance runs. */
    private void log(String line) {
        Thread.ofVirtual().start(() -> {
            try (InstanceLog log = surroundings.logs().of(spec.key())) {
                log.write("INFO", line);
            }
        });
    }
}
