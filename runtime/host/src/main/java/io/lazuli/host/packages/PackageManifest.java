package io.lazuli.host.packages;

import io.lazuli.host.packages.InvalidPackageException.Code;
import io.lazuli.kernel.wire.WireMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a role package holds: its roles, in the order of their names. Immutable; made by {@link RolePackage#read}. */
public record PackageManifest(List<RoleManifest> roles) implements WireMessage {

    public PackageManifest {
        roles = List.copyOf(roles);
    }

    public Optional<RoleManifest> role(String name) {
        return roles.stream().filter(role -> role.name().equals(name)).findFirst();
    }

    /**
     * The manifest as deployed: with these instance counts and settings instead of the package's, and checked to be
     * complete. To be called for every deployment, also with nothing to override.
     *
     * @param counts instances by role
     * @param settings role, then key, to value
     * @throws InvalidPackageException if a role is unknown, a count or setting out of range, or a required setting has no value
     */
    public PackageManifest deployedWith(Map<String, Integer> counts, Map<String, Map<String, String>> settings)
            throws InvalidPackageException {
        TreeSet<String> unknown = new TreeSet<>(counts.keySet());
        unknown.addAll(settings.keySet());
        roles.forEach(role -> unknown.remove(role.name()));
        if (!unknown.isEmpty()) {
            throw new InvalidPackageException(Code.UNKNOWN_ROLE, "the package has no role '" + unknown.first() + "'; its roles are "
                    + roles.stream().map(RoleManifest::name).collect(Collectors.joining(", ")));
        }
        List<RoleManifest> deployed = new ArrayList<>();
        for (RoleManifest role : roles) {
            deployed.add(deployed(role, counts.getOrDefault(role.name(), role.instances()), settings.getOrDefault(role.name(), Map.of())));
        }
        return new PackageManifest(deployed);
    }

    private static RoleManifest deployed(RoleManifest role, int instances, Map<String, String> overrides) throws InvalidPackageException {
        checkInstances(role.name(), instances);
        Map<String, String> settings = new HashMap<>(role.settings());
        settings.putAll(overrides);
        RoleSettings.check(role.name(), settings);
        TreeSet<String> missing = new TreeSet<>(role.requiredSettings());
        missing.removeAll(settings.keySet());
        if (!missing.isEmpty()) {
            throw new InvalidPackageException(Code.MISSING_SETTING, "role '" + role.name() + "' requires the setting '" + missing.first()
                    + "', which has no value; give it with --set " + role.name() + "." + missing.first() + "=VALUE");
        }
        return new RoleManifest(
                role.name(), role.kind(), role.roleClass(), instances, role.isolation(), role.memoryMib(), role.stopTimeoutMillis(),
                settings, role.requiredSettings());
    }

    static void checkInstances(String role, long instances) throws InvalidPackageException {
        if (instances < 0 || instances > PackageLimits.MAX_INSTANCES_PER_ROLE) {
            throw new InvalidPackageException(Code.OUT_OF_RANGE, "role '" + role + "' can have 0 to "
                    + PackageLimits.MAX_INSTANCES_PER_ROLE + " instances, not " + instances);
        }
    }
}
