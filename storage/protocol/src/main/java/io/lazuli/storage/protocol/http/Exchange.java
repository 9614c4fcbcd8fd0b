package io.lazuli.storage.protocol.http;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its head to its answer. Lives on one event loop; the service's answer comes from another thread and is
 * brought back. Holds at most one body, of a size that its operation allows; keeps its place among the requests under way,
 * and its room in {@link BufferBudget}, until its answer has been sent.
 *
 * <pre>
 *  begin ──room for the body──▶ READING ──body whole, room for the answer──▶ RUNNING ──answer──▶ ANSWERED ──sent──▶ released
 *    │ no room        ▲            │ too large, too slow     │ no room   ▲       │ too slow        ▲      too slow: closed
 *    └─────▶ WAITING ─┘            │                         └▶ WAITING ─┘       │                 │
 *               │ too long         │                               │ too long    │                 │
 *               └──────────────────┴───────────────────────────────┴──── error ──┴─────────────────┘
 *                                                               a lost connection also ends in ANSWERED
 * </pre>
 */
final class Exchange {

    private enum State { READING, WAITING, RUNNING, ANSWERED }

    /** A body that nobody wants is read over up to this length; a longer one costs the client its connection. */
    static final int MAX_DISCARDED_BYTES = 512 * 1024;

    /** How long a client that still sends may read its answer before its connection is closed: a reset would destroy the answer. */
    private static final long LINGER_MILLIS = 500;

    /** How long a request with a large body, or whose answer may be large, waits for room. */
    private static final long MAX_WAIT_FOR_ROOM_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger("io.lazuli.storage.protocol.http.requests");
    private static final byte[] NO_BODY = new byte[0];

    private final EdgeLoop loop;
    private final HttpServerRequest http;
    private final String requestId;
    private final Context context = Vertx.currentContext();
    private final long startNanos;
    private final RequestFraming framing;
    private final HeldRoom room;
    private State state = State.READING;
    private boolean begun;
    private boolean admitted;
    private boolean closeAfterwards;
    private long deadlineNanos;
    private ServiceRequest request;
    private StorageProtocol.PlannedRequest plan;
    private BodyCollector body;
    private boolean bodyIsPending;
    private int discardedBytes;
    private long wantedBytes;
    private Runnable whenGranted;

    Exchange(EdgeLoop loop, HttpServerRequest http, String requestId) {
        this.loop = loop;
        this.http = http;
        this.requestId = requestId;
        this.startNanos = loop.clock().nanos();
        this.framing = RequestFraming.of(http);
        this.bodyIsPending = framing.hasBody();
        this.room = new HeldRoom(loop.buffers());
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** A client that pipelines requests and does not read the answers waits until it does, so that answers do not pile up. */
    void begin() {
        begun = true;
        loop.began(http.connection());
        HttpServerResponse response = http.response();
        if (response.writeQueueFull()) {
            http.pause();
            response.drainHandler(drained -> {
                http.resume();
                plan();
            });
        } else {
            plan();
        }
    }

    private void plan() {
        try {
            loop.admit();
            admitted = true;
            deadlineIn(loop.settings().bodyTimeoutMillis());
            loop.opened(this);
            http.exceptionHandler(failure -> lost());
            request = new ServiceRequest(http, requestId, loop.protocol().service());
            if (framing.isLengthMissing()) {
                throw new StorageException(StorageErrorCode.MISSING_CONTENT_LENGTH_HEADER);
            }
            plan = loop.protocol().plan(request);
            receiveBody();
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    /** Answers a request that could not even be parsed, and closes its connection. */
    void refuse(int status, StorageErrorCode error) {
        closeAfterwards = true;
        Reply reply = errorReply(new StorageException(error));
        write(Reply.of(status, reply.contentType(), reply.body()).header("x-ms-error-code", error.code()));
    }

    void timeOut() {
        switch (state) {
            case READING, RUNNING -> {
                closeAfterwards |= state == State.READING;
                write(errorReply(new StorageException(StorageErrorCode.OPERATION_TIMED_OUT)));
            }
            case WAITING -> write(errorReply(new StorageException(StorageErrorCode.SERVER_BUSY)));
            case ANSWERED -> {
                ClientConnection.cut(http.connection());
                release();
            }
        }
    }

    private void receiveBody() {
        int max = plan.maxBodyBytes();
        int length = framing.contentLength();
        if (length > max && max > 0) {
            throw tooLarge();
        }
        if (!framing.hasBody() || max == 0) {
            if (length > MAX_DISCARDED_BYTES || framing.hasBody() && framing.isAwaitingContinue()) {
                closeAfterwards = true;
            }
            if (framing.isChunked()) {
                http.handler(this::discard);
            }
            bodyIsPending = false;
            whole(NO_BODY);
        } else {
            inRoom(BufferBudget.counted(length), this::read);
        }
    }

    private void read() {
        state = State.READING;
        deadlineIn(loop.settings().bodyTimeoutMillis());
        body = new BodyCollector(framing.contentLength());
        if (framing.isAwaitingContinue()) {
            http.response().writeContinue();
        }
        http.handler(this::received);
        http.endHandler(end -> {
            if (state == State.READING) {
                bodyIsPending = false;
                whole(body.take());
            }
        });
    }

    private void discard(Buffer part) {
        discardedBytes += part.length();
        if (discardedBytes > MAX_DISCARDED_BYTES) {
            http.handler(null);
            if (state == State.ANSWERED) {
                http.connection().close();
            } else {
                closeAfterwards = true;
            }
        }
    }

    private void received(Buffer part) {
        if (state != State.READING) {
            return;
        }
        int total = body.length() + part.length();
        if (total > plan.maxBodyBytes()) {
            closeAfterwards = true;
            fail(tooLarge());
        } else if (!room.resize(Math.max(total, framing.contentLength()))) {
            closeAfterwards = true;
            fail(new StorageException(StorageErrorCode.SERVER_BUSY));
        } else {
            body.add(part);
        }
    }

    private StorageException tooLarge() {
        return new StorageException(
                StorageErrorCode.REQUEST_BODY_TOO_LARGE, Map.of("MaxLimit", Integer.toString(plan.maxBodyBytes())));
    }

    /** The body has come whole. */
    private void whole(byte[] bytes) {
        body = null;
        inRoom(BufferBudget.counted(plan.expectedAnswerBytes()), () -> run(bytes));
    }

    /** Goes on when there is room for so many bytes more. A client whose body is not read yet does not send on meanwhile. */
    private void inRoom(long countedBytes, Runnable next) {
        if (room.takeInTurn(countedBytes)) {
            next.run();
            return;
        }
        state = State.WAITING;
        wantedBytes = countedBytes;
        whenGranted = next;
        deadlineIn(MAX_WAIT_FOR_ROOM_MILLIS);
        if (bodyIsPending) {
            http.pause();
        }
        loop.buffers().join(this);
    }

    /** What it waits for. */
    long wantedBytes() {
        return wantedBytes;
    }

    /** What it waited for has been taken for it. */
    void granted() {
        room.granted(wantedBytes);
        Runnable next = whenGranted;
        whenGranted = null;
        next.run();
        if (bodyIsPending) {
            http.resume();
        }
    }

    private void run(byte[] bytes) {
        state = State.RUNNING;
        deadlineIn(request.timeoutMillis(loop.settings().requestTimeoutMillis()));
        CompletionStage<Reply> stage;
        try {
            stage = plan.execution().run(bytes);
        } catch (RuntimeException failure) {
            fail(failure);
            return;
        }
        stage.whenComplete((reply, failure) -> onLoop(() -> {
            if (failure != null) {
                fail(failure);
            } else {
                answer(reply);
            }
        }));
    }

    private void onLoop(Runnable action) {
        if (Vertx.currentContext() == context) {
            action.run();
        } else {
            context.runOnContext(ignored -> action.run());
        }
    }

    private void fail(Throwable failure) {
        if (state != State.ANSWERED) {
            answer(errorReply(ErrorReplies.toStorageException(failure, requestId)));
        }
    }

    private Reply errorReply(StorageException failure) {
        return ErrorReplies.reply(loop.protocol(), request, failure, requestId, loop.clock().epochMillis(), loop.settings().retryAfterMillis());
    }

    private void answer(Reply reply) {
        if (state == State.ANSWERED) {
            return;
        }
        boolean ofOtherOrigin = plan != null && http.method() != HttpMethod.OPTIONS && request.header("Origin") != null;
        if (ofOtherOrigin && state == State.RUNNING) {
            loop.protocol().withCors(request, reply)
                    .whenComplete((decorated, failure) -> onLoop(() -> write(failure == null ? decorated : reply)));
        } else {
            write(reply);
        }
    }

    private void write(Reply wanted) {
        if (state == State.ANSWERED) {
            return;
        }
        leaveLine();
        Reply reply = room.resize(wanted.body().length) ? wanted : errorReply(new StorageException(StorageErrorCode.SERVER_BUSY));
        closeAfterwards |= loop.stopping() || bodyIsPending
                && (framing.contentLength() > MAX_DISCARDED_BYTES || framing.isChunked() || framing.isAwaitingContinue());
        state = State.ANSWERED;
        body = null;
        HttpServerResponse response = http.response();
        if (response.closed() || response.ended()) {
            release();
            return;
        }
        deadlineIn(loop.settings().bodyTimeoutMillis());
        new ReplyWriter(loop, requestId).write(reply, http, request, closeAfterwards).onComplete(done -> sent());
        logAnswer(reply);
    }

    private void sent() {
        release();
        if (closeAfterwards) {
            if (http.isEnded()) {
                http.connection().close();
            } else {
                context.owner().setTimer(LINGER_MILLIS, timer -> http.connection().close());
            }
        }
    }

    /** Its body, should one still come, is read over. */
    private void leaveLine() {
        if (state == State.WAITING) {
            loop.buffers().quit(this);
            whenGranted = null;
            if (bodyIsPending) {
                http.resume();
            }
        }
    }

    /** The client has gone. What runs is left to end by itself and finds nobody to tell. */
    private void lost() {
        if (state == State.READING || state == State.WAITING) {
            leaveLine();
            state = State.ANSWERED;
            release();
        }
    }

    private void release() {
        if (admitted) {
            admitted = false;
            loop.closed(this);
        }
        if (begun) {
            begun = false;
            loop.ended(http.connection());
        }
        body = null;
        room.giveAll();
    }

    private void deadlineIn(long millis) {
        deadlineNanos = loop.clock().nanos() + millis * 1_000_000;
    }

    private void logAnswer(Reply reply) {
        if (log.isDebugEnabled()) {
            log.debug("{} {} {} -> {} {} bytes in {} µs", requestId, http.method(), request == null ? "?" : request.rawPath(),
                    reply.status(), reply.body().length, (loop.clock().nanos() - startNanos) / 1000);
        }
    }
}
