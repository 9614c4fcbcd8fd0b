package io.lazuli.role;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What an instance knows of itself and its cloud. All methods may be called from any thread. */
public interface RoleContext {

    /** {@code deployment/role/index}, unique in the cloud. */
    String instanceId();

    String deployment();

    String role();

    /** 0 to the number of instances − 1; a replaced instance has its predecessor's index. */
    int index();

    /** The role's settings: those of the package, overridden by those given when deploying. */
    Map<String, String> settings();

    /** The setting's value. @throws IllegalArgumentException if there is none */
    default String setting(String name) {
        return Optional.ofNullable(settings().get(name))
                .orElseThrow(() -> new IllegalArgumentException("no setting '" + name + "' in role " + role()));
    }

    /** The other instances of this deployment, of all roles, as last heard of. */
    List<Peer> peers();

    /** Writes to the instance's log, which {@code lazuli logs} shows. */
    System.Logger logger();

    boolean stopping();

    /** Waits, less long if the instance is asked to stop meanwhile; false if it is. For a worker's loop. */
    boolean pause(Duration duration) throws InterruptedException;

    /** Completes when the instance is asked to stop. */
    CompletionStage<Void> stopped();

    /** For any Azure Storage SDK. */
    String storageConnectionString();

    /** A queue of the deployment's storage account; nothing is created or checked by this call. */
    RoleQueue queue(String name);

    /** @param state the word that {@code lazuli ps} shows, e.g. {@code Ready} */
    record Peer(String instanceId, String role, int index, String node, String state) {}
}
