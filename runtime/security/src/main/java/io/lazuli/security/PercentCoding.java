package io.lazuli.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Percent-coding of URIs (RFC 3986), strictly: a plus sign is a plus sign, a broken escape or bytes that are not UTF-8
 * are refused, and nothing is decoded twice.
 */
public final class PercentCoding {

    private static final String UNRESERVED_MARKS = "-._~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentCoding() {}

    /** @throws IllegalArgumentException if an escape is broken or what it stands for is not UTF-8 */
    public static String decode(String text) {
        return text.indexOf('%') < 0 ? text : decode(text, 0, text.length());
    }

    /** Decodes {@code text} from {@code start} (inclusive) to {@code end} (exclusive). */
    static String decode(String text, int start, int end) {
        int firstEscape = text.indexOf('%', start);
        if (firstEscape < 0 || firstEscape >= end) {
            return text.substring(start, end);
        }
        byte[] bytes = new byte[(end - start) * 3];
        int length = 0;
        for (int i = start; i < end; ) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= end) {
                    throw new IllegalArgumentException("an escape is cut off");
                }
                bytes[length++] = (byte) (hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)));
                i += 3;
            } else if (c < 0x80) {
                bytes[length++] = (byte) c;
                i++;
            } else {
                int codePoint = text.codePointAt(i);
                byte[] encoded = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(encoded, 0, bytes, length, encoded.length);
                length += encoded.length;
                i += Character.charCount(codePoint);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("escapes that are not UTF-8");
        }
    }

    /** Escapes everything but unreserved characters, so that the result fits anywhere in a path segment or a query. */
    public static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED_MARKS.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    private static int hex(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException("an escape has a digit that is not hexadecimal");
        }
        return digit;
    }
}
