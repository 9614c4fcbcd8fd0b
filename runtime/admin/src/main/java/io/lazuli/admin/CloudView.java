package io.lazuli.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What this node knows of the cloud's state; the node module provides it. */
public interface CloudView {

    /** Whether the cloud can serve: storage, fabric and front ends. Answers at once from what this node has heard. */
    CompletionStage<Readiness> readiness();

    CompletionStage<CloudStatus> status();

    /** @param reasons what is still missing, one line each; empty if ready */
    record Readiness(boolean ready, List<String> reasons) {
        public Readiness {
            reasons = List.copyOf(reasons);
        }
    }

    /** @param mode {@code development} or {@code production} */
    record CloudStatus(String cloud, String mode, boolean ready, List<NodeStatus> nodes, List<GroupStatus> groups) {
        public CloudStatus {
            nodes = List.copyOf(nodes);
            groups = List.copyOf(groups);
        }
    }

    /**
     * @param pid 0 if unknown
     * @param state {@code up, joining, leaving, unreachable, down}
     * @param roles of {@code storage, compute, edge}
     * @param startedAtMillis epoch milliseconds, 0 if unknown
     * @param endpoints URL or {@code host:port} by {@code blob, queue, table, admin, gateway, cluster, raft}
     */
    record NodeStatus(
            String id, long pid, String state, Set<String> roles, String faultDomain, long startedAtMillis,
            Map<String, String> endpoints) {
        public NodeStatus {
            roles = Set.copyOf(roles);
            endpoints = Map.copyOf(endpoints);
        }
    }

    /** One Raft group of the store. @param leader the leading node's id, empty while there is none */
    record GroupStatus(int group, Optional<String> leader, long term, long appliedIndex, List<ReplicaStatus> replicas) {
        public GroupStatus {
            replicas = List.copyOf(replicas);
        }
    }

    /** @param lagEntries entries behind the leader, -1 if unknown */
    record ReplicaStatus(String node, String address, boolean alive, long lagEntries) {}
}
