package io.lazuli.storage.protocol.xml;

/** UTF-8 at the level of bytes (RFC 3629), and which characters XML 1.0 allows (production 2). */
public final class Utf8 {

    private Utf8() {}

    /** Length of the well-formed sequence of two to four bytes that begins at {@code i}, or 0 if there is none. */
    static int sequenceLength(byte[] in, int i) {
        int first = in[i] & 0xff;
        int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || i + length > in.length) {
            return 0;
        }
        int second = in[i + 1] & 0xff;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((in[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** The character of a well-formed sequence of two to four bytes. */
    static int codePoint(byte[] in, int i, int length) {
        int value = (in[i] & 0xff) & (0x7F >> length);
        for (int k = 1; k < length; k++) {
            value = value << 6 | in[i + k] & 0x3F;
        }
        return value;
    }

    public static boolean isXmlCharacter(int codePoint) {
        return codePoint >= 0x20 && codePoint <= 0xD7FF
                || codePoint == '\n' || codePoint == '\r' || codePoint == '\t'
                || codePoint >= 0xE000 && codePoint <= 0xFFFD
                || codePoint >= 0x10000 && codePoint <= 0x10FFFF;
    }
}
