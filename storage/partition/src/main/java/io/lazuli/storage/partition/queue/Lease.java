package io.lazuli.storage.partition.queue;

/**
 * When a message that was received, updated or put with a delay becomes visible, and who holds it until then: one row of
 * the visibility index. Enough to delete or hide the message again without reading its text.
 * Layout of the value: version 1, dequeueCount 4, tag 8, nonce 8, insertedAt 8, expiresAt 8.
 *
 * @param dequeueCount how often the message was received
 */
record Lease(
        long sequence, long visibleAtMillis, int dequeueCount, long tag, long nonce, long insertedAtMillis, long expiresAtMillis) {

    private static final int BYTES = 37;

    static Lease of(byte[] key, byte[] value) {
        QueueRows.checkVersion(value, BYTES, "visibility");
        return new Lease(
                QueueRows.sequenceOfLeaseKey(key), QueueRows.visibleAtOfLeaseKey(key), QueueRows.getInt(value, 1),
                QueueRows.getLong(value, 5), QueueRows.getLong(value, 13), QueueRows.getLong(value, 21), QueueRows.getLong(value, 29));
    }

    byte[] key() {
        return QueueRows.leaseKey(visibleAtMillis, sequence);
    }

    byte[] value() {
        byte[] value = new byte[BYTES];
        value[0] = QueueRows.VERSION;
        QueueRows.putInt(value, 1, dequeueCount);
        QueueRows.putLong(value, 5, tag);
        QueueRows.putLong(value, 13, nonce);
        QueueRows.putLong(value, 21, insertedAtMillis);
        QueueRows.putLong(value, 29, expiresAtMillis);
        return value;
    }

    /** The first lease of a message that nobody has received yet. */
    static Lease first(long sequence, MessageRow row, long visibleAtMillis, int dequeueCount, long nonce) {
        return new Lease(sequence, visibleAtMillis, dequeueCount, row.tag(), nonce, row.insertedAtMillis(), row.expiresAtMillis());
    }

    Lease renewed(long visibleAtMillis, int dequeueCount, long nonce) {
        return new Lease(sequence, visibleAtMillis, dequeueCount, tag, nonce, insertedAtMillis, expiresAtMillis);
    }

    LeaseKey place() {
        return new LeaseKey(visibleAtMillis, sequence);
    }

    PopReceipt receipt() {
        return new PopReceipt(visibleAtMillis, nonce);
    }

    boolean expired(long nowMillis) {
        return expiresAtMillis <= nowMillis;
    }

    /** A place in the order of the visibility index. */
    record LeaseKey(long visibleAtMillis, long sequence) implements Comparable<LeaseKey> {

        @Override
        public int compareTo(LeaseKey other) {
            int byTime = Long.compare(visibleAtMillis, other.visibleAtMillis);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }

        byte[] key() {
            return QueueRows.leaseKey(visibleAtMillis, sequence);
        }
    }
}
