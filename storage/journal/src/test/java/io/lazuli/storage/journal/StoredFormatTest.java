package io.lazuli.storage.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is on disk stays readable: the files under {@code golden} were written once and are never written again. */
class StoredFormatTest {

    private static final StoredPayload PAYLOAD = new StoredPayload(-7, "mänifest", new byte[] {1, 2, 3});
    private static final StoredEvent EVENT = new StoredEvent(
            1_700_000_000_123L, "0c1d2e3f", "adapted", List.of("blue", "red"), PAYLOAD, Optional.of(new StoredPayload(18, "", new byte[] {9})));
    private static final StoredEvent PLAIN_EVENT = new StoredEvent(0, "", "", List.of(), PAYLOAD, Optional.empty());
    private static final StoredHeader HEADER = new StoredHeader(4_294_967_296L);
    private static final StoredSnapshot SNAPSHOT = new StoredSnapshot(
            1_700_000_000_123L, 5, 2, 1_000_000, -7, "mänifest", Optional.of(new StoredPayload(18, "m", new byte[] {9})));

    @Test
    void eventsAreReadAndWrittenAsEver() {
        assertArrayEquals(golden("event-v1"), EVENT.encode());
        assertSame(EVENT, StoredEvent.decode(golden("event-v1")));
        assertArrayEquals(golden("plain-event-v1"), PLAIN_EVENT.encode());
        assertSame(PLAIN_EVENT, StoredEvent.decode(golden("plain-event-v1")));
    }

    @Test
    void headersAreReadAndWrittenAsEver() {
        assertArrayEquals(golden("header-v1"), HEADER.encode());
        assertEquals(HEADER, StoredHeader.decode(golden("header-v1")));
    }

    @Test
    void snapshotsAreReadAndWrittenAsEver() {
        assertArrayEquals(golden("snapshot-v1"), SNAPSHOT.encode());
        StoredSnapshot back = StoredSnapshot.decode(golden("snapshot-v1"));
        assertArrayEquals(SNAPSHOT.encode(), back.encode());
        assertEquals(SNAPSHOT.lengthBytes(), back.lengthBytes());
        assertEquals(SNAPSHOT.epoch(), back.epoch());
    }

    @Test
    void keysAreAsEver() {
        JournalKeys.Save save = new JournalKeys.Save(258, 3, 4);
        assertEquals("68", hex(JournalKeys.header()));
        assertEquals("650000000000000102", hex(JournalKeys.event(258)));
        assertEquals("730000000000000102", hex(JournalKeys.snapshot(258)));
        assertEquals("640000000000000102" + "0000000000000003" + "00000004" + "00000005", hex(JournalKeys.part(save, 5)));
        assertEquals("690000000000000102" + "0000000000000003" + "00000004", hex(JournalKeys.intent(save)));
        assertEquals(save, JournalKeys.saveOfIntent(JournalKeys.intent(save)));
    }

    @Test
    void newerVersionIsRefusedAndSaysSo() {
        byte[] newer = golden("event-v1");
        newer[0] = 2;
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> StoredEvent.decode(newer));
        assertTrue(e.getMessage().contains("version 2"), e.getMessage());
    }

    @Test
    void cutOrLengthenedValuesAreRefused() {
        for (byte[] good : List.of(golden("event-v1"), golden("plain-event-v1"))) {
            for (int length = 0; length < good.length; length++) {
                byte[] cut = Arrays.copyOf(good, length);
                assertThrows(IllegalStateException.class, () -> StoredEvent.decode(cut));
            }
            assertThrows(IllegalStateException.class, () -> StoredEvent.decode(Arrays.copyOf(good, good.length + 1)));
        }
    }

    private static void assertSame(StoredEvent expected, StoredEvent actual) {
        assertEquals(expected.timestampMillis(), actual.timestampMillis());
        assertEquals(expected.writerUuid(), actual.writerUuid());
        assertEquals(expected.adapterManifest(), actual.adapterManifest());
        assertEquals(expected.tags(), actual.tags());
        assertEquals(expected.payload().manifest(), actual.payload().manifest());
        assertEquals(expected.payload().serializerId(), actual.payload().serializerId());
        assertArrayEquals(expected.payload().bytes(), actual.payload().bytes());
        assertEquals(expected.metadata().isPresent(), actual.metadata().isPresent());
    }

    private static byte[] golden(String name) {
        try (InputStream in = StoredFormatTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
