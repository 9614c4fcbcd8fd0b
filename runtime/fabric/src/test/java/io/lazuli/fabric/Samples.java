package io.lazuli.fabric;

import io.lazuli.fabric.deployment.DeploymentEvent;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.RoleSpec;
import io.lazuli.fabric.placement.ComputeNode;
import io.lazuli.fabric.placement.ComputeNode.Presence;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceState;
import io.lazuli.host.InstanceStatus;
import io.lazuli.host.Isolation;
import io.lazuli.host.NodeReport;
import io.lazuli.host.RoleKind;
import io.lazuli.kernel.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the fabric's tests are made of. */
public final class Samples {

    public static final String DIGEST = "ab".repeat(32);
    public static final String OTHER_DIGEST = "cd".repeat(32);

    /** With time-outs that no machine is slow enough for: what is asked in these tests is answered. */
    public static FabricSettings settings() {
        return new FabricSettings(
                3, 50, 8 << 10, 4, Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ZERO,
                Duration.ofMillis(5), Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofMinutes(10));
    }

    public static RoleSpec role(String name, int instances) {
        return new RoleSpec(name, RoleKind.WORKER, "sample.Worker", Isolation.SERVICE, 128, 30_000, Map.of("queue", "lines"), instances);
    }

    public static DeploymentState deployed(String name, String digest, RoleSpec... roles) {
        return DeploymentState.absent(name).apply(new DeploymentEvent.Deployed("request-1", digest, List.of(roles), 1_000));
    }

    public static DeploymentState deployed(String name, RoleSpec... roles) {
        return deployed(name, DIGEST, roles);
    }

    public static NodeId node(int number) {
        return new NodeId("node-" + number);
    }

    public static ComputeNode computeNode(int number, String faultDomain, int maxInstances) {
        return new ComputeNode(node(number), faultDomain, Presence.AVAILABLE, maxInstances);
    }

    public static ComputeNode computeNode(int number) {
        return computeNode(number, "domain-" + number, 64);
    }

    public static InstanceKey key(String text) {
        return InstanceKey.parse(text);
    }

    public static InstanceStatus status(String key, long generation, InstanceState state, long sinceMillis) {
        return new InstanceStatus(key(key), generation, state, 0, sinceMillis, "", 4_711);
    }

    public static NodeReport report(int node, long epoch, InstanceStatus... instances) {
        return new NodeReport(node(node), "domain-" + node, epoch, 64, List.of(instances));
    }

    private Samples() {}
}
