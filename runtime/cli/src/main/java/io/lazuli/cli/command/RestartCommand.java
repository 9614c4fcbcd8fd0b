package io.lazuli.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "restart", description = "Stops one instance in good order and starts it again.")
public final class RestartCommand extends CloudCommand {

    @Parameters(paramLabel = "NAME/ROLE/INDEX", description = "The instance, as 'lazuli ps' shows it.")
    private String instance;

    @Override
    public Integer call() {
        admin().post(InstanceAddress.parse(instance).path() + "/restart", java.util.Map.of());
        console().print("Restarting " + instance + ".");
        return 0;
    }
}
