package io.lazuli.fabric.deployment;

import io.lazuli.kernel.wire.WireMessage;
import java.util.List;
import java.util.Map;

/** What a deployment can be asked. Repeating any of them is harmless, so that an unanswered one may be sent again. */
public sealed interface DeploymentRequest extends WireMessage {

    /** @param requestId unique to the user's request, the same when it is sent again */
    record Deploy(String requestId, String packageDigest, List<RoleSpec> roles) implements DeploymentRequest {
        public Deploy {
            roles = List.copyOf(roles);
        }
    }

    /** Sets the named roles' instance counts. */
    record Scale(Map<String, Integer> counts) implements DeploymentRequest {
        public Scale {
            counts = Map.copyOf(counts);
        }
    }

    /** Wants a new instance in the place of this one. */
    record RestartInstance(String role, int index) implements DeploymentRequest {}

    /** Wants all instances to stop, and the name to become free then. */
    record Remove() implements DeploymentRequest {}

    /** The controller's word that no instance runs any more. @param revision the one whose removal it carried out */
    record ConfirmRemoved(long revision) implements DeploymentRequest {}

    record Get() implements DeploymentRequest {}
}
