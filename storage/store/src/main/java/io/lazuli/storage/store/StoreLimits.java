package io.lazuli.storage.store;

/** The bounds of the store that no configuration changes; what can be configured is in {@code StoreSettings}. */
public final class StoreLimits {

    /** One atomic batch, encoded. */
    public static final int MAX_BATCH_BYTES = 8 << 20;
    /** A row's key, relative to its partition. */
    public static final int MAX_KEY_BYTES = 4096;
    public static final int MAX_PAGE_ROWS = 10_000;
    public static final int MAX_PAGE_BYTES = 4 << 20;

    private StoreLimits() {}
}
