package io.lazuli.storage.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum of {@code x-ms-content-crc64}: reflected polynomial 0x9A6C9329AC4BC9B5, begun with and at last exclusive-ored with all
 * ones (known as CRC-64/NVME). Takes eight bytes at a time by eight tables. Not for several threads at once.
 *
 * <p>In headers it is the Base64 of {@link #bytes}: the lowest byte first.
 */
public final class StorageCrc64 {

    public static final int BYTES = Long.BYTES;

    private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
    private static final long[][] TABLES = tables();

    private long register = -1;

    /** Takes the bytes from position to limit, which are then read. */
    public void update(ByteBuffer bytes) {
        ByteOrder order = bytes.order();
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        long crc = register;
        int at = bytes.position();
        int end = bytes.limit();
        for (int last = end - Long.BYTES; at <= last; at += Long.BYTES) {
            long word = crc ^ bytes.getLong(at);
            crc = TABLES[7][(int) word & 0xFF]
                    ^ TABLES[6][(int) (word >>> 8) & 0xFF]
                    ^ TABLES[5][(int) (word >>> 16) & 0xFF]
                    ^ TABLES[4][(int) (word >>> 24) & 0xFF]
                    ^ TABLES[3][(int) (word >>> 32) & 0xFF]
                    ^ TABLES[2][(int) (word >>> 40) & 0xFF]
                    ^ TABLES[1][(int) (word >>> 48) & 0xFF]
                    ^ TABLES[0][(int) (word >>> 56)];
        }
        for (; at < end; at++) {
            crc = crc >>> 8 ^ TABLES[0][(int) (crc ^ bytes.get(at)) & 0xFF];
        }
        register = crc;
        bytes.order(order).position(end);
    }

    /** Of all that was taken so far. */
    public long value() {
        return ~register;
    }

    public static long of(byte[] bytes) {
        StorageCrc64 crc = new StorageCrc64();
        crc.update(ByteBuffer.wrap(bytes));
        return crc.value();
    }

    /** As headers have it, before Base64. */
    public static byte[] bytes(long value) {
        return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    }

    private static long[][] tables() {
        long[][] tables = new long[Long.BYTES][256];
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
            tables[0][i] = crc;
        }
        for (int table = 1; table < tables.length; table++) {
            for (int i = 0; i < 256; i++) {
                long before = tables[table - 1][i];
                tables[table][i] = before >>> 8 ^ tables[0][(int) before & 0xFF];
            }
        }
        return tables;
    }
}
