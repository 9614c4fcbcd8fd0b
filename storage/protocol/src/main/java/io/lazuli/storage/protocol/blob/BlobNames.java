package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobLimits;
import java.util.Set;

/** The rules for names of containers and blobs. Source: "Naming and referencing containers, blobs, and metadata". */
public final class BlobNames {

    /** The container of blobs whose address has no container. */
    public static final String ROOT = "$root";

    public static final int MIN_CONTAINER_CHARS = 3;
    public static final int MAX_CONTAINER_CHARS = 63;
    public static final int MAX_BLOB_SEGMENTS = 254;

    private static final Set<String> SYSTEM_CONTAINERS = Set.of(ROOT, "$web", "$logs", "$blobchangefeed");

    private BlobNames() {}

    /** @throws StorageException InvalidResourceName or, for its length, OutOfRangeInput */
    public static String checkContainer(String name) {
        if (SYSTEM_CONTAINERS.contains(name)) {
            return name;
        }
        boolean good = !name.isEmpty();
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            good = letterOrDigit || c == '-' && i > 0 && i < name.length() - 1 && name.charAt(i - 1) != '-';
        }
        if (!good) {
            throw new StorageException(StorageErrorCode.INVALID_RESOURCE_NAME);
        }
        if (name.length() < MIN_CONTAINER_CHARS || name.length() > MAX_CONTAINER_CHARS) {
            throw new StorageException(StorageErrorCode.OUT_OF_RANGE_INPUT);
        }
        return name;
    }

    /** @throws StorageException InvalidResourceName or, for its length, OutOfRangeInput */
    public static String checkBlob(String container, String name) {
        if (name.length() > BlobLimits.MAX_NAME_CHARS) {
            throw new StorageException(StorageErrorCode.OUT_OF_RANGE_INPUT);
        }
        long slashes = name.chars().filter(c -> c == '/').count();
        if (name.isEmpty() || name.indexOf('\0') >= 0 || slashes >= MAX_BLOB_SEGMENTS || container.equals(ROOT) && slashes > 0) {
            throw new StorageException(StorageErrorCode.INVALID_RESOURCE_NAME);
        }
        return name;
    }
}
