package io.lazuli.storage.partition.queue;

import java.util.Optional;

/** Whether a queue partition serves. A destroyed one stays so for ever, because its number is never given out again. */
enum QueueHeader {
    /** No header row: the queue's creation has not come this far. */
    ABSENT,
    LIVE,
    DESTROYED;

    private static final byte LIVE_CODE = 1;
    private static final byte DESTROYED_CODE = 2;
    private static final int BYTES = 2;

    byte[] value() {
        return switch (this) {
            case LIVE -> new byte[] {QueueRows.VERSION, LIVE_CODE};
            case DESTROYED -> new byte[] {QueueRows.VERSION, DESTROYED_CODE};
            case ABSENT -> throw new IllegalStateException("an absent header has no row");
        };
    }

    static QueueHeader of(Optional<byte[]> row) {
        if (row.isEmpty()) {
            return ABSENT;
        }
        byte code = QueueRows.checkVersion(row.get(), BYTES, "queue header")[1];
        return switch (code) {
            case LIVE_CODE -> LIVE;
            case DESTROYED_CODE -> DESTROYED;
            default -> throw new IllegalStateException("a queue header of unknown state " + code);
        };
    }
}
