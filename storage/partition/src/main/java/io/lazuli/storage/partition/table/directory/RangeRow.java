package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;

/** One range in a table's map: it ends where the next one begins. @param low its first key, empty for the table's start */
public record RangeRow(byte[] low, PartitionId partition) {}
