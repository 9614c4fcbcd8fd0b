package io.lazuli.storage.protocol.table.batch;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.table.TableErrors;
import io.lazuli.storage.protocol.table.batch.BatchRequest.Operation;
import io.lazuli.storage.protocol.table.batch.Multipart.Part;
import io.lazuli.storage.protocol.table.batch.Multipart.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the body of a {@code $batch}: multipart/mixed with one part, which is a change set (itself multipart/mixed) or a query. The
 * requests inside are delimited by the boundaries; their Content-Length is not looked at. Source: "Performing entity group
 * transactions", OData 3.0 batch processing.
 */
public final class BatchReader {

    private static final String HTTP_PART = "application/http";

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
        if (isHttp(part)) {
            Operation query = operation(part);
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
        List<Operation> operations = new ArrayList<>(parts.size());
        for (Slice slice : parts) {
            Part part = Multipart.part(slice);
            if (!isHttp(part)) {
                throw TableErrors.invalidInput("A part of a change set must be of type application/http.");
            }
            Operation operation = operation(part);
            if (operation.method().equals("GET")) {
                throw TableErrors.invalidInput("A query must not be in a change set.");
            }
            operations.add(operation);
        }
        return new BatchRequest.Changes(operations);
    }

    private static boolean isHttp(Part part) {
        String type = part.headers().get("content-type");
        if (type == null) {
            return false;
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().equalsIgnoreCase(HTTP_PART);
    }

    private static Operation operation(Part part) {
        Slice content = part.content();
        int line = content.from();
        String requestLine = "";
        while (line < content.to() && requestLine.isEmpty()) {
            int next = Multipart.lineEnd(content, line);
            requestLine = Multipart.line(content, line, next).trim();
            line = next;
        }
        int uriStart = requestLine.indexOf(' ') + 1;
        int uriEnd = requestLine.lastIndexOf(' ');
        if (uriStart < 2 || uriEnd <= uriStart || !requestLine.startsWith("HTTP/1.", uriEnd + 1)) {
            throw TableErrors.invalidInput("A request in the batch has no request line.");
        }
        Part request = Multipart.part(new Slice(content.bytes(), line, content.to()));
        Map<String, String> headers = new HashMap<>(request.headers());
        if (part.headers().containsKey("content-id")) {
            headers.putIfAbsent("content-id", part.headers().get("content-id"));
        }
        String method = requestLine.substring(0, uriStart - 1).toUpperCase(Locale.ROOT);
        if (method.equals("POST") && headers.containsKey("x-http-method")) {
            method = headers.get("x-http-method").toUpperCase(Locale.ROOT);
        }
        return new Operation(method, requestLine.substring(uriStart, uriEnd).trim(), headers, body(request.content()));
    }

    /** Without the line ends that some clients write behind it. */
    private static byte[] body(Slice content) {
        int end = content.to();
        while (end > content.from() && (content.bytes()[end - 1] == '\n' || content.bytes()[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOfRange(content.bytes(), content.from(), end);
    }
}
