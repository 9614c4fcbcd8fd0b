package io.lazuli.storage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StorageCrc64Test {

    /** The check value in the catalogue of parametrised CRC algorithms. */
    @Test
    void checkValueIsThePublishedOne() {
        assertEquals(0xAE8B14860A799888L, StorageCrc64.of("123456789".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(0, StorageCrc64.of(new byte[0]));
    }

    @Test
    void partsGiveTheSameAsTheWholeInBuffersOfAnyKind() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = new byte[100_000];
        random.nextBytes(whole);
        ByteBuffer direct = ByteBuffer.allocateDirect(whole.length).put(whole).flip();
        StorageCrc64 crc = new StorageCrc64();
        while (direct.position() < whole.length) {
            int end = Math.min(whole.length, direct.position() + random.nextInt(50));
            direct.limit(end);
            crc.update(direct);
        }
        assertEquals(StorageCrc64.of(whole), crc.value(), "seed " + seed);
    }

    @Test
    void headersBeginWithTheLowestByte() {
        assertArrayEquals(new byte[] {8, 7, 6, 5, 4, 3, 2, 1}, StorageCrc64.bytes(0x0102030405060708L));
    }
}
