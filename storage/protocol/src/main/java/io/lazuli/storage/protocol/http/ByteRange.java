package io.lazuli.storage.protocol.http;

import io.lazuli.security.SignableRequest;

/**
 * The part of a resource that a request asks for. Source: "Specifying the range header for Blob service operations", RFC 9110, 14.
 *
 * @param firstByte from 0
 * @param lastByte inclusive; {@link #OPEN} for all that follow
 */
public record ByteRange(long firstByte, long lastByte) {

    public static final long OPEN = Long.MAX_VALUE;

    private static final String UNIT = "bytes=";
    private static final int MAX_DIGITS = 18;
    /** As the official client for Java reads a blob again that it found to be empty; means the whole. */
    private static final String NOTHING = "bytes=0--1";

    /**
     * What {@code x-ms-range}, else {@code Range}, asks for; null for the whole. As HTTP has it, a {@code Range} in another form is as good as
     * none.
     *
     * @throws io.lazuli.storage.model.StorageException InvalidHeaderValue if {@code x-ms-range} is in another form
     */
    public static ByteRange of(SignableRequest request) {
        String own = request.header("x-ms-range");
        if (NOTHING.equals(own)) {
            return null;
        }
        if (own == null) {
            String standard = request.header("Range");
            return standard == null ? null : parse(standard);
        }
        ByteRange range = parse(own);
        if (range == null) {
            throw BadRequests.invalidHeader("x-ms-range", own);
        }
        return range;
    }

    /** The same of a header that only we have; null if it is absent. */
    public static ByteRange of(SignableRequest request, String name) {
        String text = request.header(name);
        ByteRange range = text == null ? null : parse(text);
        if (text != null && range == null) {
            throw BadRequests.invalidHeader(name, text);
        }
        return range;
    }

    /** One range with a first byte, {@code bytes=a-b} or {@code bytes=a-}; null for anything else. */
    static ByteRange parse(String text) {
        String range = text.trim();
        int hyphen = range.indexOf('-');
        if (!range.regionMatches(true, 0, UNIT, 0, UNIT.length()) || hyphen < 0) {
            return null;
        }
        long first = number(range.substring(UNIT.length(), hyphen).trim());
        String end = range.substring(hyphen + 1).trim();
        long last = end.isEmpty() ? OPEN : number(end);
        return first < 0 || last < first ? null : new ByteRange(first, last);
    }

    /** -1 unless it is 1 to {@value #MAX_DIGITS} digits. */
    private static long number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(text) : -1;
    }
}
