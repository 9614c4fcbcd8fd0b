package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.model.StorageException;
import java.time.Instant;

/** Errors as JSON. Source: "Status and error codes" (OData errors), "Table service error codes". */
public final class ErrorBodies {

    public static final String CONTENT_TYPE = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";

    private static final int ERROR_BYTES = 512;

    private ErrorBodies() {}

    public static byte[] error(StorageException failure, String requestId, long nowMillis) {
        return write("", failure, requestId, nowMillis);
    }

    /** Of a transaction. @param index of the operation that failed, from 0 */
    public static byte[] errorInBatch(int index, StorageException failure, String requestId, long nowMillis) {
        return write(index + ":", failure, requestId, nowMillis);
    }

    private static byte[] write(String prefix, StorageException failure, String requestId, long nowMillis) {
        StringBuilder message = new StringBuilder(prefix).append(failure.error().message());
        failure.details().values().forEach(detail -> message.append(' ').append(detail));
        message.append("\nRequestId:").append(requestId).append("\nTime:").append(Instant.ofEpochMilli(nowMillis));
        return new JsonWriter(ERROR_BYTES)
                .beginObject()
                .name("odata.error")
                .beginObject()
                .name("code").value(failure.error().code())
                .name("message")
                .beginObject()
                .name("lang").value("en-US")
                .name("value").value(message.toString())
                .endObject()
                .endObject()
                .endObject()
                .toBytes();
    }
}
