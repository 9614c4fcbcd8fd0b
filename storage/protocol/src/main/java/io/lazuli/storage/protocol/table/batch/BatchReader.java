package io.lazuli.storage.protocol.table.batch;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.multipart.HttpPart;
import io.lazuli.storage.protocol.multipart.Multipart.Part;
import io.lazuli.storage.protocol.multipart.Multipart.Slice;
import io.lazuli.storage.protocol.multipart.Multipart;
import io.lazuli.storage.protocol.table.TableErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of a {@code $batch}: multipart/mixed with one part, which is a change set (itself multipart/mixed) or a query. The
 * requests inside are delimited by the boundaries; their Content-Length is not looked at. Source: "Performing entity group
 * transactions", OData 3.0 batch processing.
 */
public final class BatchReader {

    private BatchReader() {}

    /**
     * @param contentType of the batch, null if it has none
     * @throws StorageException InvalidInput if malformed or with more than 100 operations, RequestBodyTooLarge beyond 4 MiB
     */
    public static BatchRequest read(String contentType, byte[] body) {
        if (body.length > BatchLimits.MAX_BODY_BYTES) {
            throw new StorageException(StorageErrorCode.REQUEST_BODY_TOO_LARGE);
        }
        List<Slice> parts = Multipart.split(new Slice(body, 0, body.length), Multipart.boundary(contentType), 1);
        if (parts.size() != 1) {
            throw TableErrors.invalidInput("A batch must hold one change set or one query.");
        }
        Part part = Multipart.part(parts.getFirst());
        if (HttpPart.isHttp(part)) {
            HttpPart query = HttpPart.read(part);
            if (!query.method().equals("GET")) {
                throw TableErrors.invalidInput("A change must be in a change set.");
            }
            return new BatchRequest.Query(query);
        }
        return changes(part);
    }

    private static BatchRequest changes(Part changeSet) {
        List<Slice> parts = Multipart.split(changeSet.content(), Multipart.boundary(changeSet.headers().get("content-type")), BatchLimits.MAX_OPERATIONS);
        if (parts.size() > BatchLimits.MAX_OPERATIONS) {
            throw TableErrors.invalidInput("The batch request operation exceeds the maximum " + BatchLimits.MAX_OPERATIONS + " changes per change set.");
        }
        if (parts.isEmpty()) {
            throw TableErrors.invalidInput("The change set is empty.");
        }
        List<HttpPart> operations = new ArrayList<>(parts.size());
        for (Slice slice : parts) {
            Part part = Multipart.part(slice);
            if (!HttpPart.isHttp(part)) {
                throw TableErrors.invalidInput("A part of a change set must be of type application/http.");
            }
            HttpPart operation = HttpPart.read(part);
            if (operation.method().equals("GET")) {
                throw TableErrors.invalidInput("A query must not be in a change set.");
            }
            operations.add(operation);
        }
        return new BatchRequest.Changes(operations);
    }
}
