package io.lazuli.storage.partition.queue;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * The right to delete or update one message as it is now. Opaque to clients; URL-safe base64, so that clients that forget
 * to escape it work too. The time leads to the message's row in the visibility index without another index, the nonce
 * (new with every receive and update) proves that the holder is the last one who got the message.
 */
record PopReceipt(long visibleAtMillis, long nonce) {

    private static final int BYTES = 16;
    private static final int TEXT_LENGTH = 22;

    String text() {
        byte[] bytes = ByteBuffer.allocate(BYTES).putLong(visibleAtMillis).putLong(nonce).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty if the text was never a receipt. */
    static Optional<PopReceipt> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            return Optional.of(new PopReceipt(bytes.getLong(), bytes.getLong()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
