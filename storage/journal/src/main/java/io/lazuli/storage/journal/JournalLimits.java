package io.lazuli.storage.journal;

import io.lazuli.storage.store.StoreLimits;

/** The bounds of the journal that no configuration changes. */
final class JournalLimits {

    /** Keys and values of one batch: a part of what the store allows, since a larger one would only hold up others. */
    static final int MAX_BATCH_BYTES = (2 << 20) - (128 << 10);
    /** What each row costs beside its key and value. */
    static final int ROW_OVERHEAD_BYTES = 32;
    /** Rows of one batch, so that their overhead stays small. */
    static final int MAX_BATCH_ROWS = 4096;
    /** One event as stored: a page must be able to hold it. */
    static final int MAX_EVENT_BYTES = StoreLimits.MAX_PAGE_BYTES - (4 << 10);
    /** A snapshot is cut into rows of this size. */
    static final int SNAPSHOT_PART_BYTES = 256 << 10;
    /** Snapshots looked at in one page while one is selected or some are deleted. */
    static final int SNAPSHOT_PAGE_ROWS = 100;
    /** Operations of one persistence id that wait for its claim. */
    static final int MAX_WAITING_OPERATIONS = 1000;
    /** Recovering actors that are remembered, to wait for them between pages. */
    static final int MAX_PACED_REPLAYS = 10_000;

    private JournalLimits() {}
}
