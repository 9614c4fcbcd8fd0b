package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.Ticks;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTimesTest {

    @ParameterizedTest
    @CsvSource({
        "2013-08-22T00:20:16.3134645Z, 2013-08-22T00:20:16.3134645Z",
        "2008-07-10T00:00:00Z,         2008-07-10T00:00:00Z",
        "2008-07-10T00:00:00.5Z,       2008-07-10T00:00:00.5Z",
        "2008-07-10T00:00:00.5000000Z, 2008-07-10T00:00:00.5Z",
        "2008-07-10T00:00:00.123456789Z, 2008-07-10T00:00:00.1234567Z",
        "2008-07-10T02:30:00+02:30,    2008-07-10T00:00:00Z",
        "2008-07-09T23:00:00-01:00,    2008-07-10T00:00:00Z",
        "2008-07-10T00:00,             2008-07-10T00:00:00Z",
        "2008-07-10T00:00Z,            2008-07-10T00:00:00Z",
        "1601-01-01T00:00:00Z,         1601-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z, 9999-12-31T23:59:59.9999999Z",
        "2024-02-29T12:00:00Z,         2024-02-29T12:00:00Z"
    })
    void readsWhatClientsWrite(String text, String canonical) {
        assertEquals(canonical, DateTimes.formatShort(DateTimes.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "2008", "2008-07-10", "2008-13-10T00:00:00Z", "2023-02-29T00:00:00Z", "2008-07-10T24:00:00Z", "2008-07-10T00:00:60Z",
        "2008-07-10T00:00:00.Z", "2008-07-10T00:00:00ZZ", "2008-07-10T00:00:00+25:00", "2008-07-10T00:00:00+0100", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "٢٠٠٨-07-10T00:00:00Z", "2008-07-10T00:00:00.1234567890123456789Z"
    })
    void refusesWhatIsNoTime(String text) {
        assertThrows(IllegalArgumentException.class, () -> DateTimes.parse(text));
    }

    @Test
    void limitsAreThoseOfTheService() {
        assertEquals(DateTimes.MIN_TICKS, DateTimes.parse("1601-01-01T00:00:00Z"));
        assertEquals(DateTimes.MAX_TICKS, DateTimes.parse("9999-12-31T23:59:59.9999999Z"));
    }

    @Test
    void anyTimeReadsBackExactlyAndAgreesWithTheJdk() {
        long seed = System.nanoTime();
        System.out.println("DateTimesTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long ticks = random.nextLong(DateTimes.MIN_TICKS, DateTimes.MAX_TICKS + 1);
            String text = DateTimes.format(ticks);
            assertEquals(ticks, DateTimes.parse(text), text);
            assertEquals(ticks, DateTimes.parse(DateTimes.formatShort(ticks)), text);
            assertEquals(ticks, ETags.parseIfMatch(ETags.of(ticks)), text);
            assertEquals(Instant.ofEpochSecond(Ticks.epochSecond(ticks), Ticks.ticksOfSecond(ticks) * 100L), Instant.parse(text));
        }
    }

    @Test
    void etagIsTheTimestampWithEncodedColons() {
        long ticks = DateTimes.parse("2026-11-23T10:14:37.1234567Z");
        assertEquals("W/\"datetime'2026-11-23T10%3A14%3A37.1234567Z'\"", ETags.of(ticks));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "W/\"datetime'2026-11-23T10%3A14%3A37.5Z'\"", "W/\"datetime'2026-11-23T10%3a14%3a37.5000000Z'\"", " W/\"datetime'2026-11-23T10:14:37.5Z'\" "
    })
    void readsEtagsAsClientsBuildThem(String tag) {
        assertEquals(DateTimes.parse("2026-11-23T10:14:37.5Z"), ETags.parseIfMatch(tag));
    }

    @Test
    void starMatchesAnyVersion() {
        assertEquals(EntityWrite.ANY_VERSION, ETags.parseIfMatch(" * "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "**", "\"abc\"", "W/\"datetime'\"", "W/\"datetime''\"", "W/\"datetime'x'\"", "W/\"datetime'2026-11-23T10%3A14%3A37.5Z'\", W/\"x\""})
    void refusesOtherEtags(String tag) {
        StorageException refused = assertThrows(StorageException.class, () -> ETags.parseIfMatch(tag));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused.error());
    }
}
