package io.lazuli.storage.protocol.table;

import io.lazuli.storage.protocol.http.Reply;

/** Whether the answer to an insert is to repeat what was inserted. Source: "Setting the Prefer header to manage response echo on insert operations". */
enum Preference {
    /** Nothing is said: the same as content, but no preference was applied. */
    ABSENT(null),
    CONTENT("return-content"),
    NO_CONTENT("return-no-content");

    private final String label;

    Preference(String label) {
        this.label = label;
    }

    /** @param header {@code Prefer}, preferences between commas, those of others ignored; null if absent */
    static Preference of(String header) {
        if (header == null) {
            return ABSENT;
        }
        for (int start = 0; start < header.length(); ) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            String one = header.substring(start, end).trim();
            if (one.equals(CONTENT.label)) {
                return CONTENT;
            }
            if (one.equals(NO_CONTENT.label)) {
                return NO_CONTENT;
            }
            start = end + 1;
        }
        return ABSENT;
    }

    boolean wantsContent() {
        return this != NO_CONTENT;
    }

    Reply applied(Reply reply) {
        return this == ABSENT ? reply : reply.header("Preference-Applied", label);
    }
}
