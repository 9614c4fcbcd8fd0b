package io.lazuli.storage.protocol.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A streamed body on its way from the client's connection to a sink. Holds nothing itself: while the sink has not taken a part, the connection is
 * not read, so that what waits is what one turn of the event loop has read, at most {@value EdgeLoop#MAX_PART_BYTES} bytes as a rule. Ends exactly once.
 *
 * <pre>
 *  NEW ──pipeTo──▶ FLOWING ──part not taken yet──▶ HELD
 *   │                │  ▲ ▲──────────taken──────────┘ │
 *   │                │last part has come              │
 *   └── fail ────────┴────────────▶ ENDED ◀───────────┘ fail: client gone or too slow, too many bytes, sink failed, answered already
 * </pre>
 */
final class IncomingBody implements BodyStream {

    private enum State { NEW, FLOWING, HELD, ENDED }

    /** A client must send so many within {@code body-timeout}, or its body's end: dripping single bytes is no progress. */
    static final int MIN_PROGRESS_BYTES = 4 * 1024;

    private final HttpServerRequest http;
    private final Context context;
    private final RequestFraming framing;
    private final long maxBytes;
    private final Exchange exchange;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private State state = State.NEW;
    private PartSink sink;
    private long receivedBytes;
    private long progressBytes;
    private long slowBytes;
    private long slowSinceNanos;

    /** Before anything else of the request is read. */
    IncomingBody(HttpServerRequest http, Context context, RequestFraming framing, long maxBytes, Exchange exchange) {
        this.http = http;
        this.context = context;
        this.framing = framing;
        this.maxBytes = maxBytes;
        this.exchange = exchange;
        if (framing.hasBody()) {
            holdConnection();
        }
    }

    @Override
    public long lengthBytes() {
        return framing.isChunked() ? RequestFraming.UNKNOWN_LENGTH : Math.max(0, framing.contentLength());
    }

    @Override
    public CompletionStage<Void> pipeTo(PartSink sink) {
        if (Vertx.currentContext() == context) {
            begin(sink);
        } else {
            context.runOnContext(ignored -> begin(sink));
        }
        return done;
    }

    private void begin(PartSink wanted) {
        if (state == State.ENDED) {
            return;
        }
        if (state != State.NEW) {
            throw new IllegalStateException("a body is read once");
        }
        sink = wanted;
        if (!framing.hasBody()) {
            end();
            return;
        }
        flow();
        if (framing.isAwaitingContinue()) {
            http.response().writeContinue();
        }
        http.handler(this::received);
        http.endHandler(ended -> end());
        exchange.awaitClient();
        letConnectionFlow();
    }

    private void received(Buffer part) {
        if (state == State.ENDED) {
            return;
        }
        receivedBytes += part.length();
        exchange.moved(part.length());
        if (receivedBytes > maxBytes) {
            exchange.bodyIsTooLarge();
            return;
        }
        if (receivedBytes - slowBytes >= SlowClients.STEP_BYTES) {
            slowBytes = receivedBytes;
            slowSinceNanos = exchange.nanos();
        }
        if (receivedBytes - progressBytes >= MIN_PROGRESS_BYTES) {
            progressBytes = receivedBytes;
            exchange.awaitClient();
        }
        CompletionStage<Void> taken;
        try {
            taken = sink.write(((BufferInternal) part).getByteBuf().nioBuffer());
        } catch (RuntimeException failure) {
            fail(failure);
            return;
        }
        if (taken != null) {
            hold(taken.toCompletableFuture());
        }
    }

    private void hold(CompletableFuture<Void> taken) {
        if (taken.isDone() && !taken.isCompletedExceptionally()) {
            return;
        }
        state = State.HELD;
        holdConnection();
        exchange.awaitService();
        taken.whenComplete((done, failure) -> context.runOnContext(ignored -> {
            if (failure != null) {
                fail(failure);
            } else if (state == State.HELD) {
                flow();
                exchange.awaitClient();
                letConnectionFlow();
            }
        }));
    }

    private void flow() {
        state = State.FLOWING;
        slowSinceNanos = exchange.nanos();
    }

    /** Whether memory may be held for what the client sends on: since when it has been waited for. */
    OptionalLong slowSinceNanos() {
        return state == State.FLOWING && receivedBytes >= SlowClients.STEP_BYTES ? OptionalLong.of(slowSinceNanos) : OptionalLong.empty();
    }

    private void end() {
        if (state != State.ENDED) {
            state = State.ENDED;
            exchange.bodyHasCome();
            done.complete(null);
        }
    }

    /** What still comes is dropped; whoever reads the body is told. */
    void fail(Throwable cause) {
        if (state != State.ENDED) {
            state = State.ENDED;
            if (framing.hasBody()) {
                letConnectionFlow();
            }
            done.completeExceptionally(cause);
        }
    }

    /** Whether the client, not the sink, is waited for. */
    boolean isFlowing() {
        return state == State.FLOWING;
    }

    /** So many are still to come. */
    long missingBytes() {
        return framing.isChunked() ? Long.MAX_VALUE : Math.max(0, framing.contentLength()) - receivedBytes;
    }

    /** Whether the client has been told to send. */
    boolean isBegun() {
        return sink != null;
    }

    /** The request's own queue takes sixteen parts before it stops the connection; this stops it at once. */
    private void holdConnection() {
        http.pause();
        setReading(false);
    }

    private void letConnectionFlow() {
        setReading(true);
        http.resume();
    }

    private void setReading(boolean reading) {
        ((ConnectionBase) http.connection()).channelHandlerContext().channel().config().setAutoRead(reading);
    }
}
