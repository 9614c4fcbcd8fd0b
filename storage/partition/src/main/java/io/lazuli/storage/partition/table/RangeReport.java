package io.lazuli.storage.partition.table;

/**
 * What a range says of itself to its table's directory now and then while it is in use.
 *
 * @param partition text of its partition id
 * @param entities and {@code bytes} approximate
 */
public record RangeReport(String partition, long entities, long bytes, double writesPerSecond) {}
