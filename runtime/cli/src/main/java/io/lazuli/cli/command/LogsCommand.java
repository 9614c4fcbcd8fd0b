package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.local.Processes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Prints what the instances of a deployment wrote.")
public final class LogsCommand extends CloudCommand {

    private static final int PAGE_BYTES = 64 * 1024;
    private static final long FOLLOW_INTERVAL_NANOS = 500_000_000;

    @Parameters(paramLabel = "NAME[/ROLE/INDEX]", description = "A deployment, or one of its instances.")
    private String name;

    @Option(names = {"-f", "--follow"}, description = "Go on printing what they write.")
    private boolean follow;

    private final Map<String, Long> offsets = new LinkedHashMap<>();

    @Override
    public Integer call() {
        AdminClient admin = admin();
        boolean one = name.contains("/");
        InstanceAddress address = one ? InstanceAddress.parse(name) : new InstanceAddress(name, "", 0);
        admin.get(deploymentPath(address.deployment()));
        while (true) {
            try {
                List<String> instances = one ? List.of(address.role() + "/" + address.index()) : instances(admin, name);
                for (String instance : instances) {
                    printNew(admin, address.deployment(), instance, instances.size() > 1 ? instance + " | " : "");
                }
            } catch (AdminException | CliException e) {
                if (!follow) {
                    throw e;
                }
                console().note("lazuli: " + e.getMessage());
            }
            if (!follow) {
                return 0;
            }
            LockSupport.parkNanos(FOLLOW_INTERVAL_NANOS);
            Processes.pause();
        }
    }

    private static List<String> instances(AdminClient admin, String deployment) {
        List<String> names = new ArrayList<>();
        admin.get("/instances?deployment=" + AdminClient.encode(deployment)).path("instances")
                .forEach(instance -> names.add(PsCommand.instanceName(instance)));
        return names;
    }

    private void printNew(AdminClient admin, String deployment, String instance, String prefix) {
        while (true) {
            long offset = offsets.getOrDefault(instance, 0L);
            JsonNode page = admin.get(deploymentPath(deployment) + "/logs?instance=" + AdminClient.encode(instance)
                    + "&offset=" + offset + "&maxBytes=" + PAGE_BYTES);
            String text = page.path("text").asText("");
            long next = page.path("nextOffset").asLong(offset);
            offsets.put(instance, next);
            if (!text.isEmpty()) {
                console().printRaw(prefix.isEmpty() ? text : text.lines().map(line -> prefix + line + "\n").reduce("", String::concat));
            }
            if (text.isEmpty() || next == offset) {
                return;
            }
        }
    }
}
