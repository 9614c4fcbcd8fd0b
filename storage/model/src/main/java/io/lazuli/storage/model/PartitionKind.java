package io.lazuli.storage.model;

/** What a partition holds. The code is part of stored row keys and of partition ids: never change or reuse one. */
public enum PartitionKind {
    /** One storage account: its directory of queues and its service properties. */
    ACCOUNT('a'),
    /** One queue: its messages. */
    QUEUE('q'),
    /** One account's tables: their names, policies and ranges. */
    TABLE_DIRECTORY('d'),
    /**
     * One range of a table, named {@code table/range}: ranges of a table in one group share one space of rows, named by what stands
     * before the slash, so that a split moves no rows; each has a writer of its own.
     */
    TABLE_RANGE('t'),
    /** One account's containers: their names, properties, policies and ranges. */
    CONTAINER_DIRECTORY('c'),
    /** One range of a container's blobs, named {@code container/range}; shares rows as ranges of a table do. */
    BLOB_RANGE('b'),
    /** One persistence id of the journal: its events and snapshots. */
    JOURNAL('j'),
    /** One role package, by digest. */
    PACKAGE('p'),
    /** The cloud's own map: groups and members. */
    MAP('m');

    private final char code;

    PartitionKind(char code) {
        this.code = code;
    }

    /** Whether partitions of this kind are ranges, which share a row space with those of the same table or container. */
    public boolean isRange() {
        return this == TABLE_RANGE || this == BLOB_RANGE;
    }

    public char code() {
        return code;
    }

    /** @throws IllegalArgumentException if no kind has that code */
    public static PartitionKind ofCode(char code) {
        for (PartitionKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no partition kind has the code '" + code + "'");
    }
}
