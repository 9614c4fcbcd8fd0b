package io.lazuli.storage.protocol.service;

import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlException;
import io.lazuli.storage.protocol.xml.XmlParser;

/** Reads XML request bodies and their nodes with the documented errors. */
public final class XmlBodies {

    private static final int MAX_ECHOED_CHARS = 100;

    private XmlBodies() {}

    /** @throws StorageException InvalidXmlDocument if it is not XML with that root element */
    public static XmlElement root(byte[] body, String name) {
        return root(body, name, XmlParser.MAX_ELEMENTS);
    }

    /** The same for a body that may have so many elements. */
    public static XmlElement root(byte[] body, String name, int maxElements) {
        XmlElement root;
        try {
            root = XmlParser.parse(body, maxElements);
        } catch (XmlException e) {
            throw BadRequests.invalidXml(e.getMessage() + " at byte " + e.offset());
        }
        if (!root.name().equals(name)) {
            throw BadRequests.invalidXml("the root element must be " + name);
        }
        return root;
    }

    public static XmlElement required(XmlElement parent, String name) {
        XmlElement child = parent.child(name);
        if (child == null) {
            throw BadRequests.missingNode(name);
        }
        return child;
    }

    /** The child's text without surrounding blanks, or null if there is no such child. */
    public static String textOf(XmlElement parent, String name) {
        XmlElement child = parent == null ? null : parent.child(name);
        return child == null ? null : child.text().trim();
    }

    public static boolean requiredFlag(XmlElement parent, String name) {
        String text = required(parent, name).text().trim();
        if (text.equalsIgnoreCase("true") || text.equals("1")) {
            return true;
        }
        if (text.equalsIgnoreCase("false") || text.equals("0")) {
            return false;
        }
        throw invalid(name, text);
    }

    public static int requiredNumber(XmlElement parent, String name, int min, int max) {
        String text = required(parent, name).text().trim();
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw invalid(name, text);
    }

    public static StorageException invalid(String name, String text) {
        return BadRequests.invalidNode(name, text.length() <= MAX_ECHOED_CHARS ? text : text.substring(0, MAX_ECHOED_CHARS));
    }
}
