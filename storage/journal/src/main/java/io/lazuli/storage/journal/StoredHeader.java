package io.lazuli.storage.journal;

/**
 * A persistence id's header row, written when events are deleted.
 *
 * @param highestSequenceNr a sequence number up to which none is ever used again, although its event may be gone
 */
record StoredHeader(long highestSequenceNr) {

    private static final int VERSION = 1;

    byte[] encode() {
        return new StoredWriter(VERSION).number(highestSequenceNr).toByteArray();
    }

    static StoredHeader decode(byte[] value) {
        StoredReader reader = new StoredReader("a journal header", value, VERSION);
        StoredHeader header = new StoredHeader(reader.number());
        reader.end();
        return header;
    }
}
