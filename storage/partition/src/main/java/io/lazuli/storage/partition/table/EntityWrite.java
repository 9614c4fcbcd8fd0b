package io.lazuli.storage.partition.table;

/**
 * One change of one entity.
 *
 * @param properties encoded by {@link EntityProperties}, without keys and Timestamp; empty array for a deletion; given away
 * @param ifMatchTicks the Timestamp that the entity must have, or {@link #ANY_VERSION} if it must only exist; means nothing for
 *     INSERT and the UPSERTs, which have no condition
 */
public record EntityWrite(Kind kind, EntityKey key, byte[] properties, long ifMatchTicks) {

    public static final long ANY_VERSION = -1;

    public enum Kind {
        /** Fails with EntityAlreadyExists. */
        INSERT,
        /** Insert or replace. */
        UPSERT_REPLACE,
        /** Insert or merge. */
        UPSERT_MERGE,
        /** Fails with ResourceNotFound, or UpdateConditionNotSatisfied. */
        REPLACE,
        /** Like REPLACE, but properties that are not given stay. */
        MERGE,
        /** Fails like REPLACE. */
        DELETE
    }
}
