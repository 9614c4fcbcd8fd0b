package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
}
