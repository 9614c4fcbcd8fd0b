package io.lazuli.storage.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One event's row. Its sequence number is the row's key.
 *
 * @param timestampMillis when it was persisted, epoch milliseconds, 0 if not told
 * @param adapterManifest what the event adapter noted, empty without one
 * @param tags what the actor tagged it with, for queries
 */
record StoredEvent(
        long timestampMillis, String writerUuid, String adapterManifest, List<String> tags, StoredPayload payload,
        Optional<StoredPayload> metadata) {

    private static final int VERSION = 1;

    byte[] encode() {
        StoredWriter writer = new StoredWriter(VERSION).number(timestampMillis).text(writerUuid).text(adapterManifest);
        writer.smallNumber(tags.size());
        tags.forEach(writer::text);
        writer.payload(payload);
        writer.smallNumber(metadata.isPresent() ? 1 : 0);
        metadata.ifPresent(writer::payload);
        return writer.toByteArray();
    }

    static StoredEvent decode(byte[] value) {
        StoredReader reader = new StoredReader("an event", value, VERSION);
        long timestampMillis = reader.number();
        String writerUuid = reader.text();
        String adapterManifest = reader.text();
        int tagCount = reader.smallNumber();
        List<String> tags = new ArrayList<>();
        for (int i = 0; i < tagCount; i++) {
            tags.add(reader.text());
        }
        StoredPayload payload = reader.payload();
        Optional<StoredPayload> metadata = reader.smallNumber() == 0 ? Optional.empty() : Optional.of(reader.payload());
        reader.end();
        return new StoredEvent(timestampMillis, writerUuid, adapterManifest, List.copyOf(tags), payload, metadata);
    }
}
