package io.lazuli.storage.protocol.xml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One element of a parsed document: its local name, its elements, and its own character data. The data stay bytes
 * until somebody wants a string, because a message's text is stored and sent on as the UTF-8 that came.
 */
public final class XmlElement {

    private static final byte[] NOTHING = new byte[0];

    private final String name;
    private List<XmlElement> children = List.of();
    private byte[] text = NOTHING;
    private int textStart;
    private int textEnd;

    XmlElement(String name) {
        this.name = name;
    }

    void addChild(XmlElement child) {
        if (children.isEmpty()) {
            children = new ArrayList<>(4);
        }
        children.add(child);
    }

    void setText(byte[] bytes, int start, int end) {
        text = bytes;
        textStart = start;
        textEnd = end;
    }

    /** Without a namespace prefix. */
    public String name() {
        return name;
    }

    public List<XmlElement> children() {
        return children;
    }

    /** The first child element of that name, or null. */
    public XmlElement child(String childName) {
        for (XmlElement child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        return null;
    }

    public String text() {
        return new String(text, textStart, textEnd - textStart, StandardCharsets.UTF_8);
    }

    /** The character data as UTF-8, a copy. */
    public byte[] textBytes() {
        return Arrays.copyOfRange(text, textStart, textEnd);
    }

    public int textLengthBytes() {
        return textEnd - textStart;
    }
}
