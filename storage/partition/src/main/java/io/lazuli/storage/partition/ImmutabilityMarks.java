package io.lazuli.storage.partition;

import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.service.ContainerDirectory;
import io.lazuli.storage.partition.table.directory.RangeName;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Marks containers before a blob of theirs becomes immutable, and remembers which are marked: by their numbers, because a name may lead to another
 * container later, and a mark is never taken back. Bounded: when it is full it is emptied, which costs one question each. Any thread.
 */
final class ImmutabilityMarks {

    private static final int MAX_CONTAINERS = 10_000;

    private record Container(String account, long number) {}

    private final ContainerDirectory directory;
    private final Set<Container> marked = ConcurrentHashMap.newKeySet();

    ImmutabilityMarks(ContainerDirectory directory) {
        this.directory = directory;
    }

    /** Completes, when that is durable, with whether the container that this range belongs to bears the mark; false if it has the name no more. */
    CompletionStage<Boolean> ensure(String name, PartitionId range) {
        RangeName place = RangeName.of(range);
        Container container = new Container(place.account(), place.table());
        if (marked.contains(container)) {
            return CompletableFuture.completedStage(true);
        }
        return directory.change(place.account(), name, new ContainerCommand.MarkImmutability(place.table())).handle((state, failure) -> {
            if (failure == null) {
                if (marked.size() >= MAX_CONTAINERS) {
                    marked.clear();
                }
                marked.add(container);
                return CompletableFuture.completedStage(true);
            }
            Throwable cause = Failures.cause(failure);
            boolean gone = cause instanceof StorageException refused && refused.error() == StorageErrorCode.CONTAINER_NOT_FOUND;
            return gone ? CompletableFuture.completedStage(false) : CompletableFuture.<Boolean>failedStage(cause);
        }).thenCompose(outcome -> outcome);
    }
}
