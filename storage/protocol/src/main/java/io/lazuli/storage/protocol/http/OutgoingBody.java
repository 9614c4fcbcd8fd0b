package io.lazuli.storage.protocol.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A streamed body on its way from a {@link ReplyBody} to the client's connection. The first part is fetched before the answer's head is sent, so that
 * what cannot be read is answered as an error. Parts are sent without being copied; at most {@value #MAX_UNSENT_BYTES} bytes and one part
 * are held while the client does not read. The body is closed exactly once. Event loop only.
 *
 * <pre>
 *  OPENING ──first part──▶ READY ──send──▶ SENDING ──all sent──▶ CLOSED
 *     │ failed               │ not wanted     │ client gone, too slow; failed: connection cut
 *     └──────────────────────┴────────────────┴──▶ CLOSED
 * </pre>
 */
final class OutgoingBody {

    private enum State { OPENING, READY, SENDING, CLOSED }

    /** No further part is asked for while so many bytes have not been taken by the connection. */
    static final int MAX_UNSENT_BYTES = 512 * 1024;

    /** Parts are written in pieces of this size, the taking of one of which is the progress that a client must make. */
    private static final int MAX_WRITE_BYTES = 128 * 1024;

    private static final Logger log = LoggerFactory.getLogger(OutgoingBody.class);

    private final ReplyBody body;
    private final Context context;
    private final Exchange exchange;
    private final Promise<Void> done = Promise.promise();
    private final boolean isMeasured;
    private State state = State.OPENING;
    /** 0 at the end; of a body of unknown length more than will ever come. */
    private long missingBytes;
    private long unsentBytes;
    private long slowSinceNanos;
    private ReplyBody.Part first;
    private HttpServerResponse response;
    private boolean asking;
    private boolean pumping;

    /** @param lengthBytes or {@link Reply#UNKNOWN_LENGTH} */
    OutgoingBody(ReplyBody body, long lengthBytes, Context context, Exchange exchange) {
        this.body = body;
        this.isMeasured = lengthBytes != Reply.UNKNOWN_LENGTH;
        this.missingBytes = isMeasured ? lengthBytes : Long.MAX_VALUE;
        this.context = context;
        this.exchange = exchange;
    }

    /** Fetches the first part; completes on the event loop, or never if it is closed meanwhile. */
    Future<Void> open() {
        Promise<Void> opened = Promise.promise();
        if (missingBytes == 0) {
            state = State.READY;
            opened.complete();
            return opened.future();
        }
        body.next().whenComplete((part, failure) -> onLoop(() -> {
            if (state == State.CLOSED) {
                release(part);
            } else if (failure != null) {
                opened.fail(failure);
            } else {
                first = part;
                state = State.READY;
                opened.complete();
            }
        }));
        return opened.future();
    }

    /** Sends the head, whose headers are set, and all bytes. Completes when the connection has taken all, or fails. */
    Future<Void> send(HttpServerResponse to) {
        response = to;
        state = State.SENDING;
        if (missingBytes == 0) {
            end();
            return done.future();
        }
        response.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
        response.closeHandler(closed -> stop(new IllegalStateException("the client has gone")));
        ReplyBody.Part part = first;
        first = null;
        write(part);
        pump();
        return done.future();
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (state == State.SENDING && !asking && missingBytes > 0 && unsentBytes < MAX_UNSENT_BYTES) {
            asking = true;
            exchange.awaitService();
            body.next().whenComplete((part, failure) -> onLoop(() -> came(part, failure)));
        }
        pumping = false;
    }

    private void came(ReplyBody.Part part, Throwable failure) {
        asking = false;
        if (state == State.CLOSED) {
            release(part);
        } else if (failure != null) {
            cut(failure);
        } else {
            exchange.awaitClient();
            write(part);
            pump();
        }
    }

    private void write(ReplyBody.Part part) {
        if (part == null && !isMeasured) {
            missingBytes = 0;
            end();
            return;
        }
        if (part == null || part.bytes().remaining() > missingBytes) {
            release(part);
            cut(new IllegalStateException(part == null ? missingBytes + " bytes less than were told" : "more bytes than were told"));
            return;
        }
        ByteBuffer bytes = part.bytes();
        int length = bytes.remaining();
        missingBytes -= length;
        if (unsentBytes == 0) {
            slowSinceNanos = exchange.nanos();
        }
        unsentBytes += length;
        boolean nested = pumping;
        pumping = true;
        for (int from = 0; from < length || from == 0; from += MAX_WRITE_BYTES) {
            int size = Math.min(MAX_WRITE_BYTES, length - from);
            ReplyBody.Part whole = from + size == length ? part : null;
            response.write(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes.slice(bytes.position() + from, size))))
                    .onComplete(written -> taken(size, whole, written.cause()));
        }
        pumping = nested;
        if (missingBytes == 0 && state == State.SENDING) {
            end();
        }
    }

    private void end() {
        response.end().onComplete(ended -> stop(ended.cause()));
    }

    private void taken(int bytes, ReplyBody.Part whole, Throwable failure) {
        release(whole);
        unsentBytes -= bytes;
        slowSinceNanos = exchange.nanos();
        exchange.moved(bytes);
        if (failure != null) {
            stop(failure);
        } else if (state == State.SENDING) {
            if (!asking) {
                exchange.awaitClient();
            }
            pump();
        }
    }

    /** Whether memory is held that the client has not taken: since when it has taken nothing. */
    OptionalLong slowSinceNanos() {
        return state == State.SENDING && unsentBytes > 0 ? OptionalLong.of(slowSinceNanos) : OptionalLong.empty();
    }

    private void cut(Throwable failure) {
        log.warn("an answer's body failed before its end", failure);
        stop(failure);
        ClientConnection.cut(exchange.connection());
    }

    /** @param failure null if all has been sent */
    private void stop(Throwable failure) {
        close();
        if (failure == null) {
            done.tryComplete();
        } else {
            done.tryFail(failure);
        }
    }

    /** It is not wanted any further. */
    void close() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            release(first);
            first = null;
            body.close();
        }
    }

    private static void release(ReplyBody.Part part) {
        if (part != null) {
            part.release();
        }
    }

    private void onLoop(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(ignored -> action.run());
        }
    }
}
