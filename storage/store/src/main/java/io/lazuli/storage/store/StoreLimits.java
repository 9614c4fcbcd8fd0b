package io.lazuli.storage.store;

/** The bounds of the store that no configuration changes; what can be configured is in {@code StoreSettings}. */
public final class StoreLimits {

    /**
     * One atomic batch, encoded: holds an entity group transaction of the table service. Must fit into a frame between nodes (node's
     * {@code maximum-large-frame-size}) and a Raft entry.
     */
    public static final int MAX_BATCH_BYTES = 8 << 20;
    /** A row's key, relative to its partition. */
    public static final int MAX_KEY_BYTES = 4096;
    /** A row's value: must fit into a frame between nodes (node's {@code maximum-frame-size}), beside a page of others. */
    public static final int MAX_VALUE_BYTES = 2 << 20;
    public static final int MAX_PAGE_ROWS = 10_000;
    public static final int MAX_PAGE_BYTES = 1 << 20;
    /** Names of partitions in one answer; those fit into a frame whatever their length. */
    public static final int MAX_PAGE_PARTITIONS = 1_000;
    /** Of one {@link RowsWanted}. */
    public static final int MAX_READ_KEYS = 256;
    /** Values of keys beyond which {@link RowsRead} holds no further ones; more than the largest entity of the table service. */
    public static final int MAX_READ_BYTES = 1792 << 10;

    private StoreLimits() {}
}
