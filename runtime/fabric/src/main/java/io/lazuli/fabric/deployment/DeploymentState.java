package io.lazuli.fabric.deployment;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.deployment.DeploymentEvent.Deployed;
import io.lazuli.fabric.deployment.DeploymentEvent.InstanceRestarted;
import io.lazuli.fabric.deployment.DeploymentEvent.RemovalRequested;
import io.lazuli.fabric.deployment.DeploymentEvent.Removed;
import io.lazuli.fabric.deployment.DeploymentEvent.Scaled;
import io.lazuli.fabric.deployment.DeploymentReply.Refused;
import io.lazuli.fabric.scaling.Scaling;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceSpec;
import io.lazuli.kernel.wire.WireMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one deployment shall be, and every decision about it: a pure function of its events.
 *
 * <pre>
 *            Deployed            RemovalRequested            Removed
 *   ABSENT ──────────▶ ACTIVE ───────────────────▶ REMOVING ─────────▶ ABSENT
 *                       │  ▲ Scaled, InstanceRestarted
 *                       └──┘
 * </pre>
 *
 * The revision counts events and never falls, not even when the name is used again; so it orders the states that
 * reach the controller by different ways, and serves as an instance's generation. Bounded by the package's roles and
 * {@link Scaling}'s limits: one generation is kept for each instance that was ever restarted.
 *
 * @param revision number of events so far
 * @param requestId of the request that deployed it
 * @param deployedRevision the generation of instances that were never restarted
 * @param restarts generation by {@code role/index} of those that were
 */
public record DeploymentState(
        Phase phase, long revision, String name, String requestId, String packageDigest, long createdAtMillis,
        long deployedRevision, List<RoleSpec> roles, Map<String, Long> restarts) implements WireMessage {

    public enum Phase { ABSENT, ACTIVE, REMOVING }

    /** What to do with a request: persist the event if there is one, then answer with the state or the refusal. */
    public record Decision(Optional<DeploymentEvent> event, Optional<Refused> refusal) {

        private static Decision nothing() {
            return new Decision(Optional.empty(), Optional.empty());
        }

        private static Decision persist(DeploymentEvent event) {
            return new Decision(Optional.of(event), Optional.empty());
        }

        private static Decision refuse(FabricErrorCode code, String message) {
            return new Decision(Optional.empty(), Optional.of(new Refused(code, message)));
        }
    }

    public DeploymentState {
        roles = List.copyOf(roles);
        restarts = Map.copyOf(restarts);
    }

    public static DeploymentState absent(String name) {
        return absent(name, 0);
    }

    private static DeploymentState absent(String name, long revision) {
        return new DeploymentState(Phase.ABSENT, revision, name, "", "", 0, 0, List.of(), Map.of());
    }

    public Decision decide(DeploymentRequest request, int maxInstancesPerRole, long nowMillis) {
        return switch (request) {
            case DeploymentRequest.Deploy deploy -> deploy(deploy, nowMillis);
            case DeploymentRequest.Scale scale -> scale(scale, maxInstancesPerRole, nowMillis);
            case DeploymentRequest.RestartInstance restart -> restart(restart, nowMillis);
            case DeploymentRequest.Remove remove -> switch (phase) {
                case ABSENT -> notFound();
                case REMOVING -> Decision.nothing();
                case ACTIVE -> Decision.persist(new RemovalRequested(nowMillis));
            };
            case DeploymentRequest.ConfirmRemoved confirmed -> phase == Phase.REMOVING && confirmed.revision() == revision
                    ? Decision.persist(new Removed(nowMillis)) : Decision.nothing();
            case DeploymentRequest.Get get -> Decision.nothing();
        };
    }

    private Decision deploy(DeploymentRequest.Deploy deploy, long nowMillis) {
        return switch (phase) {
            case ABSENT -> Decision.persist(new Deployed(deploy.requestId(), deploy.packageDigest(), deploy.roles(), nowMillis));
            case ACTIVE -> requestId.equals(deploy.requestId()) ? Decision.nothing()
                    : Decision.refuse(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, "a deployment named '" + name + "' exists");
            case REMOVING -> Decision.refuse(
                    FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, "deployment '" + name + "' is being removed and still stops its instances");
        };
    }

    private Decision scale(DeploymentRequest.Scale scale, int maxInstancesPerRole, long nowMillis) {
        if (phase != Phase.ACTIVE) {
            return notFound();
        }
        Optional<Refused> refusal = Scaling.check(name, roles, scale.counts(), maxInstancesPerRole);
        if (refusal.isPresent()) {
            return new Decision(Optional.empty(), refusal);
        }
        Map<String, Integer> changes = new TreeMap<>();
        for (RoleSpec role : roles) {
            Integer count = scale.counts().get(role.name());
            if (count != null && count != role.instances()) {
                changes.put(role.name(), count);
            }
        }
        return changes.isEmpty() ? Decision.nothing() : Decision.persist(new Scaled(changes, nowMillis));
    }

    private Decision restart(DeploymentRequest.RestartInstance restart, long nowMillis) {
        if (phase != Phase.ACTIVE) {
            return notFound();
        }
        Optional<RoleSpec> role = roles.stream().filter(r -> r.name().equals(restart.role())).findFirst();
        if (role.isEmpty()) {
            return Decision.refuse(
                    FabricErrorCode.ROLE_NOT_FOUND, "deployment '" + name + "' has no role '" + restart.role() + "'");
        }
        if (restart.index() < 0 || restart.index() >= role.get().instances()) {
            return Decision.refuse(FabricErrorCode.INSTANCE_NOT_FOUND, "role '" + restart.role() + "' of deployment '" + name
                    + "' has " + role.get().instances() + " instances, none with index " + restart.index());
        }
        return Decision.persist(new InstanceRestarted(restart.role(), restart.index(), nowMillis));
    }

    private Decision notFound() {
        return phase == Phase.REMOVING
                ? Decision.refuse(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "deployment '" + name + "' is being removed")
                : Decision.refuse(FabricErrorCode.DEPLOYMENT_NOT_FOUND, "there is no deployment named '" + name + "'");
    }

    public DeploymentState apply(DeploymentEvent event) {
        long next = revision + 1;
        return switch (event) {
            case Deployed e -> new DeploymentState(
                    Phase.ACTIVE, next, name, e.requestId(), e.packageDigest(), e.atMillis(), next, e.roles(), Map.of());
            case Scaled e -> with(phase, next, roles.stream()
                    .map(role -> role.withInstances(e.counts().getOrDefault(role.name(), role.instances()))).toList(), restarts);
            case InstanceRestarted e -> {
                Map<String, Long> changed = new HashMap<>(restarts);
                changed.put(e.role() + "/" + e.index(), next);
                yield with(phase, next, roles, changed);
            }
            case RemovalRequested e -> with(Phase.REMOVING, next, roles, restarts);
            case Removed e -> absent(name, next);
        };
    }

    private DeploymentState with(Phase newPhase, long newRevision, List<RoleSpec> newRoles, Map<String, Long> newRestarts) {
        return new DeploymentState(
                newPhase, newRevision, name, requestId, packageDigest, createdAtMillis, deployedRevision, newRoles, newRestarts);
    }

    /** The instances that shall run, in the order of role and index; none unless active. */
    public List<InstanceSpec> desiredInstances() {
        List<InstanceSpec> instances = new ArrayList<>();
        if (phase == Phase.ACTIVE) {
            for (RoleSpec role : roles) {
                for (int index = 0; index < role.instances(); index++) {
                    long generation = restarts.getOrDefault(role.name() + "/" + index, deployedRevision);
                    instances.add(new InstanceSpec(
                            new InstanceKey(name, role.name(), index), generation, packageDigest, role.kind(), role.roleClass(),
                            role.isolation(), role.settings(), role.stopTimeoutMillis(), role.memoryMib()));
                }
            }
        }
        return instances;
    }
}
