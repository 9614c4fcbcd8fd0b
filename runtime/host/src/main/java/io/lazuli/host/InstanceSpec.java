package io.lazuli.host;

import io.lazuli.kernel.wire.WireMessage;
import java.util.Map;

/**
 * All that a node needs to run one instance.
 *
 * @param generation grows whenever the instance must be replaced by a new one (a new package, a requested restart)
 * @param packageDigest lower-case hex SHA-256 of the package
 * @param stopTimeoutMillis how long stopping may take before the instance is ended
 * @param memoryMib heap of the role-host JVM that instances with isolation {@code service} share
 */
public record InstanceSpec(
        InstanceKey key, long generation, String packageDigest, RoleKind kind, String roleClass, Isolation isolation,
        Map<String, String> settings, long stopTimeoutMillis, int memoryMib) implements WireMessage {

    public InstanceSpec {
        settings = Map.copyOf(settings);
    }
}
