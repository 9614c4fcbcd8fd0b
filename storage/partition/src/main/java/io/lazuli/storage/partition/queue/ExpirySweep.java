package io.lazuli.storage.partition.queue;

import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.StoreLimits;

/**
 * The slow search for expired messages that nobody comes across: first through the visibility index, then along the line
 * of fresh messages, one page at a time. A pass also learns the earliest expiry of all that it leaves, and there is no
 * further pass before that, so that a queue whose messages live for a week is not read over and over.
 *
 * <pre>
 * resting --due--> leases --end--> fresh --end--> resting
 * </pre>
 */
final class ExpirySweep {

    private enum Stage { RESTING, LEASES, FRESH }

    private final int pageRows;
    private final long intervalMillis;
    private Stage stage = Stage.RESTING;
    private byte[] cursor;
    private long notBeforeMillis;
    private long earliestExpiryMillis;
    private long earliestLeftMillis = Long.MAX_VALUE;

    ExpirySweep(QueueLimits limits, long firstPassAtMillis) {
        this.pageRows = limits.sweepPageRows();
        this.intervalMillis = limits.sweepIntervalMillis();
        this.notBeforeMillis = firstPassAtMillis;
    }

    /** A message that expires then exists. */
    void saw(long expiresAtMillis) {
        earliestExpiryMillis = Math.min(earliestExpiryMillis, expiresAtMillis);
        earliestLeftMillis = Math.min(earliestLeftMillis, expiresAtMillis);
    }

    boolean due(long nowMillis) {
        return stage != Stage.RESTING || nowMillis >= notBeforeMillis && nowMillis >= earliestExpiryMillis;
    }

    /** The next page of the pass; begins one if none is under way. */
    RowRange next(long leaseFloorMillis) {
        if (stage == Stage.RESTING) {
            stage = Stage.LEASES;
            cursor = QueueRows.leaseKey(leaseFloorMillis, 0);
            earliestLeftMillis = Long.MAX_VALUE;
        }
        byte[] end = stage == Stage.LEASES ? QueueRows.leasesEnd() : QueueRows.messageKey(Long.MAX_VALUE);
        return new RowRange(cursor, end, pageRows, StoreLimits.MAX_PAGE_BYTES, false);
    }

    boolean inLeases() {
        return stage == Stage.LEASES;
    }

    /** The page was looked through. */
    void advance(RowPage page, long headSequence, long nowMillis) {
        if (page.more()) {
            byte[] last = page.rows().getLast().key();
            cursor = stage == Stage.LEASES
                    ? QueueRows.leaseKey(QueueRows.visibleAtOfLeaseKey(last), QueueRows.sequenceOfLeaseKey(last) + 1)
                    : QueueRows.messageKey(QueueRows.sequenceOfMessageKey(last) + 1);
        } else if (stage == Stage.LEASES) {
            stage = Stage.FRESH;
            cursor = QueueRows.messageKey(headSequence);
        } else {
            stage = Stage.RESTING;
            earliestExpiryMillis = earliestLeftMillis;
            notBeforeMillis = nowMillis + intervalMillis;
        }
    }
}
