package io.lazuli.cli.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.lazuli.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line needs to know of a node's {@code node.conf}. It is written once, when the node is added, and
 * never again: whatever an owner changes in it stays.
 *
 * @param ports by name: blob, queue, table, admin, gateway, cluster, raft, chunk
 * @param adminToken what requests to the management API must carry
 */
public record NodeConf(String id, String host, List<String> roles, Map<String, Integer> ports, Optional<String> adminToken) {

    static final String FILE = "node.conf";
    /** Ports that speak no HTTP. */
    private static final List<String> BETWEEN_NODES = List.of("cluster", "raft", "chunk");

    public NodeConf {
        roles = List.copyOf(roles);
        ports = Map.copyOf(ports);
    }

    public String adminEndpoint() {
        return url("admin");
    }

    public String clusterAddress() {
        return host + ":" + ports.get("cluster");
    }

    /** By name, as the cloud's own status shows them. */
    public Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        for (String name : PortPlan.ports(1, 0).keySet()) {
            endpoints.put(name, BETWEEN_NODES.contains(name) ? host + ":" + ports.get(name) : url(name));
        }
        return endpoints;
    }

    private String url(String port) {
        return "http://" + host + ":" + ports.get(port);
    }

    /** @throws CliException if the file cannot be read or says something impossible */
    static NodeConf read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Map<String, Object> defaults = new LinkedHashMap<>();
            PortPlan.ports(1, 0).forEach((name, port) -> defaults.put("lazuli.ports." + name, port));
            defaults.put("lazuli.node.id", directory.getFileName().toString());
            defaults.put("lazuli.node.host", "127.0.0.1");
            defaults.put("lazuli.admin.token", "");
            defaults.put("lazuli.node.roles", List.of("storage", "compute", "edge"));
            Config config = ConfigFactory.parseFile(file.toFile()).withFallback(ConfigFactory.parseMap(defaults)).resolve();
            Map<String, Integer> ports = new LinkedHashMap<>();
            PortPlan.ports(1, 0).keySet().forEach(name -> ports.put(name, config.getInt("lazuli.ports." + name)));
            return new NodeConf(
                    config.getString("lazuli.node.id"), config.getString("lazuli.node.host"),
                    config.getStringList("lazuli.node.roles"), ports,
                    Optional.of(config.getString("lazuli.admin.token")).filter(token -> !token.isBlank()));
        } catch (ConfigException e) {
            throw new CliException("cannot use " + file + ": " + e.getMessage());
        }
    }

    /** Writes the configuration of a new node; it appears whole or not at all. */
    static void write(Path directory, String id, Map<String, Integer> ports) {
        StringBuilder text = new StringBuilder("""
                # Written by 'lazuli up' when it added this node; never overwritten, so edit it freely.
                # Every key and its default: the reference.conf of each module, or README.md.
                lazuli {
                  mode = development
                  node {
                    id = "%s"
                    data-dir = "%s"
                    host = "127.0.0.1"
                    roles = [storage, compute, edge]
                  }
                  ports {
                """.formatted(id, directory.toString().replace("\\", "\\\\").replace("\"", "\\\"")));
        ports.forEach((name, port) -> text.append("    ").append(name).append(" = ").append(port).append('\n'));
        text.append("""
                  }
                  # All nodes share this machine's cores and disk: one Raft group makes the largest batches.
                  store.max-groups = 1
                }
                """);
        try {
            Files.createDirectories(directory);
            Path fresh = directory.resolve(FILE + ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CliException("cannot write " + directory.resolve(FILE) + ": " + e);
        }
    }
}
