package io.lazuli.storage.protocol.xml;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the response bodies of the storage protocols as UTF-8. Escapes what must be escaped, a carriage return too (a
 * reader would turn it into a line feed); a character that XML does not allow becomes U+FFFD, so that one odd message
 * never makes a whole answer unreadable. Names are trusted. Grows as needed; the caller bounds what it writes.
 */
public final class XmlWriter {

    private static final byte[] PROLOGUE = ascii("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    private static final byte[] LT = ascii("&lt;");
    private static final byte[] GT = ascii("&gt;");
    private static final byte[] AMP = ascii("&amp;");
    private static final byte[] QUOT = ascii("&quot;");
    private static final byte[] CR = ascii("&#xD;");
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private byte[] out;
    private int length;

    /** Begins a document. */
    public XmlWriter(int expectedBytes) {
        out = new byte[Math.max(256, expectedBytes)];
        raw(PROLOGUE);
    }

    /** Begins a further part of a document that is written in parts. */
    public static XmlWriter part(int expectedBytes) {
        XmlWriter part = new XmlWriter(expectedBytes);
        part.length = 0;
        return part;
    }

    public XmlWriter open(String name) {
        return mark('<').name(name).mark('>');
    }

    public XmlWriter open(String name, String attribute, String value) {
        return mark('<').name(name).mark(' ').name(attribute).mark('=').mark('"').text(value).mark('"').mark('>');
    }

    public XmlWriter open(String name, String attribute, String value, String attribute2, String value2) {
        return mark('<').name(name)
                .mark(' ').name(attribute).mark('=').mark('"').text(value).mark('"')
                .mark(' ').name(attribute2).mark('=').mark('"').text(value2).mark('"').mark('>');
    }

    public XmlWriter close(String name) {
        return mark('<').mark('/').name(name).mark('>');
    }

    /** An element with text, or an empty one. */
    public XmlWriter element(String name, String text) {
        if (text.isEmpty()) {
            return mark('<').name(name).mark(' ').mark('/').mark('>');
        }
        return open(name).text(text).close(name);
    }

    /** An element with text that is UTF-8 already. */
    public XmlWriter element(String name, byte[] utf8) {
        return open(name).text(utf8).close(name);
    }

    public XmlWriter element(String name, long number) {
        return open(name).name(Long.toString(number)).close(name);
    }

    public XmlWriter element(String name, boolean value) {
        return open(name).name(value ? "true" : "false").close(name);
    }

    /** An element with an attribute and text. */
    public XmlWriter element(String name, String attribute, String value, String text) {
        return open(name, attribute, value).text(text).close(name);
    }

    /** Of the document so far. */
    public int lengthBytes() {
        return length;
    }

    /** The document so far, a copy. */
    public byte[] toBytes() {
        return Arrays.copyOf(out, length);
    }

    private XmlWriter text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    private XmlWriter text(byte[] utf8) {
        ensure(utf8.length);
        int plainStart = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte[] escape = escapeOf(utf8, i);
            if (escape != null) {
                raw(utf8, plainStart, i - plainStart);
                raw(escape);
                plainStart = i + (escape == REPLACEMENT && utf8[i] < 0 ? 3 : 1);
                i = plainStart - 1;
            }
        }
        raw(utf8, plainStart, utf8.length - plainStart);
        return this;
    }

    /** What to write instead of the byte at {@code i}, or null for the byte itself. */
    private static byte[] escapeOf(byte[] utf8, int i) {
        byte b = utf8[i];
        if (b > '>' && b != 0x7F) {
            return null;
        }
        return switch (b) {
            case '<' -> LT;
            case '>' -> GT;
            case '&' -> AMP;
            case '"' -> QUOT;
            case '\r' -> CR;
            case '\n', '\t' -> null;
            case (byte) 0xEF -> isNonCharacter(utf8, i) ? REPLACEMENT : null;
            default -> b >= 0 && b < 0x20 ? REPLACEMENT : null;
        };
    }

    /** U+FFFE and U+FFFF: EF BF BE and EF BF BF. */
    private static boolean isNonCharacter(byte[] utf8, int i) {
        return i + 2 < utf8.length && utf8[i + 1] == (byte) 0xBF && (utf8[i + 2] == (byte) 0xBE || utf8[i + 2] == (byte) 0xBF);
    }

    private XmlWriter name(String ascii) {
        int count = ascii.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            out[length++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    private XmlWriter mark(char ascii) {
        ensure(1);
        out[length++] = (byte) ascii;
        return this;
    }

    private void raw(byte[] bytes) {
        raw(bytes, 0, bytes.length);
    }

    private void raw(byte[] bytes, int start, int count) {
        ensure(count);
        System.arraycopy(bytes, start, out, length, count);
        length += count;
    }

    private void ensure(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
