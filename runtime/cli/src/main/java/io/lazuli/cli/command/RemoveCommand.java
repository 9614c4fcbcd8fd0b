package io.lazuli.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Removes a deployment: stops its instances and forgets its package. Its queues stay.")
public final class RemoveCommand extends CloudCommand {

    @Parameters(paramLabel = "NAME", description = "The deployment.")
    private String name;

    @Override
    public Integer call() {
        admin().delete(deploymentPath(name));
        console().print("Removed " + name + ".");
        return 0;
    }
}
