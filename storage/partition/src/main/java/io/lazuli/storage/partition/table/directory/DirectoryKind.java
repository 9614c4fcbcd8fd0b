package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.model.StorageErrorCode;
import java.util.Locale;

/** What an account's directory holds: its tables, or its containers. Both are cut into ranges that are found and kept in the same way. */
public enum DirectoryKind {
    TABLES(PartitionKind.TABLE_DIRECTORY, PartitionKind.TABLE_RANGE, StorageErrorCode.TABLE_NOT_FOUND,
            StorageErrorCode.TABLE_ALREADY_EXISTS, StorageErrorCode.TABLE_BEING_DELETED),
    CONTAINERS(PartitionKind.CONTAINER_DIRECTORY, PartitionKind.BLOB_RANGE, StorageErrorCode.CONTAINER_NOT_FOUND,
            StorageErrorCode.CONTAINER_ALREADY_EXISTS, StorageErrorCode.CONTAINER_BEING_DELETED);

    /** Every account's directories are in this group. */
    static final int DIRECTORY_GROUP = 0;

    private final PartitionKind directory;
    private final PartitionKind range;
    private final StorageErrorCode notFound;
    private final StorageErrorCode alreadyExists;
    private final StorageErrorCode beingDeleted;

    DirectoryKind(PartitionKind directory, PartitionKind range, StorageErrorCode notFound, StorageErrorCode alreadyExists,
            StorageErrorCode beingDeleted) {
        this.directory = directory;
        this.range = range;
        this.notFound = notFound;
        this.alreadyExists = alreadyExists;
        this.beingDeleted = beingDeleted;
    }

    /** @throws IllegalArgumentException if partitions of that kind are neither directories of ranges nor ranges */
    static DirectoryKind of(PartitionKind kind) {
        for (DirectoryKind candidate : values()) {
            if (candidate.directory == kind || candidate.range == kind) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("neither a directory of ranges nor a range: " + kind);
    }

    public PartitionId directoryOf(String account) {
        return new PartitionId(DIRECTORY_GROUP, directory, account);
    }

    PartitionKind directory() {
        return directory;
    }

    PartitionKind range() {
        return range;
    }

    /** What names are compared by. Those of containers are in lower case anyway. */
    public String keyOf(String name) {
        return this == TABLES ? name.toLowerCase(Locale.ROOT) : name;
    }

    public StorageErrorCode notFound() {
        return notFound;
    }

    StorageErrorCode alreadyExists() {
        return alreadyExists;
    }

    StorageErrorCode beingDeleted() {
        return beingDeleted;
    }
}
