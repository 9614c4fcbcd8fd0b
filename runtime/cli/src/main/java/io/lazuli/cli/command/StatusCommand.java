package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.local.LocalNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The cloud's own view, completed by what the data directory knows: nodes that are down, and process ids. */
@Command(name = "status", description = "Shows the cloud's nodes and the groups of its replicated store, the partitions of its tables, or its blobs' bytes.")
public final class StatusCommand extends CloudCommand {

    @Option(names = "--partitions", description = "Show the ranges of tables instead: their size, load and place.")
    private boolean partitions;

    @Option(names = "--chunks", description = "Show the bytes of blobs by node instead: what is held, missing, damaged and mended.")
    private boolean chunks;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (partitions) {
            return showPartitions();
        }
        if (chunks) {
            return showChunks();
        }
        List<LocalNode> local = main().endpoints().isEmpty() ? directory().nodes() : List.of();
        if (local.isEmpty() && main().endpoints().isEmpty()) {
            throw new CliException("there is no cloud in " + directory().root() + "; start one with 'lazuli up'");
        }
        ObjectNode status = merge(askCloud(!local.isEmpty()), local);
        if (json) {
            printJson(status);
        } else {
            printForPeople(status);
        }
        return 0;
    }

    private int showPartitions() {
        ArrayNode ranges = PartitionTable.ranges(admin());
        if (json) {
            printJson(Map.of("ranges", ranges));
        } else {
            console().print(PartitionTable.of(ranges));
        }
        return 0;
    }

    private int showChunks() {
        JsonNode nodes = admin().get("/chunks");
        if (json) {
            printJson(nodes);
        } else {
            console().print(ChunkTable.of(nodes.path("nodes")));
        }
        return 0;
    }

    /** @param mayBeDown whether it is an answer, and no error, that no node answers */
    private Optional<ObjectNode> askCloud(boolean mayBeDown) {
        try {
            return admin().get("/status") instanceof ObjectNode status ? Optional.of(status) : Optional.empty();
        } catch (CliException | AdminException e) {
            if (mayBeDown) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static ObjectNode merge(Optional<ObjectNode> answer, List<LocalNode> local) {
        ObjectNode status = answer.orElseGet(() -> JsonNodeFactory.instance.objectNode().put("ready", false));
        List<ObjectNode> nodes = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (JsonNode node : status.path("nodes")) {
            ObjectNode copy = node.deepCopy();
            local.stream().filter(known -> known.id().equals(copy.path("id").asText())).findFirst()
                    .ifPresent(known -> correct(copy, known));
            nodes.add(copy);
            seen.add(copy.path("id").asText());
        }
        for (LocalNode node : local) {
            if (!seen.contains(node.id())) {
                nodes.add(describe(node));
            }
        }
        nodes.sort(java.util.Comparator.comparing(node -> node.path("id").asText()));
        status.putArray("nodes").addAll(nodes);
        nameReplicas(status, local);
        if (!status.path("groups").isArray()) {
            status.putArray("groups");
        }
        return status;
    }

    /** The cloud forgets the name of a node that is gone, but not where its replicas were. */
    private static void nameReplicas(ObjectNode status, List<LocalNode> local) {
        for (JsonNode group : status.path("groups")) {
            for (JsonNode replica : group.path("replicas")) {
                local.stream()
                        .filter(node -> replica.path("node").asText("").isEmpty()
                                && node.conf().endpoints().get("raft").equals(replica.path("address").asText()))
                        .forEach(node -> ((ObjectNode) replica).put("node", node.id()));
            }
        }
    }

    /** The cloud may not have noticed yet that a process is gone. */
    private static void correct(ObjectNode node, LocalNode known) {
        Optional<ProcessHandle> process = known.process();
        if (process.isEmpty()) {
            node.put("state", "down").put("pid", 0);
        } else if (node.path("pid").asLong() == 0) {
            node.put("pid", process.get().pid());
        }
    }

    private static ObjectNode describe(LocalNode node) {
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        Optional<ProcessHandle> process = node.process();
        described.put("id", node.id());
        described.put("pid", process.map(ProcessHandle::pid).orElse(0L));
        described.put("state", process.isPresent() ? "unreachable" : "down");
        node.conf().roles().forEach(described.withArray("roles")::add);
        node.conf().endpoints().forEach(described.withObject("/endpoints")::put);
        return described;
    }

    private void printForPeople(JsonNode status) {
        Table nodes = new Table("NODE", "PID", "STATE", "ROLES", "BLOBS", "QUEUES", "TABLES", "ADMIN API", "CLUSTER");
        for (JsonNode node : status.path("nodes")) {
            List<String> roles = new ArrayList<>();
            node.path("roles").forEach(role -> roles.add(role.asText()));
            JsonNode endpoints = node.path("endpoints");
            long pid = node.path("pid").asLong();
            nodes.row(
                    node.path("id").asText(), pid == 0 ? "-" : pid, node.path("state").asText(), String.join(",", roles),
                    endpoints.path("blob").asText(), endpoints.path("queue").asText(), endpoints.path("table").asText(), endpoints.path("admin").asText(), endpoints.path("cluster").asText());
        }
        console().print(nodes.toString());
        if (status.path("groups").isEmpty()) {
            return;
        }
        Table groups = new Table("GROUP", "LEADER", "TERM", "APPLIED", "REPLICAS (entries behind)");
        for (JsonNode group : status.path("groups")) {
            List<String> replicas = new ArrayList<>();
            for (JsonNode replica : group.path("replicas")) {
                long lag = replica.path("lagEntries").asLong();
                replicas.add(replica.path("node").asText() + (!replica.path("alive").asBoolean(true) ? " (gone)"
                        : lag < 0 ? " (?)" : " (" + lag + ")"));
            }
            groups.row(
                    group.path("group").asText(), group.path("leader").asText("-"), group.path("term").asText(),
                    group.path("appliedIndex").asText(), String.join(", ", replicas));
        }
        console().print("");
        console().print(groups.toString());
    }
}
