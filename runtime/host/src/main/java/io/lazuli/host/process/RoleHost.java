package io.lazuli.host.process;

import io.lazuli.host.HostSettings;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.StorageAccess;
import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.instance.CodeEvent;
import io.lazuli.host.log.InstanceLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Owns the role-host process of one deployment on this node: started when the first instance wants to run, ended when the
 * deployment has no instances here any more, killed when it gives no sign of life.
 *
 * <pre>
 *         StartCode            Up                    exited, for whatever reason: every instance in it hears Ended
 *  NONE ───────────▶ STARTING ────▶ UP ─────────────────────────────────────────────────────────────────────────▶ NONE
 *                       └── no Up within start-timeout, or no heartbeat for heartbeat-timeout: killed ──▲
 * </pre>
 *
 * <p>There is no back-off here: a process is only started for an instance, and each instance has its own. Heartbeats are
 * missed by count, not by the clock, so that a node that was itself stopped for a while kills nobody when it goes on.
 */
public final class RoleHost extends AbstractBehavior<RoleHost.Command> {

    public sealed interface Command {}

    /** Runs code in the process, which is started if there is none; events go to {@code replyTo}. */
    public record StartCode(CodeSpec code, ActorRef<CodeEvent> replyTo) implements Command {}

    public record StopCode(InstanceKey key, long run) implements Command {}

    /** Makes an end of an instance that does not stop, which only ending the whole process can. */
    public record EndCode(InstanceKey key, long run) implements Command {}

    /** @param heapMib for the next process that is started */
    public record Resize(int heapMib) implements Command {}

    public record SetPeers(List<PeerInfo> peers) implements Command {
        public SetPeers {
            peers = List.copyOf(peers);
        }
    }

    /** Ends the process, in which no instance is left, and this actor. */
    public record Close() implements Command {}

    private record Started(int number, long pid) implements Command {}

    private record Said(int number, RoleHostMessage.FromRoleHost message) implements Command {}

    private record Exited(int number, String why) implements Command {}

    private record Watch(int number) implements Command {}

    private record StartTimeout(int number) implements Command {}

    /** What this node's role hosts have in common. @param workDirectory holds one working directory per deployment */
    public record Surroundings(HostSettings settings, StorageAccess access, InstanceLogs logs, Path logDirectory, Path workDirectory) {}

    private record Hosted(long run, ActorRef<CodeEvent> replyTo) {}

    private static final long NO_PID = 0;

    private final String deployment;
    private final Surroundings surroundings;
    private final TimerScheduler<Command> timers;
    private final Map<InstanceKey, Hosted> hosted = new HashMap<>();
    private List<PeerInfo> peers = List.of();
    private int heapMib;
    /** Null while there is none. */
    private RoleHostProcess process;
    private int processNumber;
    private long pid = NO_PID;
    private boolean up;
    private boolean heartbeat;
    private int missedHeartbeats;

    private RoleHost(
            ActorContext<Command> context, TimerScheduler<Command> timers, String deployment, int heapMib, Surroundings surroundings) {
        super(context);
        this.timers = timers;
        this.deployment = deployment;
        this.heapMib = heapMib;
        this.surroundings = surroundings;
    }

    public static Behavior<Command> create(String deployment, int heapMib, Surroundings surroundings) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new RoleHost(context, timers, deployment, heapMib, surroundings)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(PostStop.class, signal -> {
                    if (process != null) {
                        process.kill("the role host is not needed any more");
                    }
                    return this;
                })
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case StartCode start -> start(start);
            case StopCode stop -> {
                if (hosts(stop.key(), stop.run())) {
                    process.tell(new RoleHostMessage.StopCode(stop.key(), stop.run()));
                }
            }
            case EndCode end -> {
                if (hosts(end.key(), end.run())) {
                    hosted.remove(end.key());
                    killFor(end.key());
                }
            }
            case Resize resize -> heapMib = resize.heapMib();
            case SetPeers set -> {
                peers = set.peers();
                if (process != null) {
                    process.tell(new RoleHostMessage.Peers(peers));
                }
            }
            case Close close -> {
                return Behaviors.stopped();
            }
            case Started started when started.number() == processNumber -> {
                pid = started.pid();
                hosted.values().forEach(instance -> instance.replyTo().tell(new CodeEvent.Placed(instance.run(), pid)));
            }
            case Said said when said.number() == processNumber -> hear(said.message());
            case Exited exited when exited.number() == processNumber -> exited(exited.why());
            case Watch watch when watch.number() == processNumber -> watch();
            case StartTimeout timeout when timeout.number() == processNumber -> {
                if (!up && process != null) {
                    process.kill("the role host did not come up within " + surroundings.settings().roleHost().startTimeoutMillis() + " ms");
                }
            }
            case Started old -> { }
            case Said old -> { }
            case Exited old -> { }
            case Watch old -> { }
            case StartTimeout old -> { }
        }
        return this;
    }

    private void start(StartCode start) {
        if (process == null) {
            startProcess();
        }
        hosted.put(start.code().key(), new Hosted(start.code().run(), start.replyTo()));
        if (pid != NO_PID) {
            start.replyTo().tell(new CodeEvent.Placed(start.code().run(), pid));
        }
        process.tell(new RoleHostMessage.StartCode(start.code()));
    }

    private void startProcess() {
        HostSettings settings = surroundings.settings();
        int number = ++processNumber;
        pid = NO_PID;
        up = false;
        heartbeat = false;
        missedHeartbeats = 0;
        ActorRef<Command> self = getContext().getSelf();
        process = RoleHostProcess.start(
                RoleHostCommandLine.of(settings.roleHost(), heapMib), surroundings.workDirectory().resolve(deployment),
                surroundings.logs().ofRoleHost(deployment), new RoleHostProcess.Listener() {
                    @Override
                    public void started(long pid) {
                        self.tell(new Started(number, pid));
                    }

                    @Override
                    public void said(RoleHostMessage.FromRoleHost message) {
                        self.tell(new Said(number, message));
                    }

                    @Override
                    public void exited(String why) {
                        self.tell(new Exited(number, why));
                    }
                });
        process.tell(new RoleHostMessage.Configure(
                ProcessHandle.current().pid(), surroundings.logDirectory(), settings.logMaxBytes(),
                settings.roleHost().heartbeatIntervalMillis(), surroundings.access(), settings.queue()));
        process.tell(new RoleHostMessage.Peers(peers));
        timers.startSingleTimer(StartTimeout.class, new StartTimeout(number), Duration.ofMillis(settings.roleHost().startTimeoutMillis()));
        timers.startTimerWithFixedDelay(Watch.class, new Watch(number), Duration.ofMillis(settings.roleHost().heartbeatIntervalMillis()));
    }

    private void hear(RoleHostMessage.FromRoleHost message) {
        switch (message) {
            case RoleHostMessage.Up isUp -> {
                up = true;
                timers.cancel(StartTimeout.class);
            }
            case RoleHostMessage.Heartbeat beat -> heartbeat = true;
            case RoleHostMessage.CodeReady ready -> {
                if (hosts(ready.key(), ready.run())) {
                    hosted.get(ready.key()).replyTo().tell(new CodeEvent.Ready(ready.run()));
                }
            }
            case RoleHostMessage.CodeEnded ended -> {
                if (ended.givenUp() && hosts(ended.key(), ended.run())) {
                    killFor(ended.key());
                } else if (hosts(ended.key(), ended.run())) {
                    hosted.remove(ended.key()).replyTo().tell(new CodeEvent.Ended(ended.run(), ended.error()));
                }
            }
        }
    }

    /** What still runs of the instance ends with the process; what is hosted hears of it then, and not before. */
    private void killFor(InstanceKey key) {
        process.kill("instance " + key + " did not stop in time; its role host was ended");
    }

    private void watch() {
        if (!up) {
            return;
        }
        missedHeartbeats = heartbeat ? 0 : missedHeartbeats + 1;
        heartbeat = false;
        long timeoutMillis = surroundings.settings().roleHost().heartbeatTimeoutMillis();
        if (missedHeartbeats * surroundings.settings().roleHost().heartbeatIntervalMillis() >= timeoutMillis) {
            process.kill("the role host gave no sign of life for " + timeoutMillis + " ms");
        }
    }

    private void exited(String why) {
        process = null;
        pid = NO_PID;
        timers.cancelAll();
        Map<InstanceKey, Hosted> ended = Map.copyOf(hosted);
        hosted.clear();
        getContext().getLog().info("Role host of {} ended, with {} instances in it: {}", deployment, ended.size(), why);
        ended.values().forEach(instance -> instance.replyTo().tell(new CodeEvent.Ended(instance.run(), why)));
    }

    private boolean hosts(InstanceKey key, long run) {
        Hosted instance = hosted.get(key);
        return process != null && instance != null && instance.run() == run;
    }
}
