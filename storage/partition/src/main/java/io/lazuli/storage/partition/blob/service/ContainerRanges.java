package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.model.PartitionId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** The ways to the ranges of one container. */
public interface ContainerRanges {

    /** @param high the first key behind the range, as far as is known; empty for the container's end */
    record Place(PartitionId partition, byte[] high) {}

    /** One try at a range, to be over within a time. Empty if the range does not serve the key. */
    interface Attempt<T> extends BiFunction<Place, Duration, CompletionStage<Optional<T>>> {}

    /**
     * Brings a request to the range that serves a key of blobs ({@link BlobKeys#ofRow}), trying again while ranges are handed over. Fails as the protocol
     * says it: ContainerNotFound, ServerBusy, OperationTimedOut, and as the attempt does.
     */
    <T> CompletionStage<T> on(byte[] key, Attempt<T> attempt);

    /**
     * The same for what may make a blob immutable: an attempt is made only at ranges of a container that durably bears the
     * {@linkplain io.lazuli.storage.partition.blob.ContainerState#immutabilityMark mark}, so that its deletion will look for that blob.
     */
    <T> CompletionStage<T> onMarked(byte[] key, Attempt<T> attempt);
}
