package io.lazuli.storage.protocol.xml;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A small strict parser for the request bodies of the storage protocols: UTF-8 only, no DTD (so no entities but the five
 * of XML and character references), attributes and namespaces are read over. Written by hand because it is ten times
 * cheaper per small body than setting up a StAX reader, and hands out a message's text as the bytes that came. Bounded:
 * depth and number of elements by the constants below, size by the caller.
 *
 * <p>Source: Extensible Markup Language (XML) 1.0, fifth edition.
 */
public final class XmlParser {

    public static final int MAX_DEPTH = 8;
    public static final int MAX_ELEMENTS = 2_000;

    private static final byte[] DECLARATION = ascii("<?xml");
    private static final byte[] INSTRUCTION = ascii("<?");
    private static final byte[] INSTRUCTION_END = ascii("?>");
    private static final byte[] COMMENT = ascii("<!--");
    private static final byte[] COMMENT_END = ascii("--");
    private static final byte[] CDATA = ascii("<![CDATA[");
    private static final byte[] CDATA_END = ascii("]]>");
    private static final byte[] END_TAG = ascii("</");
    private static final int MAX_REFERENCE_CHARS = 12;

    private final byte[] in;
    private final int maxElements;
    private int at;
    private int elements;

    private XmlParser(byte[] in, int maxElements) {
        this.in = in;
        this.maxElements = maxElements;
    }

    /** The document's root element. The result refers to {@code document}, which must not change any more. */
    public static XmlElement parse(byte[] document) throws XmlException {
        return parse(document, MAX_ELEMENTS);
    }

    /** The same for a body that may be long. */
    public static XmlElement parse(byte[] document, int maxElements) throws XmlException {
        return new XmlParser(document, maxElements).document();
    }

    private XmlElement document() throws XmlException {
        checkCharacters();
        if (in.length >= 3 && in[0] == (byte) 0xEF && in[1] == (byte) 0xBB && in[2] == (byte) 0xBF) {
            at = 3;
        }
        if (looksAt(DECLARATION) && at + 5 < in.length && isBlank(in[at + 5])) {
            declaration();
        }
        skipMisc();
        if (at >= in.length || in[at] != '<') {
            throw fail("a root element is expected");
        }
        XmlElement root = element(1);
        skipMisc();
        if (at < in.length) {
            throw fail("nothing may follow the root element");
        }
        return root;
    }

    /** All of the document must be UTF-8 and made of characters that XML allows. */
    private void checkCharacters() throws XmlException {
        int i = 0;
        while (i < in.length) {
            byte b = in[i];
            if (b >= 0x20) {
                i++;
            } else if (b >= 0) {
                if (b != '\n' && b != '\r' && b != '\t') {
                    throw new XmlException("a control character", i);
                }
                i++;
            } else {
                int length = Utf8.sequenceLength(in, i);
                if (length == 0 || !Utf8.isXmlCharacter(Utf8.codePoint(in, i, length))) {
                    throw new XmlException("bytes that are not UTF-8, or a character that XML does not allow", i);
                }
                i += length;
            }
        }
    }

    private void declaration() throws XmlException {
        int start = at;
        skipPast(INSTRUCTION_END);
        String declaration = new String(in, start, at - start, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int encoding = declaration.indexOf("encoding");
        if (encoding >= 0 && !declaration.substring(encoding).matches("encoding\\s*=\\s*[\"'](utf-8|us-ascii)[\"'].*")) {
            throw new XmlException("an encoding other than UTF-8", start);
        }
    }

    private void skipMisc() throws XmlException {
        while (true) {
            skipBlanks();
            if (looksAt(COMMENT)) {
                comment();
            } else if (looksAt(INSTRUCTION)) {
                skipPast(INSTRUCTION_END);
            } else {
                return;
            }
        }
    }

    private XmlElement element(int depth) throws XmlException {
        if (depth > MAX_DEPTH || ++elements > maxElements) {
            throw fail("too many elements");
        }
        at++;
        int nameStart = at;
        String name = name();
        int nameEnd = at;
        XmlElement element = new XmlElement(name.substring(name.indexOf(':') + 1));
        attributes();
        if (in[at] == '/') {
            expectAt(at + 1, '>');
            at += 2;
            return element;
        }
        at++;
        content(element, depth);
        at += END_TAG.length;
        for (int i = nameStart; i < nameEnd; i++, at++) {
            if (at >= in.length || in[at] != in[i]) {
                throw fail("the end tag of " + name + " is expected");
            }
        }
        skipBlanks();
        expectAt(at, '>');
        at++;
        return element;
    }

    /** Stands at {@code >} or {@code /} afterwards. */
    private void attributes() throws XmlException {
        while (true) {
            boolean blanks = skipBlanks();
            if (at >= in.length) {
                throw fail("a tag is cut off");
            }
            if (in[at] == '>' || in[at] == '/') {
                return;
            }
            if (!blanks) {
                throw fail("a blank is expected before an attribute");
            }
            name();
            skipBlanks();
            expectAt(at, '=');
            at++;
            skipBlanks();
            byte quote = at < in.length ? in[at] : 0;
            if (quote != '"' && quote != '\'') {
                throw fail("a quoted value is expected");
            }
            at++;
            while (at < in.length && in[at] != quote) {
                if (in[at] == '<') {
                    throw fail("'<' within an attribute");
                }
                at++;
            }
            expectAt(at, quote);
            at++;
        }
    }

    /** Stands at the end tag afterwards. Most texts are one run of plain bytes and stay where they are. */
    private void content(XmlElement element, int depth) throws XmlException {
        int plainStart = at;
        ByteArrayOutputStream composed = null;
        while (true) {
            if (at >= in.length) {
                throw fail("an element is cut off");
            }
            byte b = in[at];
            if (b != '<' && b != '&' && b != '\r' && b != ']') {
                at++;
            } else if (b == ']') {
                if (looksAt(CDATA_END)) {
                    throw fail("']]>' within text");
                }
                at++;
            } else if (b == '<' && looksAt(END_TAG)) {
                if (composed == null) {
                    element.setText(in, plainStart, at);
                } else {
                    composed.write(in, plainStart, at - plainStart);
                    byte[] bytes = composed.toByteArray();
                    element.setText(bytes, 0, bytes.length);
                }
                return;
            } else {
                if (composed == null) {
                    composed = new ByteArrayOutputStream(Math.max(64, at - plainStart + 64));
                }
                composed.write(in, plainStart, at - plainStart);
                special(element, depth, b, composed);
                plainStart = at;
            }
        }
    }

    private void special(XmlElement element, int depth, byte b, ByteArrayOutputStream text) throws XmlException {
        if (b == '&') {
            reference(text);
        } else if (b == '\r') {
            lineEnd(text);
        } else if (looksAt(COMMENT)) {
            comment();
        } else if (looksAt(CDATA)) {
            at += CDATA.length;
            while (!looksAt(CDATA_END)) {
                if (at >= in.length) {
                    throw fail("CDATA is cut off");
                }
                if (in[at] == '\r') {
                    lineEnd(text);
                } else {
                    text.write(in[at++]);
                }
            }
            at += CDATA_END.length;
        } else if (looksAt(INSTRUCTION)) {
            skipPast(INSTRUCTION_END);
        } else {
            element.addChild(element(depth + 1));
        }
    }

    /** CR and CR LF are read as LF (XML 1.0, 2.11). */
    private void lineEnd(ByteArrayOutputStream text) {
        at++;
        if (at >= in.length || in[at] != '\n') {
            text.write('\n');
        }
    }

    private void reference(ByteArrayOutputStream text) throws XmlException {
        int start = at + 1;
        int end = start;
        while (end < in.length && in[end] != ';' && end - start < MAX_REFERENCE_CHARS) {
            end++;
        }
        expectAt(end, ';');
        String reference = new String(in, start, end - start, StandardCharsets.US_ASCII);
        int codePoint = switch (reference) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "apos" -> '\'';
            case "quot" -> '"';
            default -> characterReference(reference);
        };
        if (!Utf8.isXmlCharacter(codePoint)) {
            throw fail("a reference to nothing or to a character that XML does not allow");
        }
        byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        text.write(bytes, 0, bytes.length);
        at = end + 1;
    }

    /** The code point, or -1. */
    private static int characterReference(String reference) {
        boolean hexadecimal = reference.startsWith("#x");
        String digits = hexadecimal ? reference.substring(2) : reference.startsWith("#") ? reference.substring(1) : "";
        if (digits.isEmpty() || digits.charAt(0) == '+' || digits.charAt(0) == '-') {
            return -1;
        }
        try {
            return Integer.parseInt(digits, hexadecimal ? 16 : 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void comment() throws XmlException {
        at += COMMENT.length;
        skipPast(COMMENT_END);
        expectAt(at, '>');
        at++;
    }

    private String name() throws XmlException {
        int start = at;
        while (at < in.length && isNameByte(in[at], at == start)) {
            at++;
        }
        if (at == start) {
            throw fail("a name is expected");
        }
        return new String(in, start, at - start, StandardCharsets.UTF_8);
    }

    private static boolean isNameByte(byte b, boolean first) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ':' || b < 0
                || !first && (b >= '0' && b <= '9' || b == '-' || b == '.');
    }

    private boolean skipBlanks() {
        int start = at;
        while (at < in.length && isBlank(in[at])) {
            at++;
        }
        return at > start;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void skipPast(byte[] end) throws XmlException {
        while (at < in.length && !looksAt(end)) {
            at++;
        }
        if (at >= in.length) {
            throw fail("the document is cut off");
        }
        at += end.length;
    }

    private boolean looksAt(byte[] expected) {
        if (at + expected.length > in.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (in[at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private void expectAt(int position, int expected) throws XmlException {
        if (position >= in.length || in[position] != expected) {
            throw new XmlException("'" + (char) expected + "' is expected", position);
        }
    }

    private XmlException fail(String problem) {
        return new XmlException(problem, at);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
