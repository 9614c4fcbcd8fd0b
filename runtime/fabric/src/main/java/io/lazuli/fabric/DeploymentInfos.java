package io.lazuli.fabric;

import io.lazuli.fabric.FabricService.DeploymentInfo;
import io.lazuli.fabric.FabricService.InstanceInfo;
import io.lazuli.fabric.FabricService.InstancePhase;
import io.lazuli.fabric.FabricService.RoleInfo;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import java.util.Collection;
import java.util.List;

/** Puts together what people see of a deployment: what shall be, and how much of it is ready. */
public final class DeploymentInfos {

    /** @param instances of this deployment or of more */
    public static DeploymentInfo of(DeploymentState state, Collection<InstanceInfo> instances) {
        List<RoleInfo> roles = state.roles().stream().map(role -> {
            long ready = instances.stream()
                    .filter(info -> info.key().deployment().equals(state.name()) && info.key().role().equals(role.name()))
                    .filter(info -> info.phase() == InstancePhase.READY)
                    .count();
            return new RoleInfo(role.name(), role.kind(), state.phase() == Phase.ACTIVE ? role.instances() : 0, (int) ready);
        }).toList();
        return new DeploymentInfo(
                state.name(), state.packageDigest(), state.createdAtMillis(), state.phase() == Phase.REMOVING, roles);
    }

    public static DeploymentInfo withNothingReady(DeploymentState state) {
        return of(state, List.of());
    }

    private DeploymentInfos() {}
}
