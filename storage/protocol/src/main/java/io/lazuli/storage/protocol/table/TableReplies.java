package io.lazuli.storage.protocol.table;

import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.table.batch.BatchWriter;
import io.lazuli.storage.protocol.table.json.ErrorBodies;
import io.lazuli.storage.protocol.table.json.MetadataLevel;

/** Answers with the headers that all of the table service's OData answers have. */
final class TableReplies {

    /** Of OData in which all JSON answers are. Source: "Setting the OData data service version headers". */
    static final String DATA_SERVICE_VERSION = "3.0;";

    private TableReplies() {}

    /** @param body given away */
    static Reply json(int status, MetadataLevel level, byte[] body) {
        return common(Reply.of(status, level.contentType(), body));
    }

    static Reply empty(int status) {
        return common(Reply.empty(status));
    }

    /** Of a batch. @param body given away */
    static Reply multipart(String contentType, byte[] body) {
        return common(Reply.of(BatchWriter.STATUS, contentType, body));
    }

    /** @param body of a single error; given away */
    static Reply error(int status, byte[] body) {
        return common(Reply.of(status, ErrorBodies.CONTENT_TYPE, body));
    }

    private static Reply common(Reply reply) {
        return reply.header("Cache-Control", "no-cache")
                .header("X-Content-Type-Options", "nosniff")
                .header("DataServiceVersion", DATA_SERVICE_VERSION);
    }
}
