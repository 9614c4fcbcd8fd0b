package io.lazuli.storage.partition.table;

import io.lazuli.storage.model.StorageErrorCode;

/** Why a change of entities did not happen: one of them could not; an answer, not a fault, hence without stack trace. */
public final class EntityWriteException extends RuntimeException {

    private final int index;
    private final StorageErrorCode error;

    /** @param index of the change that was the cause, from 0 */
    public EntityWriteException(int index, StorageErrorCode error) {
        super("change " + index + ": " + error.code(), null, false, false);
        this.index = index;
        this.error = error;
    }

    public int index() {
        return index;
    }

    public StorageErrorCode error() {
        return error;
    }
}
