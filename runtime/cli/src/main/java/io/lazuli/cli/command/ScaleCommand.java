package io.lazuli.cli.command;

import io.lazuli.cli.admin.AdminClient;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "scale", description = "Changes how many instances of a role run, and waits until they do.")
public final class ScaleCommand extends CloudCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The deployment.")
    private String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "ROLE=N", description = "Instances of a role.")
    private List<String> counts;

    @Option(names = "--no-wait", description = "Return when the new number is stored.")
    private boolean noWait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "90",
            description = "How long to wait for the instances (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Map<String, Integer> wanted = Counts.parse(counts);
        AdminClient admin = admin();
        admin.post(deploymentPath(name) + "/scale", wanted);
        boolean ready = noWait || InstanceWatch.awaitReady(admin, console(), name, timeoutSeconds * 1000L);
        if (json) {
            printJson(admin.get(deploymentPath(name)));
        } else {
            console().print(PsCommand.table(
                    admin.get("/instances?deployment=" + AdminClient.encode(name)), System.currentTimeMillis()).toString());
        }
        if (!ready) {
            throw InstanceWatch.notReady(name, timeoutSeconds);
        }
        return 0;
    }
}
