package io.lazuli.fabric.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lazuli.fabric.account.AccountBookState;
import io.lazuli.fabric.account.AccountEvent;
import io.lazuli.fabric.controller.DirectoryEvent.EpochRaised;
import io.lazuli.fabric.controller.DirectoryEvent.NameForgotten;
import io.lazuli.fabric.controller.DirectoryEvent.NameRegistered;
import io.lazuli.fabric.controller.DirectoryState;
import io.lazuli.fabric.deployment.DeploymentEvent.Deployed;
import io.lazuli.fabric.deployment.DeploymentEvent.InstanceRestarted;
import io.lazuli.fabric.deployment.DeploymentEvent.RemovalRequested;
import io.lazuli.fabric.deployment.DeploymentEvent.Removed;
import io.lazuli.fabric.deployment.DeploymentEvent.Scaled;
import io.lazuli.fabric.deployment.DeploymentSnapshot;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.RoleSpec;
import io.lazuli.host.Isolation;
import io.lazuli.host.RoleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stored form of the fabric's records, field by field, so that no renaming in the code changes what is on disk.
 *
 * <p>Rules for changes: a new optional field is read with a default and keeps the version; any other change writes a
 * new version and goes on reading the old one. What an enum was written as is never renamed. An unknown manifest or a
 * missing field is an error: guessing would be data loss.
 */
final class DurableFormat {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static String manifest(DurableRecord record) {
        return switch (record) {
            case Deployed e -> "deployed/1";
            case Scaled e -> "scaled/1";
            case InstanceRestarted e -> "instance-restarted/1";
            case RemovalRequested e -> "removal-requested/1";
            case Removed e -> "removed/1";
            case DeploymentSnapshot s -> "deployment/1";
            case EpochRaised e -> "epoch-raised/1";
            case NameRegistered e -> "name-registered/1";
            case NameForgotten e -> "name-forgotten/1";
            case DirectoryState s -> "directory/1";
            case AccountEvent e -> AccountFormat.manifest(e);
            case AccountBookState s -> "accounts/1";
            default -> throw new IllegalArgumentException("no stored form for " + record.getClass());
        };
    }

    static ObjectNode toJson(DurableRecord record) {
        ObjectNode json = NODES.objectNode();
        switch (record) {
            case Deployed e -> {
                json.put("requestId", e.requestId()).put("packageDigest", e.packageDigest()).put("atMillis", e.atMillis());
                json.set("roles", roles(e.roles()));
            }
            case Scaled e -> {
                json.put("atMillis", e.atMillis());
                ObjectNode counts = json.putObject("counts");
                new TreeMap<>(e.counts()).forEach(counts::put);
            }
            case InstanceRestarted e -> json.put("role", e.role()).put("index", e.index()).put("atMillis", e.atMillis());
            case RemovalRequested e -> json.put("atMillis", e.atMillis());
            case Removed e -> json.put("atMillis", e.atMillis());
            case DeploymentSnapshot s -> deployment(json, s.state());
            case EpochRaised e -> json.put("epoch", e.epoch());
            case NameRegistered e -> json.put("name", e.name()).put("packageDigest", e.packageDigest())
                    .put("registration", e.registration()).put("atMillis", e.atMillis());
            case NameForgotten e -> json.put("name", e.name()).put("registration", e.registration());
            case DirectoryState s -> directory(json, s);
            case AccountEvent e -> AccountFormat.write(json, e);
            case AccountBookState s -> AccountFormat.write(json, s);
            default -> throw new IllegalArgumentException("no stored form for " + record.getClass());
        }
        return json;
    }

    static DurableRecord fromJson(String manifest, ObjectNode json) {
        return switch (manifest) {
            case "deployed/1" -> new Deployed(
                    text(json, "requestId"), text(json, "packageDigest"), roles(field(json, "roles")), number(json, "atMillis"));
            case "scaled/1" -> new Scaled(counts(field(json, "counts")), number(json, "atMillis"));
            case "instance-restarted/1" ->
                    new InstanceRestarted(text(json, "role"), (int) number(json, "index"), number(json, "atMillis"));
            case "removal-requested/1" -> new RemovalRequested(number(json, "atMillis"));
            case "removed/1" -> new Removed(number(json, "atMillis"));
            case "deployment/1" -> new DeploymentSnapshot(deployment(json));
            case "epoch-raised/1" -> new EpochRaised(number(json, "epoch"));
            case "name-registered/1" -> new NameRegistered(
                    text(json, "name"), text(json, "packageDigest"), number(json, "registration"), number(json, "atMillis"));
            case "name-forgotten/1" -> new NameForgotten(text(json, "name"), number(json, "registration"));
            case "directory/1" -> directory(json);
            default -> {
                if (manifest.startsWith(AccountFormat.PREFIX)) {
                    yield AccountFormat.read(manifest, json);
                }
                throw unknown(manifest);
            }
        };
    }

    static IllegalArgumentException unknown(String manifest) {
        return new IllegalArgumentException("the journal holds a fabric record '" + manifest + "' that this version does not know");
    }

    private static void deployment(ObjectNode json, DeploymentState s) {
        json.put("phase", s.phase().name()).put("revision", s.revision()).put("name", s.name()).put("requestId", s.requestId())
                .put("packageDigest", s.packageDigest()).put("createdAtMillis", s.createdAtMillis())
                .put("deployedRevision", s.deployedRevision());
        json.set("roles", roles(s.roles()));
        ObjectNode restarts = json.putObject("restarts");
        new TreeMap<>(s.restarts()).forEach(restarts::put);
    }

    private static DeploymentState deployment(ObjectNode json) {
        Map<String, Long> restarts = new TreeMap<>();
        field(json, "restarts").properties().forEach(restart -> restarts.put(restart.getKey(), restart.getValue().asLong()));
        return new DeploymentState(
                DeploymentState.Phase.valueOf(text(json, "phase")), number(json, "revision"), text(json, "name"), text(json, "requestId"),
                text(json, "packageDigest"), number(json, "createdAtMillis"), number(json, "deployedRevision"),
                roles(field(json, "roles")), restarts);
    }

    private static void directory(ObjectNode json, DirectoryState s) {
        json.put("epoch", s.epoch()).put("registrations", s.registrations());
        ArrayNode entries = json.putArray("entries");
        new TreeMap<>(s.entries()).forEach((name, entry) -> entries.addObject().put("name", name)
                .put("packageDigest", entry.packageDigest()).put("registration", entry.registration())
                .put("registeredAtMillis", entry.registeredAtMillis()));
    }

    private static DirectoryState directory(ObjectNode json) {
        Map<String, DirectoryState.Entry> entries = new TreeMap<>();
        field(json, "entries").forEach(entry -> entries.put(text(entry, "name"), new DirectoryState.Entry(
                text(entry, "packageDigest"), number(entry, "registration"), number(entry, "registeredAtMillis"))));
        return new DirectoryState(number(json, "epoch"), number(json, "registrations"), entries);
    }

    private static ArrayNode roles(List<RoleSpec> roles) {
        ArrayNode array = NODES.arrayNode();
        for (RoleSpec role : roles) {
            ObjectNode settings = array.addObject().put("name", role.name()).put("kind", role.kind().name())
                    .put("class", role.roleClass()).put("isolation", role.isolation().name()).put("memoryMib", role.memoryMib())
                    .put("stopTimeoutMillis", role.stopTimeoutMillis()).put("instances", role.instances()).putObject("settings");
            new TreeMap<>(role.settings()).forEach(settings::put);
        }
        return array;
    }

    private static List<RoleSpec> roles(JsonNode array) {
        List<RoleSpec> roles = new ArrayList<>();
        for (JsonNode role : array) {
            Map<String, String> settings = new TreeMap<>();
            field(role, "settings").properties().forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
            roles.add(new RoleSpec(
                    text(role, "name"), RoleKind.valueOf(text(role, "kind")), text(role, "class"),
                    Isolation.valueOf(text(role, "isolation")), (int) number(role, "memoryMib"), number(role, "stopTimeoutMillis"),
                    settings, (int) number(role, "instances")));
        }
        return roles;
    }

    private static Map<String, Integer> counts(JsonNode object) {
        Map<String, Integer> counts = new TreeMap<>();
        object.properties().forEach(count -> counts.put(count.getKey(), count.getValue().asInt()));
        return counts;
    }

    static JsonNode field(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a fabric record in the journal lacks its field '" + name + "'");
        }
        return value;
    }

    static String text(JsonNode json, String name) {
        return field(json, name).asText();
    }

    static long number(JsonNode json, String name) {
        JsonNode value = field(json, name);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("a fabric record in the journal has '" + value + "' as its " + name);
        }
        return value.longValue();
    }

    private DurableFormat() {}
}
