package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;

/**
 * What the name of a range's partition says: {@code account-table/range}, both numbers given by the account's directory and never
 * again. An account's name holds no hyphen.
 */
public record RangeName(String account, long table, long range) {

    /** Every account's directory is in this group. */
    private static final int DIRECTORY_GROUP = 0;

    public static PartitionId directoryOf(String account) {
        return new PartitionId(DIRECTORY_GROUP, PartitionKind.TABLE_DIRECTORY, account);
    }

    /** @throws IllegalArgumentException if that is not a range's partition */
    public static RangeName of(PartitionId partition) {
        String name = partition.name();
        int hyphen = name.lastIndexOf('-');
        int slash = name.lastIndexOf('/');
        if (partition.kind() != PartitionKind.TABLE_RANGE || hyphen < 1 || slash < hyphen) {
            throw new IllegalArgumentException("not a range of a table: " + partition);
        }
        return new RangeName(
                name.substring(0, hyphen), Long.parseLong(name, hyphen + 1, slash, 10), Long.parseLong(name, slash + 1, name.length(), 10));
    }

    PartitionId in(int group) {
        return new PartitionId(group, PartitionKind.TABLE_RANGE, account + "-" + table + "/" + range);
    }
}
