package io.lazuli.fabric.deployment;

import io.lazuli.host.Isolation;
import io.lazuli.host.RoleKind;
import java.util.Map;

/**
 * One role of a deployment as it shall be.
 *
 * @param memoryMib heap of the role-host JVM, for isolation {@code service}
 * @param stopTimeoutMillis how long stopping an instance may take before it is ended
 * @param settings those of the package, overridden by those given when deploying
 * @param instances how many there shall be
 */
public record RoleSpec(
        String name, RoleKind kind, String roleClass, Isolation isolation, int memoryMib, long stopTimeoutMillis,
        Map<String, String> settings, int instances) {

    public RoleSpec {
        settings = Map.copyOf(settings);
    }

    public RoleSpec withInstances(int count) {
        return new RoleSpec(name, kind, roleClass, isolation, memoryMib, stopTimeoutMillis, settings, count);
    }
}
