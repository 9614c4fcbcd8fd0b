package io.lazuli.storage.journal;

import java.util.Optional;

/**
 * A whole snapshot's description; its sequence number is the row's key, its data are rows of their own.
 *
 * @param epoch with {@code save} names the attempt whose parts are the data
 * @param lengthBytes the data's length over all parts
 */
record StoredSnapshot(
        long timestampMillis, long epoch, int save, int lengthBytes, int serializerId, String manifest, Optional<StoredPayload> metadata) {

    private static final int VERSION = 1;

    byte[] encode() {
        StoredWriter writer = new StoredWriter(VERSION).number(timestampMillis).number(epoch).smallNumber(save)
                .smallNumber(lengthBytes).smallNumber(serializerId).text(manifest);
        writer.smallNumber(metadata.isPresent() ? 1 : 0);
        metadata.ifPresent(writer::payload);
        return writer.toByteArray();
    }

    static StoredSnapshot decode(byte[] value) {
        StoredReader reader = new StoredReader("a snapshot", value, VERSION);
        StoredSnapshot snapshot = new StoredSnapshot(reader.number(), reader.number(), reader.smallNumber(), reader.smallNumber(),
                reader.smallNumber(), reader.text(), reader.smallNumber() == 0 ? Optional.empty() : Optional.of(reader.payload()));
        reader.end();
        return snapshot;
    }
}
