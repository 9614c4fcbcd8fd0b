package io.lazuli.admin;

import io.lazuli.fabric.FabricService;

/** All that the management API looks at and looks after. */
public record ManagedCloud(
        CloudView view, FabricService fabric, QueueOperations queues, AccountOperations accounts, PartitionView partitions, ChunkView chunks,
        BlobSettingsOperations blobSettings) {}
