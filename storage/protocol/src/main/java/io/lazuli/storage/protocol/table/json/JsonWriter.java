package io.lazuli.storage.protocol.table.json;

import java.util.Arrays;

/** Writes JSON as UTF-8. Knows where a comma belongs, trusts the caller for the rest. Grows as needed; the caller bounds what it writes. */
final class JsonWriter {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int MAX_BYTES_PER_CHAR = 6;

    private byte[] out;
    private int length;
    private boolean first = true;

    JsonWriter(int expectedBytes) {
        out = new byte[Math.max(256, expectedBytes)];
    }

    JsonWriter beginObject() {
        return begin('{');
    }

    JsonWriter endObject() {
        return end('}');
    }

    JsonWriter beginArray() {
        return begin('[');
    }

    JsonWriter endArray() {
        return end(']');
    }

    JsonWriter name(String name) {
        separate();
        string(name);
        mark(':');
        first = true;
        return this;
    }

    /** A member's name with an annotation behind it, which needs no escape. */
    JsonWriter name(String name, String annotation) {
        separate();
        string(name);
        length--;
        ascii(annotation);
        mark('"');
        mark(':');
        first = true;
        return this;
    }

    JsonWriter value(String text) {
        separate();
        string(text);
        return this;
    }

    /** A number, true, false or null. */
    JsonWriter literal(String ascii) {
        separate();
        ascii(ascii);
        return this;
    }

    /** A string that needs no escape. */
    JsonWriter quoted(String ascii) {
        separate();
        mark('"');
        ascii(ascii);
        mark('"');
        return this;
    }

    /** A string that needs no escape. */
    JsonWriter quoted(byte[] ascii) {
        separate();
        ensure(ascii.length + 2);
        out[length++] = '"';
        System.arraycopy(ascii, 0, out, length, ascii.length);
        length += ascii.length;
        out[length++] = '"';
        return this;
    }

    int length() {
        return length;
    }

    /** What was written so far, a copy. */
    byte[] toBytes() {
        return Arrays.copyOf(out, length);
    }

    private JsonWriter begin(char bracket) {
        separate();
        mark(bracket);
        first = true;
        return this;
    }

    private JsonWriter end(char bracket) {
        mark(bracket);
        first = false;
        return this;
    }

    private void separate() {
        if (!first) {
            mark(',');
        }
        first = false;
    }

    private void string(String text) {
        int chars = text.length();
        ensure(chars + 2);
        out[length++] = '"';
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            ensure(MAX_BYTES_PER_CHAR + 1);
            if (c >= 0x80) {
                i += encode(text, i, c);
            } else if (c >= ' ' && c != '"' && c != '\\' && c != 0x7F) {
                out[length++] = (byte) c;
            } else {
                escape(c);
            }
        }
        mark('"');
    }

    /** Returns 1 if two chars were taken. */
    private int encode(String text, int i, char c) {
        if (c < 0x800) {
            out[length++] = (byte) (0xC0 | c >> 6);
            out[length++] = (byte) (0x80 | c & 0x3F);
            return 0;
        }
        if (!Character.isSurrogate(c)) {
            out[length++] = (byte) (0xE0 | c >> 12);
            out[length++] = (byte) (0x80 | c >> 6 & 0x3F);
            out[length++] = (byte) (0x80 | c & 0x3F);
            return 0;
        }
        if (i + 1 >= text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
            escape(c);
            return 0;
        }
        int codePoint = Character.toCodePoint(c, text.charAt(i + 1));
        out[length++] = (byte) (0xF0 | codePoint >> 18);
        out[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        out[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        out[length++] = (byte) (0x80 | codePoint & 0x3F);
        return 1;
    }

    private void escape(char c) {
        out[length++] = '\\';
        switch (c) {
            case '"', '\\' -> out[length++] = (byte) c;
            case '\n' -> out[length++] = 'n';
            case '\r' -> out[length++] = 'r';
            case '\t' -> out[length++] = 't';
            default -> {
                out[length++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out[length++] = HEX[c >> shift & 0xF];
                }
            }
        }
    }

    @SuppressWarnings("deprecation")
    private void ascii(String text) {
        int chars = text.length();
        ensure(chars);
        text.getBytes(0, chars, out, length);
        length += chars;
    }

    private void mark(char ascii) {
        ensure(1);
        out[length++] = (byte) ascii;
    }

    private void ensure(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
        }
    }
}
