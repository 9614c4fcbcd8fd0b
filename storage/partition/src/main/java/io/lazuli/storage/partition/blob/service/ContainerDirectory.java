package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.blob.BlobService.ContainerListing;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** The accounts' containers and what their blob services are set to. Arguments and failures as of {@link io.lazuli.storage.partition.blob.BlobService}. */
public interface ContainerDirectory {

    CompletionStage<ContainerListing> list(String account, String prefix, String marker, int maxResults, boolean withDeleted);

    CompletionStage<Optional<ContainerState>> find(String account, String container);

    CompletionStage<ContainerState> change(String account, String container, ContainerCommand command);

    CompletionStage<ContainerState> restore(String account, String deletedName, String version, String newName);

    /** Begins to end containers that were deleted softly and whose time is over. */
    CompletionStage<Void> purge(String account, long nowMillis);

    CompletionStage<ServiceProperties> properties(String account);

    /** As {@link io.lazuli.storage.partition.blob.BlobService#changeServiceProperties}. */
    CompletionStage<ServiceProperties> changeProperties(String account, UnaryOperator<ServiceProperties> change);
}
