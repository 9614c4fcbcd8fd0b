package io.lazuli.host.process;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.code.CodeEvents;
import io.lazuli.host.code.CodeRunner;
import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.code.InstanceCode;
import io.lazuli.host.code.PeerBoard;
import io.lazuli.host.code.RoleOutput;
import io.lazuli.host.log.InstanceLogs;
import io.lazuli.host.process.RoleHostMessage.CodeEnded;
import io.lazuli.host.process.RoleHostMessage.CodeReady;
import io.lazuli.host.process.RoleHostMessage.Configure;
import io.lazuli.host.process.RoleHostMessage.EndCode;
import io.lazuli.host.process.RoleHostMessage.FromRoleHost;
import io.lazuli.host.process.RoleHostMessage.Heartbeat;
import io.lazuli.host.process.RoleHostMessage.Peers;
import io.lazuli.host.process.RoleHostMessage.StartCode;
import io.lazuli.host.process.RoleHostMessage.StopCode;
import io.lazuli.host.process.RoleHostMessage.ToRoleHost;
import io.lazuli.host.process.RoleHostMessage.Up;
import io.lazuli.host.queue.QueueClient;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A role host: the process in which the instances of one deployment on one node run, started by the node and told what to
 * do over its standard streams. It owns nothing that outlives it, and it does not outlive its node: it ends at once when
 * its standard input ends, or when the node's process is gone.
 *
 * <p>Standard output is the node's alone; what role code prints is routed to its instance's log, or else to standard
 * error, which the node keeps in the deployment's {@code role-host.log}.
 */
public final class RoleHostMain {

    /** The node does not distinguish it from others; it is for people who look at exit codes. */
    static final int EXIT_ORPHANED = 10;

    private final OutputStream toNode;
    private final ReentrantLock writing = new ReentrantLock();
    private final RoleActors actors = new RoleActors();
    private final PeerBoard peers = new PeerBoard();
    private final Map<InstanceKey, RunningCode> running = new HashMap<>();
    private final CodeRunner runner;

    private record RunningCode(long run, InstanceCode code) {}

    private RoleHostMain(Configure configure, OutputStream toNode) {
        this.toNode = toNode;
        this.runner = new CodeRunner(
                new InstanceLogs(configure.logDirectory(), configure.logMaxBytes()), peers, new QueueClient(configure.access(), configure.queue()));
    }

    public static void main(String[] args) throws IOException {
        LineReader fromNode = new LineReader(new FileInputStream(FileDescriptor.in), RoleHostLine.MAX_LINE_BYTES);
        RoleOutput.install(new FileOutputStream(FileDescriptor.err));
        String first = fromNode.next();
        if (first == null || !(RoleHostLine.read(first).orElse(null) instanceof Configure configure)) {
            throw new IllegalStateException("a role host is started by a node and told by it what to do");
        }
        new RoleHostMain(configure, new FileOutputStream(FileDescriptor.out)).serve(configure, fromNode);
    }

    private void serve(Configure configure, LineReader fromNode) throws IOException {
        Thread.ofPlatform().daemon().name("heartbeat").start(() -> beat(configure));
        tell(new Up());
        for (String line = fromNode.next(); line != null; line = fromNode.next()) {
            Optional<RoleHostMessage> message = RoleHostLine.read(line);
            if (message.isPresent() && message.get() instanceof ToRoleHost order) {
                obey(order);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private void obey(ToRoleHost order) {
        switch (order) {
            case Configure again -> throw new IllegalStateException("configured twice");
            case StartCode start -> start(start.code());
            case StopCode stop -> code(stop.key(), stop.run()).ifPresent(InstanceCode::stop);
            case EndCode end -> code(end.key(), end.run()).ifPresent(InstanceCode::end);
            case Peers all -> peers.set(all.peers());
        }
    }

    private void start(CodeSpec spec) {
        CodeEvents events = new CodeEvents() {
            @Override
            public void ready() {
                tell(new CodeReady(spec.key(), spec.run()));
            }

            @Override
            public void ended(String error, boolean givenUp) {
                tell(new CodeEnded(spec.key(), spec.run(), error, givenUp));
            }
        };
        running.put(spec.key(), new RunningCode(spec.run(), runner.start(spec, events, actors::spawn)));
    }

    private Optional<InstanceCode> code(InstanceKey key, long run) {
        return Optional.ofNullable(running.get(key)).filter(code -> code.run() == run).map(RunningCode::code);
    }

    private void tell(FromRoleHost message) {
        byte[] line = (RoleHostLine.write(message) + "\n").getBytes(StandardCharsets.UTF_8);
        writing.lock();
        try {
            toNode.write(line);
        } catch (IOException e) {
            Runtime.getRuntime().halt(EXIT_ORPHANED);
        } finally {
            writing.unlock();
        }
    }

    /** On a platform thread, so that busy role code, which has the virtual ones, does not look like a hung process. */
    private void beat(Configure configure) {
        Optional<ProcessHandle> node = ProcessHandle.of(configure.nodePid());
        while (node.isPresent() && node.get().isAlive()) {
            tell(new Heartbeat());
            try {
                Thread.sleep(configure.heartbeatIntervalMillis());
            } catch (InterruptedException e) {
                break;
            }
        }
        Runtime.getRuntime().halt(EXIT_ORPHANED);
    }
}
