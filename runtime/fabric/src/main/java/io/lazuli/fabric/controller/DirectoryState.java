package io.lazuli.fabric.controller;

import io.lazuli.fabric.FabricErrorCode;
import io.lazuli.fabric.controller.ControllerReply.Refused;
import io.lazuli.fabric.controller.DirectoryEvent.EpochRaised;
import io.lazuli.fabric.controller.DirectoryEvent.NameForgotten;
import io.lazuli.fabric.controller.DirectoryEvent.NameRegistered;
import io.lazuli.fabric.deployment.DeploymentState.Phase;
import io.lazuli.fabric.durable.DurableRecord;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the controller knows durably: how often it has been started, and which deployments there may be. A name is here
 * before its deployment exists and after it has ended, so that no crash leaves a deployment that nobody looks after.
 *
 * @param registrations number of registrations so far
 */
public record DirectoryState(long epoch, long registrations, Map<String, Entry> entries) implements DurableRecord {

    /** @param packageDigest what the name is, or is about to be, deployed from */
    public record Entry(String packageDigest, long registration, long registeredAtMillis) {}

    public DirectoryState {
        entries = Map.copyOf(entries);
    }

    public static DirectoryState empty() {
        return new DirectoryState(0, 0, Map.of());
    }

    /**
     * Why nobody may begin to deploy under this name now, if so.
     *
     * @param phase of the deployment that has the name, as last heard
     * @param lockMillis how long the name is kept for whoever registered it before with another package
     */
    public Optional<Refused> refusal(String name, String packageDigest, Phase phase, int maxDeployments, long lockMillis, long nowMillis) {
        Entry entry = entries.get(name);
        return switch (phase) {
            case ACTIVE -> refused(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, "a deployment named '" + name + "' exists");
            case REMOVING -> refused(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS,
                    "deployment '" + name + "' is being removed and still stops its instances");
            case ABSENT -> {
                if (entry == null && entries.size() >= maxDeployments) {
                    yield refused(FabricErrorCode.TOO_MANY_DEPLOYMENTS, "the cloud has all of the " + maxDeployments + " deployments it may have");
                }
                if (entry != null && !entry.packageDigest().equals(packageDigest) && nowMillis - entry.registeredAtMillis() < lockMillis) {
                    yield refused(FabricErrorCode.DEPLOYMENT_ALREADY_EXISTS, "somebody else is deploying '" + name + "' right now");
                }
                yield Optional.empty();
            }
        };
    }

    private static Optional<Refused> refused(FabricErrorCode code, String message) {
        return Optional.of(new Refused(code, message));
    }

    public boolean usesPackage(String digest) {
        return entries.values().stream().anyMatch(entry -> entry.packageDigest().equals(digest));
    }

    public DirectoryState apply(DirectoryEvent event) {
        return switch (event) {
            case EpochRaised e -> new DirectoryState(e.epoch(), registrations, entries);
            case NameRegistered e -> {
                Map<String, Entry> changed = new TreeMap<>(entries);
                changed.put(e.name(), new Entry(e.packageDigest(), e.registration(), e.atMillis()));
                yield new DirectoryState(epoch, e.registration(), changed);
            }
            case NameForgotten e -> {
                Map<String, Entry> changed = new TreeMap<>(entries);
                changed.remove(e.name());
                yield new DirectoryState(epoch, registrations, changed);
            }
        };
    }
}
