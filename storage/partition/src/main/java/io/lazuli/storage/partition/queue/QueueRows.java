package io.lazuli.storage.partition.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How a queue's rows are keyed. Durable format: golden-file tests hold it; numbers are big-endian, so that byte order is
 * number order.
 *
 * <pre>
 * h                      the header: is the queue live or destroyed                  {@link QueueHeader}
 * m sequence             one message: its text and what never changes                {@link MessageRow}
 * s                      progress, written with every batch                          {@link Progress}
 * v visibleAt sequence   visibility index: one row per message that was received     {@link Lease}
 *                        or put with a delay; messages never received have none
 * </pre>
 */
final class QueueRows {

    static final byte VERSION = 1;

    private static final byte MESSAGE = 'm';
    private static final byte LEASE = 'v';
    private static final int NUMBER_BYTES = 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private QueueRows() {}

    static byte[] headerKey() {
        return new byte[] {'h'};
    }

    static byte[] progressKey() {
        return new byte[] {'s'};
    }

    static byte[] messageKey(long sequence) {
        byte[] key = new byte[1 + NUMBER_BYTES];
        key[0] = MESSAGE;
        putLong(key, 1, sequence);
        return key;
    }

    static long sequenceOfMessageKey(byte[] key) {
        return getLong(key, 1);
    }

    static byte[] leaseKey(long visibleAtMillis, long sequence) {
        byte[] key = new byte[1 + 2 * NUMBER_BYTES];
        key[0] = LEASE;
        putLong(key, 1, visibleAtMillis);
        putLong(key, 1 + NUMBER_BYTES, sequence);
        return key;
    }

    static long visibleAtOfLeaseKey(byte[] key) {
        return getLong(key, 1);
    }

    static long sequenceOfLeaseKey(byte[] key) {
        return getLong(key, 1 + NUMBER_BYTES);
    }

    /** The key behind the last one of the visibility index. */
    static byte[] leasesEnd() {
        return new byte[] {LEASE + 1};
    }

    static byte[] checkVersion(byte[] value, int minBytes, String what) {
        if (value.length < minBytes || value[0] != VERSION) {
            throw new IllegalStateException("a " + what + " row of an unknown version or cut short: "
                    + Arrays.toString(Arrays.copyOf(value, Math.min(value.length, minBytes))));
        }
        return value;
    }

    static void putLong(byte[] bytes, int at, long value) {
        LONG.set(bytes, at, value);
    }

    static long getLong(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static void putInt(byte[] bytes, int at, int value) {
        INT.set(bytes, at, value);
    }

    static int getInt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }
}
