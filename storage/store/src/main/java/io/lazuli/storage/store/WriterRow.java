package io.lazuli.storage.store;

import java.nio.ByteBuffer;

/**
 * What the store keeps of a partition's writer: its epoch, and how many of its batches have been applied under that epoch.
 * Stored form: version byte, epoch, sequence (both 8 bytes, big-endian).
 *
 * @param epoch 0 before the first claim
 * @param sequence number of the last batch applied under this epoch, 0 if none was
 */
record WriterRow(long epoch, long sequence) {

    static final WriterRow UNCLAIMED = new WriterRow(0, 0);

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 2 * Long.BYTES;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES).put(VERSION).putLong(epoch).putLong(sequence).array();
    }

    static WriterRow decode(byte[] bytes) {
        if (bytes.length != BYTES || bytes[0] != VERSION) {
            throw new MalformedEntryException("a writer row of " + bytes.length + " bytes and version " + (bytes.length == 0 ? -1 : bytes[0]));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        return new WriterRow(buffer.getLong(), buffer.getLong());
    }
}
