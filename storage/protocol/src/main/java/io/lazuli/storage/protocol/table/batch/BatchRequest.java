package io.lazuli.storage.protocol.table.batch;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a {@code $batch} asks for: one change set, or one query. Source: "Performing entity group transactions". */
public sealed interface BatchRequest {

    /** @param operations 1 to 100, in order, none of them a GET */
    record Changes(List<Operation> operations) implements BatchRequest {}

    /** @param operation a GET */
    record Query(Operation operation) implements BatchRequest {}

    /**
     * A request inside of the batch.
     *
     * @param method in upper case; what {@code X-HTTP-Method} says, if a POST has it
     * @param uri as sent: absolute, from the root, or relative to the account
     * @param headers of the request, with lower-case names; the part's Content-ID too, where the request has none
     * @param body empty if there is none
     */
    record Operation(String method, String uri, Map<String, String> headers, byte[] body) {

        /** Null if it is not there. @param name in any case */
        public String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        /** Echoed in the answer, null if it is not there. */
        public String contentId() {
            return headers.get("content-id");
        }
    }
}
