package io.lazuli.storage.protocol.table;

import java.util.UUID;

/** A Guid in its one form, 8-4-4-4-12 hexadecimal digits. */
public final class Guids {

    private static final int CHARS = 36;

    private Guids() {}

    /** @throws IllegalArgumentException if it is not of that form */
    public static UUID parse(String text) {
        boolean dashes = text.length() == CHARS && text.charAt(8) == '-' && text.charAt(13) == '-' && text.charAt(18) == '-' && text.charAt(23) == '-';
        if (!dashes) {
            throw new IllegalArgumentException("not a Guid");
        }
        return UUID.fromString(text);
    }
}
