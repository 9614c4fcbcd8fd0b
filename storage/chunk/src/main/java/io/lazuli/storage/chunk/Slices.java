package io.lazuli.storage.chunk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A chunk's bytes are checked in slices of {@value #BYTES} bytes, the last one shorter: the sender makes a CRC32C of each, and whoever
 * stores, moves or reads some of them checks these.
 */
public final class Slices {

    /** Part of how stored chunks are read: never change it. */
    public static final int BYTES = 64 << 10;

    private Slices() {}

    /** How many slices {@code lengthBytes} bytes have. */
    public static int count(int lengthBytes) {
        return (lengthBytes + BYTES - 1) / BYTES;
    }

    /** The checksums of the bytes from position to limit, which begin at the begin of a slice; the buffer's position stays. */
    public static int[] checksums(ByteBuffer bytes) {
        int[] checksums = new int[count(bytes.remaining())];
        for (int i = 0; i < checksums.length; i++) {
            checksums[i] = checksum(bytes, i);
        }
        return checksums;
    }

    /** Whether the bytes from position to limit have exactly these checksums, from {@code first} on. */
    public static boolean match(ByteBuffer bytes, int[] checksums, int first) {
        int count = count(bytes.remaining());
        if (first + count > checksums.length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (checksum(bytes, i) != checksums[first + i]) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(ByteBuffer bytes, int slice) {
        CRC32C crc = new CRC32C();
        int from = slice * BYTES;
        crc.update(bytes.slice(bytes.position() + from, Math.min(BYTES, bytes.remaining() - from)));
        return (int) crc.getValue();
    }
}
