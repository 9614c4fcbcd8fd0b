package io.lazuli.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Brings a cloud of this machine up: adds the nodes that are asked for, starts those that do not run, and waits until every
 * node says that it is ready. What runs already is left alone. A node that is new forms a cloud only where there was none: an
 * empty node before nodes with rows would make a second cloud. If a cloud that did not exist before does not become ready,
 * everything is stopped and its directories are moved aside, so that the next attempt begins anew.
 */
public final class CloudStarter {

    private static final long PORT_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PORT_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int SHOWN_LOG_LINES = 12;

    private final CloudDirectory cloud;
    private final NodeLauncher launcher;
    private final Consumer<String> progress;

    /** @param progress is told what is being waited for, in one line for people */
    public CloudStarter(CloudDirectory cloud, NodeLauncher launcher, Consumer<String> progress) {
        this.cloud = cloud;
        this.launcher = launcher;
        this.progress = progress;
    }

    /** @param nodes all nodes of the cloud; @param started those that this call started; @param millis until all were ready */
    public record Result(List<LocalNode> nodes, List<LocalNode> started, long millis) {}

    /** @param nodes, portOffset empty for what the cloud has (a new one: 1 node, offset 0) */
    @SuppressWarnings("try") // the lock is only held
    public Result start(OptionalInt nodes, OptionalInt portOffset, long timeoutMillis) {
        long begin = System.nanoTime();
        try (CloudDirectory.Lock ignored = cloud.lock()) {
            List<LocalNode> existing = cloud.nodes();
            List<LocalNode> all = withNewNodes(existing, nodes, portOffset);
            List<LocalNode> missing = all.stream().filter(node -> node.process().isEmpty()).toList();
            if (!existing.isEmpty()) {
                missing.forEach(node -> requireFreePorts(node.id(), node.conf().host(), node.conf().ports()));
            }
            Map<LocalNode, Started> started = new LinkedHashMap<>();
            try {
                boolean nothingRuns = missing.size() == all.size();
                String former = (existing.isEmpty() ? all : existing).getFirst().id();
                for (LocalNode node : missing) {
                    boolean forms = nothingRuns && node.id().equals(former);
                    started.put(node, startNode(node, forms ? List.of("--form") : joinArguments(node, all)));
                }
                awaitReady(all, started, timeoutMillis);
            } catch (RuntimeException e) {
                if (existing.isEmpty()) {
                    throw new CliException(e.getMessage() + undo(started));
                }
                throw e;
            }
            return new Result(all, List.copyOf(started.keySet()), (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /** @param logOffset where what this process writes to its console log begins */
    private record Started(ProcessHandle process, long logOffset) {}

    private List<LocalNode> withNewNodes(List<LocalNode> existing, OptionalInt nodes, OptionalInt portOffset) {
        int count = nodes.orElse(Math.max(1, existing.size()));
        if (count < 1 || count > PortPlan.MAX_NODES) {
            throw new CliException("--nodes must be 1 to " + PortPlan.MAX_NODES);
        }
        if (count < existing.size()) {
            throw new CliException("the cloud in " + cloud.root() + " has " + existing.size() + " nodes, not " + count
                    + "; without --nodes 'up' starts those, and another --data makes another cloud");
        }
        int offset = offset(existing, portOffset);
        TreeSet<Integer> numbers = new TreeSet<>();
        existing.forEach(node -> numbers.add(CloudDirectory.number(node.directory())));
        List<Integer> added = new ArrayList<>();
        for (int number = 1; existing.size() + added.size() < count; number++) {
            if (!numbers.contains(number)) {
                requireFreePorts("node-" + number, "127.0.0.1", PortPlan.ports(number, offset));
                added.add(number);
            }
        }
        added.forEach(number -> cloud.add(number, PortPlan.ports(number, offset)));
        return cloud.nodes();
    }

    private int offset(List<LocalNode> existing, OptionalInt asked) {
        if (asked.isPresent() && (asked.getAsInt() < 0 || asked.getAsInt() > PortPlan.MAX_OFFSET)) {
            throw new CliException("--port-offset must be 0 to " + PortPlan.MAX_OFFSET);
        }
        if (existing.isEmpty()) {
            return asked.orElse(0);
        }
        LocalNode first = existing.getFirst();
        int kept = first.conf().ports().get("queue")
                - PortPlan.ports(CloudDirectory.number(first.directory()), 0).get("queue");
        if (asked.isPresent() && asked.getAsInt() != kept) {
            throw new CliException("the cloud in " + cloud.root() + " has the port offset " + kept + ", not " + asked.getAsInt());
        }
        return kept;
    }

    /** A process that was just killed may hold its ports for a moment after it is seen to have ended. */
    private static void requireFreePorts(String id, String host, Map<String, Integer> ports) {
        long deadlineNanos = System.nanoTime() + PORT_WAIT_NANOS;
        Optional<String> taken = PortPlan.taken(host, ports);
        while (taken.isPresent() && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(PORT_POLL_NANOS);
            taken = PortPlan.taken(host, ports);
        }
        taken.ifPresent(name -> {
            throw new CliException("port " + ports.get(name) + " (" + name + " of " + id
                    + ") is in use by another program; stop that, or choose other ports with --port-offset");
        });
    }

    private static List<String> joinArguments(LocalNode node, List<LocalNode> all) {
        List<String> arguments = new ArrayList<>();
        for (LocalNode other : all) {
            if (!other.equals(node)) {
                arguments.add("--join");
                arguments.add(other.conf().clusterAddress());
            }
        }
        return arguments;
    }

    private Started startNode(LocalNode node, List<String> arguments) {
        long logOffset = node.consoleLog().toFile().length();
        ProcessHandle process = launcher.start(node, arguments);
        node.remember(process);
        return new Started(process, logOffset);
    }

    private void awaitReady(List<LocalNode> nodes, Map<LocalNode, Started> started, long timeoutMillis) {
        long begin = System.nanoTime();
        Map<LocalNode, AdminClient> clients = new LinkedHashMap<>();
        nodes.forEach(node -> clients.put(node, CloudDirectory.admin(List.of(node), cloud.root().toString())));
        Map<LocalNode, String> waitingFor = new HashMap<>();
        while (true) {
            for (Map.Entry<LocalNode, Started> entry : started.entrySet()) {
                if (!Processes.isRunning(entry.getValue().process())) {
                    throw new CliException(endedTooSoon(entry.getKey(), entry.getValue().logOffset()));
                }
            }
            waitingFor.clear();
            clients.forEach((node, client) -> notReadyBecause(client).ifPresent(reason -> waitingFor.put(node, reason)));
            if (waitingFor.isEmpty()) {
                return;
            }
            long waitedMillis = (System.nanoTime() - begin) / 1_000_000;
            String waiting = describe(nodes, waitingFor);
            if (waitedMillis > timeoutMillis) {
                throw new CliException("not ready after " + timeoutMillis / 1000 + " s: " + waiting + "; logs are in "
                        + nodes.getFirst().consoleLog().getParent());
            }
            progress.accept("waiting for " + waiting);
            Processes.pause();
        }
    }

    /** Nodes that wait for the same thing are named together. */
    private static String describe(List<LocalNode> nodes, Map<LocalNode, String> waitingFor) {
        Map<String, List<String>> idsByReason = new LinkedHashMap<>();
        nodes.stream().filter(waitingFor::containsKey)
                .forEach(node -> idsByReason.computeIfAbsent(waitingFor.get(node), reason -> new ArrayList<>()).add(node.id()));
        return String.join("; ", idsByReason.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + " (" + entry.getKey() + ")").toList());
    }

    private static Optional<String> notReadyBecause(AdminClient client) {
        try {
            JsonNode answer = client.get("/ready");
            return answer.path("ready").asBoolean() ? Optional.empty() : Optional.of("not ready");
        } catch (AdminException e) {
            return Optional.of(e.getMessage().replaceFirst("^not ready: ", ""));
        } catch (CliException e) {
            return Optional.of("starting");
        }
    }

    private static String endedTooSoon(LocalNode node, long logOffset) {
        List<String> lines = node.lastLines(logOffset, SHOWN_LOG_LINES);
        String said = lines.isEmpty() ? " without a word" : ":\n  " + String.join("\n  ", lines);
        return node.id() + " ended while it started (log: " + node.consoleLog().getParent() + ")" + said;
    }

    /** Stops what was started and moves the new directories aside; returns what to add to the message. */
    private String undo(Map<LocalNode, Started> started) {
        List<ProcessHandle> processes = started.values().stream().map(Started::process).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        Processes.awaitEnd(processes, CloudStopper.KILL_WAIT_MILLIS);
        Path aside = cloud.root().resolve("failed-start-" + System.currentTimeMillis());
        try {
            Files.createDirectories(aside);
            for (LocalNode node : cloud.nodes()) {
                Files.move(node.directory(), aside.resolve(node.directory().getFileName()));
            }
            return "\nnothing was left running; what the nodes wrote is in " + aside;
        } catch (IOException e) {
            return "\nnothing was left running; could not move the nodes' directories to " + aside + ": " + e.getMessage();
        }
    }
}
