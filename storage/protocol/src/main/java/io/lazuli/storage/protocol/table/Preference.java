package io.lazuli.storage.protocol.table;

import io.lazuli.storage.protocol.http.BadRequests;
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

    /**
     * @param header {@code Prefer}, null if absent
     * @throws io.lazuli.storage.model.StorageException InvalidHeaderValue if it is none of these
     */
    static Preference of(String header) {
        if (header == null) {
            return ABSENT;
        }
        String wanted = header.trim();
        if (wanted.equals(CONTENT.label)) {
            return CONTENT;
        }
        if (wanted.equals(NO_CONTENT.label)) {
            return NO_CONTENT;
        }
        throw BadRequests.invalidHeader("Prefer", TableErrors.echoed(header));
    }

    boolean wantsContent() {
        return this != NO_CONTENT;
    }

    Reply applied(Reply reply) {
        return this == ABSENT ? reply : reply.header("Preference-Applied", label);
    }
}
