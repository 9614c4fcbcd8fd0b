package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDatesTest {

    @Test
    void writesLikeTheJdk() {
        DateTimeFormatter jdk = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long millis = random.nextLong(HttpDates.MAX_EPOCH_MILLIS);
            assertEquals(jdk.format(Instant.ofEpochMilli(millis)), HttpDates.format(millis), () -> "seed " + seed);
            assertEquals(millis / 1000 * 1000, HttpDates.parse(HttpDates.format(millis)).orElseThrow());
        }
    }

    @Test
    void neverIsTheLastSecondOf9999() {
        assertEquals("Fri, 31 Dec 9999 23:59:59 GMT", HttpDates.format(-1));
        assertEquals("Fri, 31 Dec 9999 23:59:59 GMT", HttpDates.format(Long.MAX_VALUE));
        assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", HttpDates.format(0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            Sun, 06 Nov 1994 08:49:37 GMT    | 784111777000
            Sunday, 06-Nov-94 08:49:37 GMT   | 784111777000
            Sun Nov  6 08:49:37 1994         | 784111777000
            Wed Nov 16 08:49:37 1994         | 784975777000
            Wednesday, 01-Jan-70 00:00:00 GMT | 3155760000000
            Friday, 06-Nov-26 08:49:37 GMT   | 1793954977000
            Monday, 06-Nov-94 08:49:37 GMT   | -
            Sun, 06 Nov 1994 08:49:37        | -
            1994-11-06T08:49:37Z             | -
            784111777                        | -
            ''                               | -
            """)
    void readsAllThreeForms(String text, Long millis) {
        long now = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
        assertEquals(millis == null ? OptionalLong.empty() : OptionalLong.of(millis), HttpDates.parseAnyForm(text, now));
    }

    @Test
    void yearOfTwoDigitsIsNeverMoreThanFiftyYearsAhead() {
        long now = Instant.parse("2050-01-01T00:00:00Z").toEpochMilli();
        assertEquals("1994", HttpDates.format(HttpDates.parseAnyForm("Sunday, 06-Nov-94 08:49:37 GMT", now - 50 * 365 * 86_400_000L).orElseThrow()).substring(12, 16));
        assertEquals("2094", HttpDates.format(HttpDates.parseAnyForm("Saturday, 06-Nov-94 08:49:37 GMT", now).orElseThrow()).substring(12, 16));
    }
}
