package io.lazuli.storage.protocol.xml;

/** A document that is not well-formed, or is beyond the limits of {@link XmlParser}; carries no stack trace. */
public final class XmlException extends Exception {

    private final int offset;

    XmlException(String problem, int offset) {
        super(problem, null, false, false);
        this.offset = offset;
    }

    /** Where, in bytes from the document's begin. */
    public int offset() {
        return offset;
    }
}
