package io.lazuli.storage.store;

/** The bounds of the store that no configuration changes; what can be configured is in {@code StoreSettings}. */
public final class StoreLimits {

    /** One atomic batch, encoded; must fit into a frame between nodes (node's {@code maximum-frame-size}). */
    public static final int MAX_BATCH_BYTES = 2 << 20;
    /** A row's key, relative to its partition. */
    public static final int MAX_KEY_BYTES = 4096;
    public static final int MAX_PAGE_ROWS = 10_000;
    public static final int MAX_PAGE_BYTES = 1 << 20;
    /** Of one {@link RowsWanted}. */
    public static final int MAX_READ_KEYS = 256;

    private StoreLimits() {}
}
