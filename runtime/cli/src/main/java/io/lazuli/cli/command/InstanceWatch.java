package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.Console;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.local.Processes;
import java.util.Map;
import java.util.TreeMap;

/** Waits until as many instances of a deployment are ready as it wants, and shows how far it is. */
final class InstanceWatch {

    private InstanceWatch() {}

    /** @return whether all became ready in time */
    static boolean awaitReady(AdminClient admin, Console console, String deployment, long timeoutMillis) {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (true) {
            try {
                int wanted = 0;
                int ready = 0;
                for (JsonNode role : admin.get(CloudCommand.deploymentPath(deployment)).path("roles")) {
                    wanted += role.path("instances").asInt();
                    ready += role.path("ready").asInt();
                }
                if (ready == wanted && settled(admin, deployment, wanted)) {
                    console.clearProgress();
                    return true;
                }
                console.progress(ready + " of " + wanted + " instances ready" + states(admin, deployment));
            } catch (AdminException e) {
                if (e.status() != 503) {
                    throw e;
                }
            }
            if (System.nanoTime() - deadline >= 0) {
                console.clearProgress();
                return false;
            }
            Processes.pause();
        }
    }

    /** After scaling down the surplus instances still stop for a while. */
    private static boolean settled(AdminClient admin, String deployment, int wanted) {
        return instances(admin, deployment).size() == wanted;
    }

    private static String states(AdminClient admin, String deployment) {
        Map<String, Integer> states = new TreeMap<>();
        instances(admin, deployment).forEach(instance -> states.merge(instance.path("state").asText(), 1, Integer::sum));
        return states.isEmpty() ? "" : " " + states.toString().replace('{', '(').replace('}', ')').replace("=", ": ");
    }

    private static JsonNode instances(AdminClient admin, String deployment) {
        return admin.get("/instances?deployment=" + AdminClient.encode(deployment)).path("instances");
    }

    static CliException notReady(String deployment, int timeoutSeconds) {
        return new CliException("not every instance of " + deployment + " is ready after " + timeoutSeconds
                + " s; 'lazuli ps " + deployment + "' shows why, 'lazuli logs " + deployment + "' what they wrote");
    }
}
