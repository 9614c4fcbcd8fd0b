package io.lazuli.storage.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum of {@code x-ms-content-crc64}: reflected polynomial 0x9A6C9329AC4BC9B5, begun with and at last exclusive-ored with all
 * ones (known as CRC-64/NVME). Takes eight bytes at a time by eight tables, and of what is long three stretches at the same time, whose
 * registers are put together afterwards: what a register becomes by zeros is linear, so eight more tables say what it becomes by as many as
 * a stretch has bytes. Not for several threads at once.
 *
 * <p>In headers it is the Base64 of {@link #bytes}: the lowest byte first.
 */
public final class StorageCrc64 {

    public static final int BYTES = Long.BYTES;

    private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
    private static final int STRETCH_BYTES = 4 << 10;
    private static final long[][] TABLES = tables();
    private static final long[][] BEHIND_STRETCH = behindStretch();

    private long register = -1;

    /** Takes the bytes from position to limit, which are then read. */
    public void update(ByteBuffer bytes) {
        ByteOrder order = bytes.order();
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        long crc = register;
        int at = bytes.position();
        int end = bytes.limit();
        for (; end - at >= 3 * STRETCH_BYTES; at += 3 * STRETCH_BYTES) {
            long second = 0;
            long third = 0;
            for (int i = at; i < at + STRETCH_BYTES; i += Long.BYTES) {
                crc = word(crc ^ bytes.getLong(i));
                second = word(second ^ bytes.getLong(i + STRETCH_BYTES));
                third = word(third ^ bytes.getLong(i + 2 * STRETCH_BYTES));
            }
            crc = behindStretch(behindStretch(crc) ^ second) ^ third;
        }
        for (int last = end - Long.BYTES; at <= last; at += Long.BYTES) {
            crc = word(crc ^ bytes.getLong(at));
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

    private static long word(long word) {
        return TABLES[7][(int) word & 0xFF]
                ^ TABLES[6][(int) (word >>> 8) & 0xFF]
                ^ TABLES[5][(int) (word >>> 16) & 0xFF]
                ^ TABLES[4][(int) (word >>> 24) & 0xFF]
                ^ TABLES[3][(int) (word >>> 32) & 0xFF]
                ^ TABLES[2][(int) (word >>> 40) & 0xFF]
                ^ TABLES[1][(int) (word >>> 48) & 0xFF]
                ^ TABLES[0][(int) (word >>> 56)];
    }

    private static long behindStretch(long register) {
        long behind = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            behind ^= BEHIND_STRETCH[i][(int) (register >>> 8 * i) & 0xFF];
        }
        return behind;
    }

    private static long[][] behindStretch() {
        long[][] tables = new long[Long.BYTES][256];
        for (int i = 0; i < Long.BYTES; i++) {
            for (int bit = 0; bit < 8; bit++) {
                long behind = 1L << 8 * i + bit;
                for (int zeros = 0; zeros < STRETCH_BYTES; zeros += Long.BYTES) {
                    behind = word(behind);
                }
                for (int lower = 0; lower < 1 << bit; lower++) {
                    tables[i][1 << bit | lower] = behind ^ tables[i][lower];
                }
            }
        }
        return tables;
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
