package io.lazuli.storage.protocol.table.json;

/** How much of OData's control information an answer has. Source: "Payload format for Table service operations". */
public enum MetadataLevel {
    NO("nometadata"),
    MINIMAL("minimalmetadata"),
    FULL("fullmetadata");

    private final String label;

    MetadataLevel(String label) {
        this.label = label;
    }

    /** As in {@code odata=…}. */
    public String label() {
        return label;
    }

    /** Of an answer with JSON at this level. */
    public String contentType() {
        return "application/json;odata=" + label + ";streaming=true;charset=utf-8";
    }
}
