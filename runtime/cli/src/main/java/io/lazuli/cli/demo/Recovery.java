package io.lazuli.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.local.Processes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Finds out how long a cloud takes to get over the death of a node: puts messages into queues that lie in different groups
 * of the store, and looks at the instances, from the moment of the kill on.
 */
final class Recovery {

    /** Enough that some lie in every group. */
    private static final List<String> PROBES =
            List.of("probe-a", "probe-b", "probe-c", "probe-d", "probe-e", "probe-f", "probe-g", "probe-h");

    /** A try that hangs must not hide that the next one would be answered. */
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(2);

    private final AdminClient admin;
    private final String deployment;
    private final int instances;
    private final String victim;
    private final Set<String> served = new CopyOnWriteArraySet<>();
    private volatile long killedNanos;
    private volatile long queuesMillis = -1;
    private volatile long instancesMillis = -1;
    private volatile boolean stopped;

    Recovery(AdminClient admin, String deployment, int instances, String victim) {
        this.admin = admin.impatient(TRY_TIMEOUT);
        this.deployment = deployment;
        this.instances = instances;
        this.victim = victim;
    }

    /** Creates the queues that are written to later. */
    void prepare(AdminClient patient) {
        PROBES.forEach(queue -> patient.put("/queues/" + queue));
    }

    /** The victim dies now. */
    void begin() {
        killedNanos = System.nanoTime();
        PROBES.forEach(queue -> Thread.ofVirtual().start(() -> probe(queue)));
        Thread.ofVirtual().start(this::watchInstances);
    }

    /** From the kill until every queue took a message again; empty as long as some did not. */
    OptionalLong queuesMillis() {
        return queuesMillis < 0 ? OptionalLong.empty() : OptionalLong.of(queuesMillis);
    }

    /** From the kill until all instances were ready on other nodes. */
    OptionalLong instancesMillis() {
        return instancesMillis < 0 ? OptionalLong.empty() : OptionalLong.of(instancesMillis);
    }

    boolean isDone() {
        return queuesMillis >= 0 && instancesMillis >= 0;
    }

    void stop() {
        stopped = true;
    }

    private void probe(String queue) {
        while (!stopped) {
            try {
                admin.post("/queues/" + queue + "/messages", Map.of("text", "probe"));
                served.add(queue);
                if (served.size() == PROBES.size()) {
                    queuesMillis = sinceKillMillis();
                }
                return;
            } catch (AdminException | CliException e) {
                Processes.pause();
            }
        }
    }

    private void watchInstances() {
        while (!stopped) {
            try {
                int ready = 0;
                for (JsonNode instance : admin.get("/instances?deployment=" + deployment).path("instances")) {
                    boolean elsewhere = !instance.path("node").asText().equals(victim);
                    if (elsewhere && instance.path("state").asText().equalsIgnoreCase("Ready")) {
                        ready++;
                    }
                }
                if (ready == instances) {
                    instancesMillis = sinceKillMillis();
                    return;
                }
            } catch (AdminException | CliException e) {
                Processes.pause();
            }
            Processes.pause();
        }
    }

    long sinceKillMillis() {
        return (System.nanoTime() - killedNanos) / 1_000_000;
    }
}
