package io.lazuli.storage.protocol.table.batch;

import io.lazuli.storage.protocol.multipart.HttpPart;
import java.util.List;

/** What a {@code $batch} asks for: one change set, or one query. Source: "Performing entity group transactions". */
public sealed interface BatchRequest {

    /** @param operations 1 to 100, in order, none of them a GET */
    record Changes(List<HttpPart> operations) implements BatchRequest {}

    /** @param operation a GET */
    record Query(HttpPart operation) implements BatchRequest {}
}
