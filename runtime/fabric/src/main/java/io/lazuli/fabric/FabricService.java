package io.lazuli.fabric;

import io.lazuli.host.InstanceKey;
import io.lazuli.host.RoleKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What the fabric does for those who manage a cloud; works the same on every node. Changes are durable when their stage
 * completes, and take effect afterwards: whoever wants to see instances run asks {@link #instances} until they do.
 *
 * <p>Every stage fails with {@link FabricException} alone, and then nothing has changed; except that after
 * {@code UNAVAILABLE} a change may yet turn out to have been made. Asking for it again is harmless.
 */
public interface FabricService {

    /**
     * Checks a role package, stores it and makes it run under a name that is free.
     *
     * @param name 1 to 63 of {@code a-z 0-9 -}, a hyphen neither first nor last
     * @param jar a file that stays until the stage completes and belongs to the caller
     * @param counts instances by role, for roles whose count shall differ from the package's
     * @param settings role, then key, to value; override those of the package
     */
    CompletionStage<DeploymentInfo> deploy(
            String name, Path jar, Map<String, Integer> counts, Map<String, Map<String, String>> settings);

    /** In the order of their names. */
    CompletionStage<List<DeploymentInfo>> deployments();

    CompletionStage<DeploymentInfo> deployment(String name);

    /** Changes the named roles' instance counts, the others stay; fewer ends the instances with the highest indexes. */
    CompletionStage<DeploymentInfo> scale(String name, Map<String, Integer> counts);

    /** Replaces an instance by a new one. */
    CompletionStage<Void> restart(InstanceKey instance);

    /** Ends the deployment; its name is free again when all its instances have stopped. */
    CompletionStage<Void> remove(String name);

    /** Desired instances with what is known of them, and those that are still stopping, in the order of their keys. */
    CompletionStage<List<InstanceInfo>> instances(Optional<String> deployment);

    /**
     * Reads an instance's log from {@code offset} (negative: that many bytes before its end).
     *
     * @param maxBytes 1 to 1 MiB
     */
    CompletionStage<LogText> readLog(InstanceKey instance, long offset, int maxBytes);

    /**
     * @param packageDigest lower-case hex SHA-256
     * @param removing whether it only waits for its instances to stop
     */
    record DeploymentInfo(String name, String packageDigest, long createdAtMillis, boolean removing, List<RoleInfo> roles) {
        public DeploymentInfo {
            roles = List.copyOf(roles);
        }
    }

    /** @param instances how many there shall be; @param ready how many are */
    record RoleInfo(String name, RoleKind kind, int instances, int ready) {}

    /**
     * @param node where it runs or is about to, empty while no node has room for it
     * @param pid the process its code runs in, empty while not reported
     * @param sinceMillis when it entered the state, epoch milliseconds; 0 while not reported
     * @param lastError one line, empty if there was none; for {@code PENDING} why it is not placed
     */
    record InstanceInfo(
            InstanceKey key, Optional<String> node, Optional<Long> pid, InstancePhase phase, int restartCount, long sinceMillis,
            String lastError) {}

    /** An instance's life as people see it: that of the host, and what only the fabric knows. */
    enum InstancePhase {
        /** No node has room for it. */
        PENDING,
        STARTING, READY, STOPPING, STOPPED, CYCLING, FAILED,
        /** Its node does not answer; it may be running. */
        UNREACHABLE;

        /** The word for people, e.g. {@code Ready}. */
        public String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    record LogText(InstanceKey instance, long nextOffset, String text) {}
}
