package io.lazuli.fabric.deployment;

import io.lazuli.fabric.durable.DurableRecord;
import java.util.List;
import java.util.Map;

/** What has happened to a deployment; kept in the journal for as long as the cloud lives. */
public sealed interface DeploymentEvent extends DurableRecord {

    /** @param requestId names the request, so that its repetition is recognized */
    record Deployed(String requestId, String packageDigest, List<RoleSpec> roles, long atMillis) implements DeploymentEvent {
        public Deployed {
            roles = List.copyOf(roles);
        }
    }

    /** @param counts instances by role, only those that change */
    record Scaled(Map<String, Integer> counts, long atMillis) implements DeploymentEvent {
        public Scaled {
            counts = Map.copyOf(counts);
        }
    }

    record InstanceRestarted(String role, int index, long atMillis) implements DeploymentEvent {}

    record RemovalRequested(long atMillis) implements DeploymentEvent {}

    /** All instances have stopped and the name is free. */
    record Removed(long atMillis) implements DeploymentEvent {}
}
