package io.lazuli.storage.partition.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.partition.GoldenFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The stored format of queues: a change that breaks this makes existing queues unreadable. */
class QueueRowsTest {

    private static final byte[] TEXT = "héllo".getBytes(StandardCharsets.UTF_8);
    private static final MessageRow MESSAGE = MessageRow.of(true, 0x1122334455667788L, -2, 1_700_000_000_000L,
            MessageRow.NEVER_EXPIRES_MILLIS, TEXT);
    private static final Lease LEASE = new Lease(7, 1_700_000_030_000L, 3, 0x1122334455667788L, -3, 1_700_000_000_000L,
            MessageRow.NEVER_EXPIRES_MILLIS);
    private static final Progress PROGRESS = new Progress(9, 8, 5, 1_700_000_020_000L, 1_700_000_000_001L);

    @Test
    void rowsAreStoredAsEver() {
        new GoldenFile("queue-rows.txt")
                .add("header key", QueueRows.headerKey())
                .add("header live", QueueHeader.LIVE.value())
                .add("header destroyed", QueueHeader.DESTROYED.value())
                .add("progress key", QueueRows.progressKey())
                .add("progress", PROGRESS.value())
                .add("message key", QueueRows.messageKey(7))
                .add("message", MESSAGE.value())
                .add("lease key", LEASE.key())
                .add("lease", LEASE.value())
                .check();
    }

    @Test
    void rowsAreReadAsTheyWereWritten() {
        assertEquals(QueueHeader.LIVE, QueueHeader.of(Optional.of(QueueHeader.LIVE.value())));
        assertEquals(QueueHeader.DESTROYED, QueueHeader.of(Optional.of(QueueHeader.DESTROYED.value())));
        assertEquals(QueueHeader.ABSENT, QueueHeader.of(Optional.empty()));
        assertEquals(PROGRESS, Progress.of(Optional.of(PROGRESS.value())));
        assertEquals(LEASE, Lease.of(LEASE.key(), LEASE.value()));
        assertEquals(7, QueueRows.sequenceOfMessageKey(QueueRows.messageKey(7)));
        assertEquals("héllo", new String(MESSAGE.text(), StandardCharsets.UTF_8));
        assertEquals(-2, MESSAGE.nonce());
    }

    @Test
    void rowsOfAnotherVersionOrCutShortAreRefused() {
        byte[] newer = PROGRESS.value();
        newer[0] = 2;
        assertThrows(IllegalStateException.class, () -> Progress.of(Optional.of(newer)));
        assertThrows(IllegalStateException.class, () -> Lease.of(LEASE.key(), Arrays.copyOf(LEASE.value(), 36)));
        assertThrows(IllegalStateException.class, () -> new MessageRow(new byte[] {1}));
    }

    @Test
    void keysAreInTheOrderOfTheirNumbers() {
        assertEquals(-1, Integer.signum(Arrays.compareUnsigned(QueueRows.messageKey(255), QueueRows.messageKey(256))));
        assertEquals(-1, Integer.signum(Arrays.compareUnsigned(QueueRows.leaseKey(255, 9), QueueRows.leaseKey(256, 1))));
        assertEquals(-1, Integer.signum(Arrays.compareUnsigned(QueueRows.leaseKey(Long.MAX_VALUE, 1), QueueRows.leasesEnd())));
    }
}
