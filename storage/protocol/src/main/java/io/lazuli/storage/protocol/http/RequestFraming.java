package io.lazuli.storage.protocol.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** What a request's head says of its body. */
record RequestFraming(long contentLength, boolean isChunked, boolean isAwaitingContinue, boolean isOfBodyMethod) {

    static final int UNKNOWN_LENGTH = -1;

    private static final Set<HttpMethod> METHODS_WITH_BODY =
            Set.of(HttpMethod.PUT, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.valueOf("MERGE"));

    static RequestFraming of(HttpServerRequest http) {
        MultiMap headers = http.headers();
        return new RequestFraming(
                contentLength(headers.get(HttpHeaders.CONTENT_LENGTH)),
                headers.contains(HttpHeaders.TRANSFER_ENCODING),
                HttpHeaders.CONTINUE.toString().equalsIgnoreCase(headers.get(HttpHeaders.EXPECT)),
                METHODS_WITH_BODY.contains(http.method()));
    }

    /** {@value #UNKNOWN_LENGTH} if there is none. */
    private static long contentLength(String text) {
        if (text == null) {
            return UNKNOWN_LENGTH;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return UNKNOWN_LENGTH;
        }
    }

    /** Whether a body follows, perhaps an empty one. */
    boolean hasBody() {
        return contentLength > 0 || isChunked;
    }

    boolean isLengthMissing() {
        return contentLength == UNKNOWN_LENGTH && !isChunked && isOfBodyMethod;
    }
}
