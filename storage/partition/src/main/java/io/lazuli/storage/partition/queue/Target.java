package io.lazuli.storage.partition.queue;

import io.lazuli.storage.model.StorageErrorCode;

/** Whom an id and a pop receipt mean. */
sealed interface Target {

    record Refused(StorageErrorCode error) implements Target {}

    /** Not known in memory: read this. */
    record Unknown(RowRead.LookUp read) implements Target {}

    record Leased(Lease lease) implements Target {}

    record Fresh(long sequence, MessageRow row) implements Target {}
}
