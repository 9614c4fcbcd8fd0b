package io.lazuli.storage.partition.table;

/** The types of entity properties. The code is part of stored rows: never change or reuse one. Source: "Understanding the Table service data model". */
public enum EdmType {
    STRING(1, "Edm.String"),
    INT32(2, "Edm.Int32"),
    INT64(3, "Edm.Int64"),
    DOUBLE(4, "Edm.Double"),
    BOOLEAN(5, "Edm.Boolean"),
    DATE_TIME(6, "Edm.DateTime"),
    GUID(7, "Edm.Guid"),
    BINARY(8, "Edm.Binary");

    private static final EdmType[] BY_CODE = new EdmType[9];

    static {
        for (EdmType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final byte code;
    private final String label;

    EdmType(int code, String label) {
        this.code = (byte) code;
        this.label = label;
    }

    public byte code() {
        return code;
    }

    /** As the protocol writes it. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException if no type has that code */
    public static EdmType ofCode(byte code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no property type has the code " + code);
        }
        return BY_CODE[code];
    }
}
