package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerDecisions;
import io.lazuli.storage.partition.blob.ContainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One account's containers in memory, decided as the real ones are. Not for several threads at once. */
final class FakeContainers {

    /** By name; those that are deleted softly behind it, by name and version. */
    private final TreeMap<String, ContainerState> live = new TreeMap<>();
    private final TreeMap<String, ContainerState> deleted = new TreeMap<>();
    private long numbers;

    ContainerState get(String name) {
        ContainerState state = live.get(name);
        if (state == null) {
            throw new StorageException(StorageErrorCode.CONTAINER_NOT_FOUND);
        }
        return state;
    }

    List<String> names() {
        return List.copyOf(live.keySet());
    }

    ContainerState change(String name, ContainerCommand command, long nowMillis) {
        if (command instanceof ContainerCommand.Create create && !live.containsKey(name)) {
            live.put(name, ContainerDecisions.created(name, ++numbers, create, nowMillis));
            return get(name);
        }
        return switch (ContainerDecisions.decide(get(name), command, nowMillis)) {
            case ContainerDecisions.Outcome.Changed changed -> {
                live.put(name, changed.state());
                yield changed.state();
            }
            case ContainerDecisions.Outcome.Deleted gone -> {
                live.remove(name);
                if (gone.state().deletedMillis() > 0) {
                    deleted.put(name + "\0" + gone.state().version(), gone.state());
                }
                yield gone.state();
            }
            case ContainerDecisions.Outcome.Refused refused -> throw new StorageException(refused.error());
        };
    }

    ContainerState restore(String deletedName, String version, String newName, long nowMillis) {
        if (live.containsKey(newName)) {
            throw new StorageException(StorageErrorCode.CONTAINER_ALREADY_EXISTS);
        }
        ContainerState state = deleted.remove(deletedName + "\0" + version);
        if (state == null) {
            throw new StorageException(StorageErrorCode.CONTAINER_NOT_FOUND);
        }
        live.put(newName, ContainerDecisions.restored(state, newName, nowMillis));
        return live.get(newName);
    }

    void purge(long nowMillis) {
        deleted.values().removeIf(state -> nowMillis - state.deletedMillis() >= TimeUnit.DAYS.toMillis(state.retentionDays()));
    }

    ContainerListing list(String prefix, String marker, int maxResults, boolean withDeleted) {
        TreeMap<String, ContainerState> all = new TreeMap<>(live);
        if (withDeleted) {
            all.putAll(deleted);
        }
        List<ContainerState> found = new ArrayList<>();
        for (var entry : all.tailMap(marker == null ? "" : marker, true).entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                if (found.size() == maxResults) {
                    return new ContainerListing(found, entry.getKey());
                }
                found.add(entry.getValue());
            }
        }
        return new ContainerListing(found, null);
    }
}
