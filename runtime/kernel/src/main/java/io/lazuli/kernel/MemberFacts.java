package io.lazuli.kernel;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What every node of the cluster knows of every other as soon as it is a member: it travels as Pekko cluster roles,
 * {@code storage}, {@code compute}, {@code edge} as they are and the rest as {@code key=value}.
 *
 * @param nodeRoles of {@code storage}, {@code compute}, {@code edge}
 * @param raftAddress {@code host:port} of a storage node's Raft port, empty elsewhere
 * @param chunkAddress {@code host:port} of the port that serves a storage node's chunks, empty elsewhere
 */
public record MemberFacts(
        NodeId node, Set<String> nodeRoles, Optional<String> raftAddress, Optional<String> chunkAddress, String faultDomain) {

    public static final String STORAGE = "storage";
    public static final String COMPUTE = "compute";
    public static final String EDGE = "edge";

    private static final String NODE = "node=";
    private static final String RAFT = "raft=";
    private static final String CHUNK = "chunk=";
    private static final String FAULT_DOMAIN = "fault-domain=";

    public MemberFacts {
        nodeRoles = Set.copyOf(nodeRoles);
    }

    public Set<String> toClusterRoles() {
        Set<String> roles = new LinkedHashSet<>(nodeRoles);
        roles.add(NODE + node.value());
        raftAddress.ifPresent(address -> roles.add(RAFT + address));
        chunkAddress.ifPresent(address -> roles.add(CHUNK + address));
        roles.add(FAULT_DOMAIN + faultDomain);
        return roles;
    }

    /** @throws IllegalArgumentException if the roles are not those of a Lazuli node */
    public static MemberFacts ofClusterRoles(Set<String> roles) {
        Set<String> nodeRoles = new LinkedHashSet<>(roles);
        nodeRoles.retainAll(Set.of(STORAGE, COMPUTE, EDGE));
        String node = valueOf(roles, NODE)
                .orElseThrow(() -> new IllegalArgumentException("no node id among the cluster roles " + roles));
        return new MemberFacts(
                new NodeId(node), nodeRoles, valueOf(roles, RAFT), valueOf(roles, CHUNK), valueOf(roles, FAULT_DOMAIN).orElse(node));
    }

    private static Optional<String> valueOf(Set<String> roles, String key) {
        return roles.stream().filter(role -> role.startsWith(key)).map(role -> role.substring(key.length())).findFirst();
    }
}
