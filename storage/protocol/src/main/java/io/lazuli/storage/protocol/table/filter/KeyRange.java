package io.lazuli.storage.protocol.table.filter;

/**
 * Entities between two keys, in the order of {@link io.lazuli.storage.partition.table.EntityKey#encode}.
 *
 * @param fromInclusive empty for the table's start
 * @param toExclusive null for the table's end
 */
public record KeyRange(byte[] fromInclusive, byte[] toExclusive) {}
