package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ps", description = "Lists role instances: where they run, in which state, how often they were restarted.")
public final class PsCommand extends CloudCommand {

    private static final int SHOWN_ERROR_LENGTH = 80;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only this deployment.")
    private String name;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        AdminClient admin = admin();
        if (name != null) {
            admin.get(deploymentPath(name));
        }
        JsonNode answer = admin.get("/instances" + (name == null ? "" : "?deployment=" + AdminClient.encode(name)));
        if (json) {
            printJson(answer);
        } else if (answer.path("instances").isEmpty()) {
            console().print("Nothing is deployed. 'lazuli deploy word-count' deploys the sample.");
        } else {
            console().print(table(answer, System.currentTimeMillis()).toString());
        }
        return 0;
    }

    static Table table(JsonNode answer, long nowMillis) {
        Table table = new Table("INSTANCE", "STATE", "NODE", "PID", "RESTARTS", "SINCE", "LAST ERROR");
        for (JsonNode instance : answer.path("instances")) {
            long pid = instance.path("pid").asLong();
            long sinceMillis = instance.path("sinceMillis").asLong();
            table.row(
                    instance.path("deployment").asText() + "/" + instanceName(instance), instance.path("state").asText(),
                    instance.path("node").asText("-"), pid == 0 ? "-" : pid, instance.path("restartCount").asText(),
                    sinceMillis == 0 ? "-" : age(nowMillis - sinceMillis), shortened(instance.path("lastError").asText("")));
        }
        return table;
    }

    /** {@code role/index}, as commands take it. */
    static String instanceName(JsonNode instance) {
        return instance.path("role").asText() + "/" + instance.path("index").asText();
    }

    private static String age(long millis) {
        Duration age = Duration.ofMillis(Math.max(0, millis));
        if (age.toHours() >= 48) {
            return age.toDays() + "d";
        }
        if (age.toMinutes() >= 120) {
            return age.toHours() + "h";
        }
        return age.toSeconds() >= 120 ? age.toMinutes() + "m" : age.toSeconds() + "s";
    }

    private static String shortened(String error) {
        String line = error.equals("null") ? "" : error.lines().findFirst().orElse("");
        return line.length() <= SHOWN_ERROR_LENGTH ? line : line.substring(0, SHOWN_ERROR_LENGTH - 1) + "…";
    }
}
