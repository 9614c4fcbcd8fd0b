package io.lazuli.storage.journal;

import java.nio.ByteBuffer;

/**
 * The rows of one persistence id's partition; big-endian, so that key order is sequence order. Part of the stored format.
 *
 * <pre>
 * 'h'                                        header: what survives the deletion of events
 * 'e' sequenceNr(8)                          one event
 * 's' sequenceNr(8)                          one snapshot's description; it exists if and only if the snapshot is whole
 * 'd' sequenceNr(8) epoch(8) save(4) part(4) one part of a snapshot's data; epoch and save name the attempt to save it
 * 'i' sequenceNr(8) epoch(8) save(4)         an attempt of several batches that has begun and is not whole
 * </pre>
 */
final class JournalKeys {

    private static final byte EVENT = 'e';
    private static final byte SNAPSHOT = 's';
    private static final byte DATA = 'd';
    private static final byte INTENT = 'i';

    /** One attempt to save the snapshot of {@code sequenceNr}, unique within the partition for all time. */
    record Save(long sequenceNr, long epoch, int number) {}

    private JournalKeys() {}

    static byte[] header() {
        return new byte[] {'h'};
    }

    static byte[] event(long sequenceNr) {
        return key(EVENT, sequenceNr);
    }

    static byte[] snapshot(long sequenceNr) {
        return key(SNAPSHOT, sequenceNr);
    }

    static byte[] snapshotsEnd() {
        return new byte[] {SNAPSHOT + 1};
    }

    static byte[] part(Save save, int part) {
        return ByteBuffer.allocate(25).put(DATA).putLong(save.sequenceNr()).putLong(save.epoch()).putInt(save.number()).putInt(part).array();
    }

    /** Before the first part of whatever attempt at this sequence number. */
    static byte[] partsStart(long sequenceNr) {
        return key(DATA, sequenceNr);
    }

    /** Behind the last part of the attempt. */
    static byte[] partsEnd(Save save) {
        return part(new Save(save.sequenceNr(), save.epoch(), save.number() + 1), 0);
    }

    /** Behind the last part of whatever attempt at this sequence number. */
    static byte[] partsEnd(long sequenceNr) {
        return sequenceNr == Long.MAX_VALUE ? new byte[] {DATA + 1} : key(DATA, sequenceNr + 1);
    }

    static byte[] intent(Save save) {
        return ByteBuffer.allocate(21).put(INTENT).putLong(save.sequenceNr()).putLong(save.epoch()).putInt(save.number()).array();
    }

    static byte[] intentsStart() {
        return new byte[] {INTENT};
    }

    static byte[] intentsEnd() {
        return new byte[] {INTENT + 1};
    }

    static Save saveOfIntent(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key, 1, 20);
        return new Save(buffer.getLong(), buffer.getLong(), buffer.getInt());
    }

    /** The sequence number of an event's or snapshot's key. */
    static long sequenceNrOf(byte[] key) {
        return ByteBuffer.wrap(key, 1, Long.BYTES).getLong();
    }

    private static byte[] key(byte kind, long sequenceNr) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(sequenceNr).array();
    }
}
