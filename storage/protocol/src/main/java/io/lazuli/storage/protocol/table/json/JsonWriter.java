package io.lazuli.storage.protocol.table.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes JSON as UTF-8. Knows where a comma belongs, trusts the caller for the rest. Grows as needed; the caller bounds what it writes. */
final class JsonWriter {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int MAX_ESCAPE_BYTES = 6;
    /** Control characters, quotes and backslashes; what is beyond ASCII stands as it is. */
    private static final boolean[] ESCAPED = new boolean[256];

    static {
        Arrays.fill(ESCAPED, 0, ' ', true);
        ESCAPED['"'] = true;
        ESCAPED['\\'] = true;
        ESCAPED[0x7F] = true;
    }

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
        mark('"');
        raw(ascii, 0, ascii.length);
        mark('"');
        return this;
    }

    int length() {
        return length;
    }

    /** Makes room at once for so much more, instead of little by little. */
    void reserve(int bytes) {
        ensure(bytes);
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
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ensure(utf8.length + 2);
        out[length++] = '"';
        int plainStart = 0;
        for (int i = 0; i < utf8.length; i++) {
            if (ESCAPED[utf8[i] & 0xff]) {
                raw(utf8, plainStart, i);
                escape(utf8[i]);
                plainStart = i + 1;
            }
        }
        raw(utf8, plainStart, utf8.length);
        mark('"');
    }

    private void escape(byte c) {
        ensure(MAX_ESCAPE_BYTES);
        out[length++] = '\\';
        switch (c) {
            case '"', '\\' -> out[length++] = c;
            case '\n' -> out[length++] = 'n';
            case '\r' -> out[length++] = 'r';
            case '\t' -> out[length++] = 't';
            default -> {
                out[length++] = 'u';
                out[length++] = '0';
                out[length++] = '0';
                out[length++] = HEX[c >> 4];
                out[length++] = HEX[c & 0xF];
            }
        }
    }

    private void raw(byte[] bytes, int from, int to) {
        ensure(to - from);
        System.arraycopy(bytes, from, out, length, to - from);
        length += to - from;
    }

    @SuppressWarnings("deprecation")
    private void ascii(String text) {
        ensure(text.length());
        text.getBytes(0, text.length(), out, length);
        length += text.length();
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
