package io.lazuli.storage.protocol.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * What becomes of a request's body: it is held whole up to the size that the operation allows, or read over, or streamed ({@link IncomingBody}), and
 * what is left of it when the answer is ready is read over or costs the client its connection. Event loop only.
 */
final class RequestBody {

    /** A body that nobody wants is read over up to this length; a longer one costs the client its connection. */
    static final int MAX_DISCARDED_BYTES = 512 * 1024;

    private final HttpServerRequest http;
    private final HeldRoom room;
    private final Exchange exchange;
    private final RequestFraming framing;
    private boolean pending;
    private int discardedBytes;
    private long maxBytes;
    private BodyCollector collected;

    RequestBody(HttpServerRequest http, HeldRoom room, Exchange exchange) {
        this.http = http;
        this.room = room;
        this.exchange = exchange;
        this.framing = RequestFraming.of(http);
        this.pending = framing.hasBody();
    }

    RequestFraming framing() {
        return framing;
    }

    /** Whether it has not come whole and has not been given up. */
    boolean isPending() {
        return pending;
    }

    /** Nobody wants it. @return whether the connection is to be closed for it */
    boolean skip() {
        pending = false;
        if (framing.isChunked()) {
            http.handler(this::discard);
        }
        return framing.contentLength() > MAX_DISCARDED_BYTES || framing.hasBody() && framing.isAwaitingContinue();
    }

    private void discard(Buffer part) {
        discardedBytes += part.length();
        if (discardedBytes > MAX_DISCARDED_BYTES) {
            http.handler(null);
            exchange.bodyIsTooLong();
        }
    }

    /** Holds it whole for the exchange. */
    void collect(long max) {
        maxBytes = max;
        collected = new BodyCollector((int) framing.contentLength());
        if (framing.isAwaitingContinue()) {
            http.response().writeContinue();
        }
        http.handler(this::received);
        http.endHandler(end -> {
            if (exchange.isReading()) {
                pending = false;
                byte[] whole = collected.take();
                collected = null;
                exchange.whole(whole);
            }
        });
    }

    private void received(Buffer part) {
        if (!exchange.isReading()) {
            return;
        }
        int total = collected.length() + part.length();
        if (total > maxBytes) {
            exchange.bodyIsTooLarge();
        } else if (!room.resize(Math.max(total, framing.contentLength()))) {
            exchange.bodyHasNoRoom();
        } else {
            collected.add(part);
        }
    }

    /** The streamed one has come whole. */
    void hasCome() {
        pending = false;
    }

    /** What is held of it is not needed any further. */
    void drop() {
        collected = null;
    }

    /** Whether what is left of it is too long to be read over, or may never be sent. @param streamed null if it is not */
    boolean isRestUnreadable(IncomingBody streamed) {
        if (!pending) {
            return false;
        }
        long missingBytes = streamed == null ? framing.contentLength() : streamed.missingBytes();
        boolean awaitingContinue = framing.isAwaitingContinue() && (streamed == null || !streamed.isBegun());
        return missingBytes > MAX_DISCARDED_BYTES || framing.isChunked() || awaitingContinue;
    }
}
