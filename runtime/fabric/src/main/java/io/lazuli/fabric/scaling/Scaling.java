package io.lazuli.fabric.scaling;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.deployment.DeploymentReply.Refused;
import io.lazuli.fabric.deployment.RoleSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which instance counts a deployment may be given; the one place that knows, for deploying as for scaling. */
public final class Scaling {

    /** The refusal if a count names no role of the deployment or is out of range (0 to {@code maxInstancesPerRole}). */
    public static Optional<Refused> check(String deployment, List<RoleSpec> roles, Map<String, Integer> counts, int maxInstancesPerRole) {
        if (counts.size() > roles.size()) {
            return Optional.of(unknownRole(deployment, roles, counts));
        }
        for (Map.Entry<String, Integer> count : new TreeMap<>(counts).entrySet()) {
            if (roles.stream().noneMatch(role -> role.name().equals(count.getKey()))) {
                return Optional.of(unknownRole(deployment, roles, counts));
            }
            if (count.getValue() < 0 || count.getValue() > maxInstancesPerRole) {
                return Optional.of(new Refused(FabricErrorCode.INVALID_COUNT, "role '" + count.getKey()
                        + "' can have 0 to " + maxInstancesPerRole + " instances, not " + count.getValue()));
            }
        }
        return Optional.empty();
    }

    private static Refused unknownRole(String deployment, List<RoleSpec> roles, Map<String, Integer> counts) {
        List<String> known = roles.stream().map(RoleSpec::name).sorted().toList();
        String unknown = counts.keySet().stream().filter(name -> !known.contains(name)).sorted().findFirst().orElseThrow();
        return new Refused(FabricErrorCode.ROLE_NOT_FOUND,
                "deployment '" + deployment + "' has no role '" + unknown + "'; it has " + String.join(", ", known));
    }

    private Scaling() {}
}
