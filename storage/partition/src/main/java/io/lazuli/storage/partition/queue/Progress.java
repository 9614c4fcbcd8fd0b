package io.lazuli.storage.partition.queue;

import java.util.Optional;

/**
 * What a queue partition must remember besides its messages; one row, written with every batch.
 *
 * @param nextSequence the number of the next message put
 * @param headSequence every message with a lower number has a row in the visibility index or is gone: where the reading of
 *     never-received messages starts, so that the traces of deleted ones before it are never read again
 * @param messageCount messages that exist, visible or not, expired ones until they are purged
 * @param leaseFloorMillis no row of the visibility index has an earlier time: where its reading starts
 * @param timeMillis the latest time that a decision was based on; time never runs back behind it
 */
record Progress(long nextSequence, long headSequence, long messageCount, long leaseFloorMillis, long timeMillis) {

    private static final int BYTES = 41;

    static Progress initial() {
        return new Progress(1, 1, 0, 0, 0);
    }

    byte[] value() {
        byte[] value = new byte[BYTES];
        value[0] = QueueRows.VERSION;
        QueueRows.putLong(value, 1, nextSequence);
        QueueRows.putLong(value, 9, headSequence);
        QueueRows.putLong(value, 17, messageCount);
        QueueRows.putLong(value, 25, leaseFloorMillis);
        QueueRows.putLong(value, 33, timeMillis);
        return value;
    }

    static Progress of(Optional<byte[]> row) {
        return row.map(value -> {
            QueueRows.checkVersion(value, BYTES, "queue progress");
            return new Progress(
                    QueueRows.getLong(value, 1), QueueRows.getLong(value, 9), QueueRows.getLong(value, 17),
                    QueueRows.getLong(value, 25), QueueRows.getLong(value, 33));
        }).orElseGet(Progress::initial);
    }
}
