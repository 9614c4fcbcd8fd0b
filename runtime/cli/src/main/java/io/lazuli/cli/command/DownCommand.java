package io.lazuli.cli.command;

import io.lazuli.cli.CliException;
import io.lazuli.cli.local.CloudDirectory;
import io.lazuli.cli.local.CloudStopper;
import io.lazuli.cli.local.LocalNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "down", description = "Stops the cloud of this machine, whole and in order; its data stay.")
public final class DownCommand extends CloudCommand {

    static final int DEFAULT_TIMEOUT_SECONDS = 60;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "" + DEFAULT_TIMEOUT_SECONDS,
            description = "Nodes that take longer are killed (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Override
    public Integer call() {
        CloudDirectory cloud = directory();
        if (cloud.nodes().isEmpty()) {
            throw new CliException("there is no cloud in " + cloud.root());
        }
        CloudStopper.Result result = new CloudStopper(cloud, console()::progress).stop(timeoutSeconds * 1000L);
        console().clearProgress();
        if (result.stopped().isEmpty()) {
            console().print("No node of the cloud in " + cloud.root() + " was running.");
            return 0;
        }
        console().print("Stopped %s in %.1f s.".formatted(names(result.stopped().reversed()), result.millis() / 1000.0));
        if (!result.killed().isEmpty()) {
            throw new CliException(names(result.killed()) + " did not stop within " + timeoutSeconds + " s and had to be killed");
        }
        return 0;
    }

    private static String names(List<LocalNode> nodes) {
        return String.join(", ", nodes.stream().map(LocalNode::id).toList());
    }
}
