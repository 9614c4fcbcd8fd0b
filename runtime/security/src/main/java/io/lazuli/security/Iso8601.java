package io.lazuli.security;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/**
 * The ISO 8601 forms that signatures and access policies may use: {@code YYYY-MM-DD},
 * {@code YYYY-MM-DDThh:mm}, {@code …:ss} and {@code …:ss.fffffff}, each of the last three with {@code Z} or {@code ±hh:mm}.
 * Source: "Formatting DateTime values" of the Azure Storage REST reference.
 */
public final class Iso8601 {

    private Iso8601() {}

    /** Milliseconds since 1970, or empty if the text has none of the forms. */
    public static OptionalLong parseMillis(String text) {
        try {
            Instant instant = text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
            return OptionalLong.of(instant.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
