package io.lazuli.host.packages;

import io.lazuli.host.Isolation;
import io.lazuli.host.RoleKind;
import io.lazuli.kernel.wire.WireMessage;
import java.util.Map;
import java.util.Set;

/**
 * One role of a package as its {@code service.conf} describes it.
 *
 * @param instances 0 to {@value PackageLimits#MAX_INSTANCES_PER_ROLE}
 * @param memoryMib what the role adds to the heap of its deployment's role-host JVMs; of no effect with isolation {@code node}
 * @param requiredSettings names that must have a value, here or given when deploying
 */
public record RoleManifest(
        String name, RoleKind kind, String roleClass, int instances, Isolation isolation, int memoryMib, long stopTimeoutMillis,
        Map<String, String> settings, Set<String> requiredSettings) implements WireMessage {

    public RoleManifest {
        settings = Map.copyOf(settings);
        requiredSettings = Set.copyOf(requiredSettings);
    }
}
