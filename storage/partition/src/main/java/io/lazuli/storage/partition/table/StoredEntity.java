package io.lazuli.storage.partition.table;

/**
 * An entity as it is stored.
 *
 * @param timestampTicks when it was last changed, strictly increasing over the life of an entity: its version
 * @param properties encoded by {@link EntityProperties}; not to be changed
 */
public record StoredEntity(EntityKey key, long timestampTicks, byte[] properties) {}
