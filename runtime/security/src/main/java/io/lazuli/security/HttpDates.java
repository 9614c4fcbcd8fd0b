package io.lazuli.security;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Dates as HTTP and the storage protocols write them: {@code Sun, 06 Nov 1994 08:49:37 GMT} (RFC 1123). */
public final class HttpDates {

    /** 9999-12-31T23:59:59Z, what the queue service answers for "never". */
    public static final long MAX_EPOCH_MILLIS = 253_402_300_799_000L;

    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final long DAY_SECONDS = 86_400;

    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH);

    private HttpDates() {}

    /**
     * Whole seconds; what is below 0 or after the year 9999 is written as the last second of 9999. By hand, because every
     * message that is answered has three dates and the JDK's formatter takes a microsecond for each.
     */
    public static String format(long epochMillis) {
        long seconds = (epochMillis >= 0 && epochMillis < MAX_EPOCH_MILLIS ? epochMillis : MAX_EPOCH_MILLIS) / 1000;
        LocalDate date = LocalDate.ofEpochDay(seconds / DAY_SECONDS);
        int ofDay = (int) (seconds % DAY_SECONDS);
        int day = (date.getDayOfWeek().getValue() - 1) * 3;
        int month = (date.getMonthValue() - 1) * 3;
        StringBuilder out = new StringBuilder(29).append(DAYS, day, day + 3).append(", ");
        twoDigits(out, date.getDayOfMonth()).append(' ').append(MONTHS, month, month + 3).append(' ');
        twoDigits(out, date.getYear() / 100);
        twoDigits(out, date.getYear() % 100).append(' ');
        twoDigits(out, ofDay / 3600).append(':');
        twoDigits(out, ofDay / 60 % 60).append(':');
        return twoDigits(out, ofDay % 60).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Milliseconds since 1970, or empty if the text is no such date. */
    public static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.trim(), Instant::from).toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * As {@link #parse}, also in the two old forms that HTTP still has readers accept: {@code Sunday, 06-Nov-94 08:49:37 GMT} (RFC 850) and
     * {@code Sun Nov  6 08:49:37 1994} (asctime). Source: RFC 9110, 5.6.7.
     *
     * @param nowMillis a year of two digits is the last one with them that is not more than 50 years ahead of it
     */
    public static OptionalLong parseAnyForm(String text, long nowMillis) {
        OptionalLong usual = parse(text);
        if (usual.isPresent()) {
            return usual;
        }
        int latestYear = Instant.ofEpochMilli(nowMillis).atOffset(ZoneOffset.UTC).getYear() + 50;
        for (DateTimeFormatter form : List.of(rfc850(latestYear - 99), ASCTIME)) {
            try {
                return OptionalLong.of(LocalDateTime.parse(text.trim().replaceAll(" +", " "), form).toInstant(ZoneOffset.UTC).toEpochMilli());
            } catch (DateTimeException e) {
                // the next form, or none
            }
        }
        return OptionalLong.empty();
    }

    private static DateTimeFormatter rfc850(int firstYear) {
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }
}
