package io.lazuli.storage.protocol.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Sends an answer with what every answer of every service has: who serves, when, the request's id, the version. */
final class ReplyWriter {

    private static final CharSequence X_MS_REQUEST_ID = HttpHeaders.createOptimized("x-ms-request-id");
    private static final CharSequence X_MS_VERSION = HttpHeaders.createOptimized("x-ms-version");
    private static final CharSequence X_MS_CLIENT_REQUEST_ID = HttpHeaders.createOptimized("x-ms-client-request-id");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    /** What an answer's own headers replace, in lower case. */
    private static final Set<String> OF_EVERY_ANSWER = Set.of("server", "date", "x-ms-request-id", "x-ms-version", "x-ms-client-request-id");

    private final EdgeLoop loop;
    private final String requestId;

    ReplyWriter(EdgeLoop loop, String requestId) {
        this.loop = loop;
        this.requestId = requestId;
    }

    /**
     * Completes when the answer has been handed to the operating system.
     *
     * @param stream the reply's streamed body, ready to be sent; null if it has none or it is not wanted
     * @param request null if its head could not be read
     */
    Future<Void> write(Reply reply, OutgoingBody stream, HttpServerRequest http, ServiceRequest request, boolean closeAfterwards) {
        HttpServerResponse response = http.response();
        MultiMap headers = response.headers();
        headers.add(HttpHeaders.SERVER, loop.protocol().serverName());
        headers.add(HttpHeaders.DATE, loop.date());
        headers.add(X_MS_REQUEST_ID, requestId);
        headers.add(X_MS_VERSION, request == null ? ServiceVersion.DEFAULT.date() : request.version().date());
        String clientRequestId = http.headers().get(X_MS_CLIENT_REQUEST_ID);
        if (clientRequestId != null && (request != null || ServiceRequest.isClientRequestId(clientRequestId))) {
            headers.add(X_MS_CLIENT_REQUEST_ID, clientRequestId);
        }
        List<String> own = reply.headers();
        for (int i = 0; i < own.size(); i += 2) {
            if (OF_EVERY_ANSWER.contains(own.get(i).toLowerCase(Locale.ROOT))) {
                headers.set(own.get(i), own.get(i + 1));
            } else {
                headers.add(own.get(i), own.get(i + 1));
            }
        }
        if (closeAfterwards) {
            headers.set(HttpHeaders.CONNECTION, CLOSE);
        }
        response.setStatusCode(reply.status());
        if (reply.contentType() != null && !headers.contains(HttpHeaders.CONTENT_TYPE)) {
            headers.add(HttpHeaders.CONTENT_TYPE, reply.contentType());
        }
        if (reply.lengthBytes() == Reply.UNKNOWN_LENGTH) {
            response.setChunked(true);
        } else if (reply.lengthBytes() > 0 || reply.status() != 204 && reply.status() != 304) {
            headers.add(HttpHeaders.CONTENT_LENGTH, Long.toString(reply.lengthBytes()));
        }
        if (stream != null) {
            return stream.send(response);
        }
        return reply.body().length == 0 || http.method() == HttpMethod.HEAD ? response.end() : response.end(Buffer.buffer(reply.body()));
    }
}
