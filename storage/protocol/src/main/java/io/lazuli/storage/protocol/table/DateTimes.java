package io.lazuli.storage.protocol.table;

import io.lazuli.storage.partition.table.Ticks;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Ticks as ISO 8601 and back. Read are {@code yyyy-MM-ddTHH:mm[:ss[.fraction]][Z|±HH:mm]}: without a zone it is UTC, and of a fraction
 * seven digits count (some clients send nine). Source: "Understanding the Table service data model" (Edm.DateTime), ISO 8601.
 */
public final class DateTimes {

    /** 1601-01-01T00:00:00Z, the earliest that the service stores. */
    public static final long MIN_TICKS = 504_911_232_000_000_000L;
    /** 9999-12-31T23:59:59.9999999Z. */
    public static final long MAX_TICKS = 3_155_378_975_999_999_999L;

    private static final int FRACTION_DIGITS = 7;
    private static final int MAX_FRACTION_DIGITS = 18;

    private DateTimes() {}

    /** Always with seven digits, as Timestamps and ETags are written. */
    public static String format(long ticks) {
        return write(ticks, FRACTION_DIGITS);
    }

    /** With as few digits of a fraction as the value has, as properties are written. */
    public static String formatShort(long ticks) {
        int fraction = Ticks.ticksOfSecond(ticks);
        int digits = fraction == 0 ? 0 : FRACTION_DIGITS;
        for (; digits > 0 && fraction % 10 == 0; fraction /= 10) {
            digits--;
        }
        return write(ticks, digits);
    }

    private static String write(long ticks, int fractionDigits) {
        long epochSecond = Ticks.epochSecond(ticks);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, 86_400L));
        int second = (int) Math.floorMod(epochSecond, 86_400L);
        byte[] text = new byte[20 + (fractionDigits == 0 ? 0 : 1 + fractionDigits)];
        digits(text, 0, 4, date.getYear());
        text[4] = '-';
        digits(text, 5, 2, date.getMonthValue());
        text[7] = '-';
        digits(text, 8, 2, date.getDayOfMonth());
        text[10] = 'T';
        digits(text, 11, 2, second / 3600);
        text[13] = ':';
        digits(text, 14, 2, second / 60 % 60);
        text[16] = ':';
        digits(text, 17, 2, second % 60);
        if (fractionDigits > 0) {
            text[19] = '.';
            int fraction = Ticks.ticksOfSecond(ticks);
            for (int left = FRACTION_DIGITS; left > fractionDigits; left--) {
                fraction /= 10;
            }
            digits(text, 20, fractionDigits, fraction);
        }
        text[text.length - 1] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void digits(byte[] text, int at, int count, int number) {
        int rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Years 1 to 9999. @throws IllegalArgumentException if this is no date and time, or beyond those years */
    public static long parse(String text) {
        Cursor in = new Cursor(text);
        int year = in.number(4, 1, 9999);
        in.expect('-');
        int month = in.number(2, 1, 12);
        in.expect('-');
        int day = in.number(2, 1, daysIn(year, month));
        if (!in.skip('T') && !in.skip('t')) {
            in.expect(' ');
        }
        int hour = in.number(2, 0, 23);
        in.expect(':');
        int minute = in.number(2, 0, 59);
        int second = 0;
        int fraction = 0;
        if (in.skip(':')) {
            second = in.number(2, 0, 59);
            if (in.skip('.')) {
                fraction = in.fraction();
            }
        }
        int offsetMinutes = in.offsetMinutes();
        long epochDay = LocalDate.of(year, month, day).toEpochDay();
        long epochSecond = epochDay * 86_400L + hour * 3600L + minute * 60L + second - offsetMinutes * 60L;
        long ticks = Ticks.ofEpochSecond(epochSecond, 0) + fraction;
        if (ticks < 0 || ticks > MAX_TICKS) {
            throw in.malformed();
        }
        return ticks;
    }

    private static int daysIn(int year, int month) {
        return YearMonth.of(year, month).lengthOfMonth();
    }

    private static final class Cursor {
        private final String text;
        private int at;

        Cursor(String text) {
            this.text = text;
        }

        int number(int digits, int min, int max) {
            int value = 0;
            for (int i = 0; i < digits; i++) {
                value = value * 10 + digit();
            }
            if (value < min || value > max) {
                throw malformed();
            }
            return value;
        }

        /** In ticks. */
        int fraction() {
            int value = 0;
            int count = 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                int digit = digit();
                if (count++ < FRACTION_DIGITS) {
                    value = value * 10 + digit;
                }
            }
            if (count == 0 || count > MAX_FRACTION_DIGITS) {
                throw malformed();
            }
            for (int i = count; i < FRACTION_DIGITS; i++) {
                value *= 10;
            }
            return value;
        }

        int offsetMinutes() {
            if (at == text.length()) {
                return 0;
            }
            int minutes = 0;
            if (!skip('Z') && !skip('z')) {
                boolean behind = skip('-');
                if (!behind) {
                    expect('+');
                }
                minutes = number(2, 0, 14) * 60;
                expect(':');
                minutes += number(2, 0, 59);
                minutes = behind ? -minutes : minutes;
            }
            if (at != text.length()) {
                throw malformed();
            }
            return minutes;
        }

        boolean skip(char wanted) {
            if (at < text.length() && text.charAt(at) == wanted) {
                at++;
                return true;
            }
            return false;
        }

        void expect(char wanted) {
            if (!skip(wanted)) {
                throw malformed();
            }
        }

        private int digit() {
            if (at >= text.length() || !isDigit(text.charAt(at))) {
                throw malformed();
            }
            return text.charAt(at++) - '0';
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        IllegalArgumentException malformed() {
            return new IllegalArgumentException("not a date and time at character " + at);
        }
    }
}
