package io.lazuli.storage.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that the protocol answers with an error; carries no stack trace because it is an answer, not a fault. */
public final class StorageException extends RuntimeException {

    private final StorageErrorCode error;
    private final Map<String, String> details;

    public StorageException(StorageErrorCode error) {
        this(error, Map.of());
    }

    /** @param details further elements of the error body, e.g. {@code QueryParameterName}, in order */
    public StorageException(StorageErrorCode error, Map<String, String> details) {
        super(error.code() + ": " + error.message(), null, false, false);
        this.error = error;
        this.details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    public StorageErrorCode error() {
        return error;
    }

    public Map<String, String> details() {
        return details;
    }
}
