package io.lazuli.node;

import com.typesafe.config.Config;
import io.lazuli.kernel.MemberFacts;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.SettingsException;
import io.lazuli.kernel.SettingsReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a node is, read once at its start; each key is documented in this module's {@code reference.conf}.
 *
 * @param configuredId the id that the configuration asks for, empty to keep or make one
 * @param roleQueueEndpoints where this node's roles reach the queue service, the first preferred; empty if they run nowhere
 * @param roleTableEndpoint where they reach the table service
 * @param roleBlobEndpoint where they reach the blob service
 */
record NodeSettings(
        String cloudName, boolean development, Optional<NodeId> configuredId, Path dataDirectory, String host,
        Set<String> roles, String configuredFaultDomain, Ports ports, List<HostPort> join,
        List<HostPort> roleQueueEndpoints, Optional<HostPort> roleTableEndpoint, Optional<HostPort> roleBlobEndpoint,
        long heartbeatIntervalMillis, long acceptablePauseMillis, long stableAfterMillis) {

    private static final Pattern CLOUD_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_ADDRESSES = 100;

    record Ports(int blob, int queue, int table, int admin, int gateway, int cluster, int raft, int chunk) {}

    static NodeSettings of(Config config) {
        SettingsReader reader = new SettingsReader(config);
        String cloudName = reader.string("lazuli.cloud.name");
        if (!CLOUD_NAME.matcher(cloudName).matches()) {
            throw new SettingsException("lazuli.cloud.name", "must be 1 to 63 of a-z, 0-9 and -, a hyphen neither first nor last");
        }
        boolean development = reader.oneOf("lazuli.mode", "development", "production").equals("development");
        String host = reader.string("lazuli.node.host");
        if (development && !isLoopback(host)) {
            throw new SettingsException(
                    "lazuli.node.host", "must be a loopback address, because lazuli.mode is development and anybody knows its account key");
        }
        String dataDirectory = reader.stringOrEmpty("lazuli.node.data-dir");
        if (dataDirectory.isBlank()) {
            throw new SettingsException("lazuli.node.data-dir", "must be a directory");
        }
        Set<String> roles = roles(reader);
        Ports ports = ports(reader);
        return new NodeSettings(
                cloudName, development, id(reader), Path.of(dataDirectory).toAbsolutePath().normalize(), host, roles,
                reader.stringOrEmpty("lazuli.node.fault-domain"), ports, addresses(reader, "lazuli.join"),
                roleQueueEndpoints(reader, roles, new HostPort(host, ports.queue())),
                roleEndpoint(reader, roles, "lazuli.node.role-table-endpoint", new HostPort(host, ports.table())),
                roleEndpoint(reader, roles, "lazuli.node.role-blob-endpoint", new HostPort(host, ports.blob())),
                reader.millisIn("lazuli.cluster.heartbeat-interval", 100, 10_000),
                reader.millisIn("lazuli.cluster.acceptable-pause", 500, 60_000),
                reader.millisIn("lazuli.cluster.stable-after", 500, 60_000));
    }

    boolean isStorage() {
        return roles.contains(MemberFacts.STORAGE);
    }

    boolean isCompute() {
        return roles.contains(MemberFacts.COMPUTE);
    }

    boolean isEdge() {
        return roles.contains(MemberFacts.EDGE);
    }

    HostPort clusterAddress() {
        return new HostPort(host, ports.cluster());
    }

    private static Optional<NodeId> id(SettingsReader reader) {
        String id = reader.stringOrEmpty("lazuli.node.id");
        try {
            return id.isEmpty() ? Optional.empty() : Optional.of(new NodeId(id));
        } catch (IllegalArgumentException e) {
            throw new SettingsException("lazuli.node.id", e.getMessage());
        }
    }

    private static Set<String> roles(SettingsReader reader) {
        Set<String> known = Set.of(MemberFacts.STORAGE, MemberFacts.COMPUTE, MemberFacts.EDGE);
        Set<String> roles = new LinkedHashSet<>(reader.strings("lazuli.node.roles"));
        if (roles.isEmpty() || !known.containsAll(roles)) {
            throw new SettingsException("lazuli.node.roles", "must be at least one of storage, compute and edge");
        }
        return Set.copyOf(roles);
    }

    private static Ports ports(SettingsReader reader) {
        Ports ports = new Ports(
                port(reader, "blob"), port(reader, "queue"), port(reader, "table"), port(reader, "admin"),
                port(reader, "gateway"), port(reader, "cluster"), port(reader, "raft"), port(reader, "chunk"));
        List<Integer> all = List.of(
                ports.blob(), ports.queue(), ports.table(), ports.admin(), ports.gateway(), ports.cluster(), ports.raft(),
                ports.chunk());
        if (Set.copyOf(all).size() != all.size()) {
            throw new SettingsException("lazuli.ports", "must be eight different ports");
        }
        return ports;
    }

    private static int port(SettingsReader reader, String name) {
        return reader.intIn("lazuli.ports." + name, 1, MAX_PORT);
    }

    private static List<HostPort> addresses(SettingsReader reader, String key) {
        List<String> addresses = reader.strings(key);
        try {
            if (addresses.size() <= MAX_ADDRESSES) {
                return addresses.stream().map(HostPort::parse).toList();
            }
        } catch (IllegalArgumentException e) {
            throw new SettingsException(key, "must be a list of host:port; " + e.getMessage());
        }
        throw new SettingsException(key, "must have at most " + MAX_ADDRESSES + " addresses");
    }

    private static List<HostPort> roleQueueEndpoints(SettingsReader reader, Set<String> roles, HostPort own) {
        List<HostPort> others = addresses(reader, "lazuli.node.role-queue-endpoints");
        if (!roles.contains(MemberFacts.EDGE)) {
            if (roles.contains(MemberFacts.COMPUTE) && others.isEmpty()) {
                throw new SettingsException(
                        "lazuli.node.role-queue-endpoints", "must name at least one edge node's queue endpoint, because this node is none itself");
            }
            return others;
        }
        List<HostPort> all = new ArrayList<>(List.of(own));
        all.addAll(others);
        return List.copyOf(all);
    }

    private static Optional<HostPort> roleEndpoint(SettingsReader reader, Set<String> roles, String key, HostPort own) {
        String configured = reader.stringOrEmpty(key);
        if (roles.contains(MemberFacts.EDGE)) {
            return Optional.of(own);
        }
        try {
            return configured.isEmpty() ? Optional.empty() : Optional.of(HostPort.parse(configured));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(key, "must be host:port; " + e.getMessage());
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new SettingsException("lazuli.node.host", "must be an address of this machine; '" + host + "' is not known");
        }
    }
}
