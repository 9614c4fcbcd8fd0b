package io.lazuli.storage.partition;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** Unpredictable 64-bit numbers, drawn from the system in blocks because each draw is costly. Not for several threads. */
final class SecureNumbers implements LongSupplier {

    private static final int BLOCK_BYTES = 2048;

    private final SecureRandom source;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteBuffer rest = ByteBuffer.wrap(block).position(BLOCK_BYTES);

    SecureNumbers(SecureRandom source) {
        this.source = source;
    }

    @Override
    public long getAsLong() {
        if (!rest.hasRemaining()) {
            source.nextBytes(block);
            rest.clear();
        }
        return rest.getLong();
    }
}
