package io.lazuli.security;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/** Dates as HTTP and the storage protocols write them: {@code Sun, 06 Nov 1994 08:49:37 GMT} (RFC 1123). */
public final class HttpDates {

    /** 9999-12-31T23:59:59Z, what the queue service answers for "never". */
    public static final long MAX_EPOCH_MILLIS = 253_402_300_799_000L;

    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private HttpDates() {}

    /** Whole seconds; what is below 0 or after the year 9999 is written as the last second of 9999. */
    public static String format(long epochMillis) {
        boolean representable = epochMillis >= 0 && epochMillis < MAX_EPOCH_MILLIS;
        return FORM.format(Instant.ofEpochMilli(representable ? epochMillis : MAX_EPOCH_MILLIS));
    }

    /** Milliseconds since 1970, or empty if the text is no such date. */
    public static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.trim(), Instant::from).toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }
}
