package io.lazuli.storage.protocol.http;

/**
 * A version of the storage protocol: a date, {@code x-ms-version}. Later versions than we know are served as the latest
 * that we know, and echoed.
 */
public record ServiceVersion(String date) {

    /** The oldest version that clients may name. */
    public static final ServiceVersion MIN = new ServiceVersion("2009-09-19");

    /** What a request without any version gets: the oldest whose rules are served whole. */
    public static final ServiceVersion DEFAULT = new ServiceVersion("2011-08-18");

    /** Null if the text is not a date or before {@link #MIN}. */
    public static ServiceVersion parse(String text) {
        if (text.length() != 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        for (int i = 0; i < 10; i++) {
            char c = text.charAt(i);
            if (i != 4 && i != 7 && (c < '0' || c > '9')) {
                return null;
            }
        }
        int month = number(text, 5);
        int day = number(text, 8);
        ServiceVersion version = new ServiceVersion(text);
        return month >= 1 && month <= 12 && day >= 1 && day <= 31 && version.isSince(MIN.date) ? version : null;
    }

    public boolean isSince(String otherDate) {
        return date.compareTo(otherDate) >= 0;
    }

    private static int number(String text, int at) {
        return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
    }
}
