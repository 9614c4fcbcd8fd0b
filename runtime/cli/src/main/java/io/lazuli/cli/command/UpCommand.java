package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lazuli.cli.Table;
import io.lazuli.cli.local.CloudDirectory;
import io.lazuli.cli.local.CloudStarter;
import io.lazuli.cli.local.CloudStopper;
import io.lazuli.cli.local.LocalNode;
import io.lazuli.cli.local.NodeLauncher;
import io.lazuli.cli.local.Processes;
import io.lazuli.cli.local.StartArchive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "up", description = {
    "Starts a cloud on this machine, or what is missing of it, and returns when it is ready.",
    "A running cloud is left as it is; --nodes may be larger than what the cloud has, to add nodes."})
public final class UpCommand extends CloudCommand {

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes of the cloud (new cloud: 1).")
    private Integer nodes;

    @Option(names = "--port-offset", paramLabel = "K", description = "Added to every port of a new cloud.")
    private Integer portOffset;

    @Option(names = "--foreground", description = "Stay here; Ctrl-C stops the cloud.")
    private boolean foreground;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "120",
            description = "How long the cloud may take to become ready (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CloudDirectory cloud = directory();
        StartArchive.recordIfMissing(console()::note);
        CloudStarter.Result result = new CloudStarter(cloud, NodeLauncher.shipped(Map.of()), console()::progress)
                .start(optional(nodes), optional(portOffset), timeoutSeconds * 1000L);
        console().clearProgress();
        if (json) {
            ObjectNode printed = JsonNodeFactory.instance.objectNode().put("ready", true).put("data", cloud.root().toString());
            result.started().forEach(node -> printed.withArray("started").add(node.id()));
            result.nodes().forEach(node -> printed.withArray("nodes").add(node.id()));
            printJson(printed);
        } else {
            printForPeople(cloud, result);
        }
        return foreground ? stayUntilInterrupted(cloud) : 0;
    }

    private void printForPeople(CloudDirectory cloud, CloudStarter.Result result) {
        String what = result.nodes().size() == 1 ? "1 node" : result.nodes().size() + " nodes";
        console().print(result.started().isEmpty()
                ? "The cloud in " + cloud.root() + " (" + what + ") is running."
                : "The cloud in %s (%s) is ready after %.1f s.".formatted(cloud.root(), what, result.millis() / 1000.0));
        Table table = new Table("NODE", "PID", "BLOBS", "QUEUES", "TABLES", "ADMIN API", "");
        for (LocalNode node : result.nodes()) {
            table.row(
                    node.id(), node.process().map(process -> Long.toString(process.pid())).orElse("-"),
                    node.conf().endpoints().get("blob"), node.conf().endpoints().get("queue"), node.conf().endpoints().get("table"), node.conf().endpoints().get("admin"),
                    result.started().contains(node) ? "started" : "");
        }
        console().print(table.toString());
        console().print("Azure Storage clients: UseDevelopmentStorage=true, or\n  "
                + ConnectionString.development(result.nodes().getFirst()));
    }

    /** Ends when the user interrupts (then the cloud is stopped) or when no node runs any more. */
    private int stayUntilInterrupted(CloudDirectory cloud) {
        AtomicBoolean stopping = new AtomicBoolean();
        Thread stop = new Thread(() -> {
            stopping.set(true);
            console().note("stopping the cloud");
            new CloudStopper(cloud, console()::progress).stop(DownCommand.DEFAULT_TIMEOUT_SECONDS * 1000L);
            console().clearProgress();
        }, "stop-cloud");
        Runtime.getRuntime().addShutdownHook(stop);
        console().note("Ctrl-C stops the cloud.");
        List<String> running = new ArrayList<>(cloud.nodes().stream().map(LocalNode::id).toList());
        while (true) {
            for (LocalNode node : stopping.get() ? List.<LocalNode>of() : cloud.nodes()) {
                boolean runs = node.process().isPresent();
                if (!runs && running.remove(node.id())) {
                    console().note(node.id() + " has ended; 'lazuli up' in another terminal starts it again");
                } else if (runs && !running.contains(node.id())) {
                    running.add(node.id());
                    console().note(node.id() + " runs again");
                }
            }
            if (running.isEmpty()) {
                Runtime.getRuntime().removeShutdownHook(stop);
                console().note("no node runs any more");
                return 1;
            }
            Processes.pause();
        }
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
