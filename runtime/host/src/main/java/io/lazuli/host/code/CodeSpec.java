package io.lazuli.host.code;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.RoleKind;
import io.lazuli.host.packages.RoleJars;
import java.util.Map;

/** What one run of an instance needs to know. @param interruptAfterMillis from being asked to stop to being interrupted */
public record CodeSpec(
        InstanceKey key, long run, RoleKind kind, String roleClass, Map<String, String> settings, long stopTimeoutMillis,
        long interruptAfterMillis, RoleJars jars) {

    public CodeSpec {
        settings = Map.copyOf(settings);
    }
}
