package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.model.PartitionId;

/**
 * What the name of a range's partition says: {@code account-table/range} or {@code account-container/range}, both numbers given by the
 * account's directory and never again. An account's name holds no hyphen.
 */
public record RangeName(DirectoryKind kind, String account, long table, long range) {

    /** @throws IllegalArgumentException if that is not a range's partition */
    public static RangeName of(PartitionId partition) {
        String name = partition.name();
        int hyphen = name.lastIndexOf('-');
        int slash = name.lastIndexOf('/');
        if (!partition.kind().isRange() || hyphen < 1 || slash < hyphen) {
            throw new IllegalArgumentException("not a range: " + partition);
        }
        return new RangeName(DirectoryKind.of(partition.kind()), name.substring(0, hyphen),
                Long.parseLong(name, hyphen + 1, slash, 10), Long.parseLong(name, slash + 1, name.length(), 10));
    }

    /** Where the range's report goes. */
    public PartitionId directory() {
        return kind.directoryOf(account);
    }

    PartitionId in(int group) {
        return new PartitionId(group, kind.range(), account + "-" + table + "/" + range);
    }
}
