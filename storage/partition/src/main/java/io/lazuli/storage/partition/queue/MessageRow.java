package io.lazuli.storage.partition.queue;

import java.util.Arrays;

/**
 * A message's row as it is stored; fields are read from the bytes, so that a message in memory is one array.
 * Layout: version 1, flags 1, tag 8, nonce 8, insertedAt 8, expiresAt 8, text.
 *
 * @param value never changed
 */
record MessageRow(byte[] value) {

    /** "Never expires" as the protocol answers it: the last second of the year 9999. */
    static final long NEVER_EXPIRES_MILLIS = 253_402_300_799_000L;

    private static final int TEXT_AT = 34;
    private static final byte LEASED = 1;

    MessageRow {
        QueueRows.checkVersion(value, TEXT_AT, "message");
    }

    /** @param leased true if the message has a row in the visibility index although it may stand behind the head */
    static MessageRow of(boolean leased, long tag, long nonce, long insertedAtMillis, long expiresAtMillis, byte[] text) {
        byte[] value = new byte[TEXT_AT + text.length];
        value[0] = QueueRows.VERSION;
        value[1] = leased ? LEASED : 0;
        QueueRows.putLong(value, 2, tag);
        QueueRows.putLong(value, 10, nonce);
        QueueRows.putLong(value, 18, insertedAtMillis);
        QueueRows.putLong(value, 26, expiresAtMillis);
        System.arraycopy(text, 0, value, TEXT_AT, text.length);
        return new MessageRow(value);
    }

    boolean leased() {
        return (value[1] & LEASED) != 0;
    }

    long tag() {
        return QueueRows.getLong(value, 2);
    }

    /** Of the pop receipt that Put Message answered. */
    long nonce() {
        return QueueRows.getLong(value, 10);
    }

    long insertedAtMillis() {
        return QueueRows.getLong(value, 18);
    }

    long expiresAtMillis() {
        return QueueRows.getLong(value, 26);
    }

    byte[] text() {
        return Arrays.copyOfRange(value, TEXT_AT, value.length);
    }

    int bytes() {
        return value.length;
    }

    boolean expired(long nowMillis) {
        return expiresAtMillis() <= nowMillis;
    }
}
