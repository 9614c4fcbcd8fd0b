package io.lazuli.storage.protocol.http;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its head to its answer. Lives on one event loop; the service's answer comes from another thread and is
 * brought back. Holds at most one body, of a size that its operation allows, or streams it ({@link IncomingBody}, {@link OutgoingBody}); keeps its place
 * among the requests under way, and its room in {@link BufferBudget}, until its answer has been sent.
 *
 * <pre>
 *    ┌──────────────────── body is streamed: it comes while the operation runs ───┐
 *    │                                                                            ▼
 *  begin ──room for the body──▶ READING ──body whole, room for the answer──▶ RUNNING ──answer──▶ ANSWERED ──sent──▶ released
 *    │ no room        ▲            │ too large, too slow     │ no room   ▲       │ too slow        ▲      too slow: closed
 *    └─────▶ WAITING ─┘            │                         └▶ WAITING ─┘       │ or lost         │
 *               │ too long         │                               │ too long    │                 │
 *               └──────────────────┴───────────────────────────────┴──── error ──┴─────────────────┘
 *                                    a connection lost before RUNNING also ends in ANSWERED
 * </pre>
 *
 * Times: a body that is held whole, an operation and an answer that is held whole have each a time as a whole; for what is streamed, the client
 * and the service have that time for each step ({@link #awaitClient}, {@link #awaitService}), and the client one as a whole that grows with
 * the bytes that have moved. An operation that streams what is not its client's lasts as long as that moves ({@link StreamPace}).
 */
final class Exchange implements Progress {

    private enum State { READING, WAITING, RUNNING, ANSWERED }

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
    private final RequestBody body;
    private final HeldRoom room;
    private State state = State.READING;
    private boolean begun;
    private boolean admitted;
    private boolean closeAfterwards;
    private long deadlineNanos;
    private final StreamPace pace = new StreamPace();
    private ServiceRequest request;
    private StorageProtocol.PlannedRequest plan;
    private IncomingBody incoming;
    private OutgoingBody outgoing;

    Exchange(EdgeLoop loop, HttpServerRequest http, String requestId) {
        this.loop = loop;
        this.http = http;
        this.requestId = requestId;
        this.startNanos = loop.clock().nanos();
        this.room = new HeldRoom(loop.buffers());
        this.body = new RequestBody(http, room, this);
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
            if (body.framing().isLengthMissing()) {
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
                if (lasts()) {
                    awaitService();
                    return;
                }
                closeAfterwards |= state == State.READING || incoming != null && incoming.isFlowing();
                write(errorReply(new StorageException(StorageErrorCode.OPERATION_TIMED_OUT)));
            }
            case WAITING -> write(errorReply(new StorageException(StorageErrorCode.SERVER_BUSY)));
            case ANSWERED -> {
                ClientConnection.cut(http.connection());
                release();
            }
        }
    }

    @Override
    public void moved(long bytes) {
        pace.moved(bytes);
    }

    /** Whether an operation that streams what is not its client's gets on. */
    private boolean lasts() {
        return state == State.RUNNING && plan.lastingExecution() != null && pace.getsOn(nanos());
    }

    long nanos() {
        return loop.clock().nanos();
    }

    /** Since when a client that holds memory of a transfer has not moved its bytes. */
    OptionalLong slowSinceNanos() {
        if (outgoing != null && state == State.ANSWERED) {
            return outgoing.slowSinceNanos();
        }
        return incoming != null && state == State.RUNNING ? incoming.slowSinceNanos() : OptionalLong.empty();
    }

    /** Others need what its client holds. */
    void cut() {
        lost();
        ClientConnection.cut(http.connection());
        closeStreams();
    }

    private void receiveBody() {
        long max = plan.maxBodyBytes();
        RequestFraming framing = body.framing();
        if (framing.contentLength() > max && max > 0) {
            throw tooLarge();
        }
        if (plan.streamingExecution() != null) {
            pace.begin(nanos(), loop.settings().writeMillisPerMib());
            incoming = new IncomingBody(http, context, framing, max, this);
            run(() -> plan.streamingExecution().run(incoming));
        } else if (!framing.hasBody() || max == 0) {
            closeAfterwards |= body.skip();
            whole(NO_BODY);
        } else {
            inRoom(BufferBudget.counted(framing.contentLength()), () -> {
                state = State.READING;
                deadlineIn(loop.settings().bodyTimeoutMillis());
                body.collect(plan.maxBodyBytes());
            });
        }
    }

    /** Nothing of the body is wanted any further. */
    void bodyIsTooLong() {
        if (state == State.ANSWERED) {
            http.connection().close();
        } else {
            closeAfterwards = true;
        }
    }

    /** More of it has come than the operation allows. */
    void bodyIsTooLarge() {
        closeAfterwards = true;
        StorageException failure = tooLarge();
        if (incoming != null) {
            incoming.fail(failure);
        }
        fail(failure);
    }

    /** There is no room for what has come of it. */
    void bodyHasNoRoom() {
        closeAfterwards = true;
        fail(new StorageException(StorageErrorCode.SERVER_BUSY));
    }

    private StorageException tooLarge() {
        return new StorageException(
                StorageErrorCode.REQUEST_BODY_TOO_LARGE, Map.of("MaxLimit", Long.toString(plan.maxBodyBytes())));
    }

    boolean isReading() {
        return state == State.READING;
    }

    /** The body has come whole. */
    void whole(byte[] bytes) {
        inRoom(BufferBudget.counted(plan.expectedAnswerBytes()), () -> run(() -> {
            if (plan.lastingExecution() == null) {
                return plan.execution().run(bytes);
            }
            pace.begin(nanos(), loop.settings().writeMillisPerMib());
            return plan.lastingExecution().run(this);
        }));
    }

    /** Goes on when there is room for so many bytes more. A client whose body is not read yet does not send on meanwhile. */
    private void inRoom(long countedBytes, Runnable next) {
        if (room.takeInTurn(countedBytes)) {
            next.run();
            return;
        }
        state = State.WAITING;
        deadlineIn(MAX_WAIT_FOR_ROOM_MILLIS);
        if (body.isPending()) {
            http.pause();
        }
        room.await(countedBytes, () -> {
            next.run();
            if (body.isPending()) {
                http.resume();
            }
        });
    }

    private void run(Supplier<CompletionStage<Reply>> execution) {
        state = State.RUNNING;
        awaitService();
        CompletionStage<Reply> stage;
        try {
            stage = execution.get();
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
        if (reply.stream() != null) {
            outgoing = new OutgoingBody(reply.stream(), reply.lengthBytes(), context, this);
        }
        if (state == State.ANSWERED) {
            closeStreams();
        } else if (reply.stream() == null || http.method() == HttpMethod.HEAD) {
            decorate(reply);
        } else {
            outgoing.open().onComplete(opened -> {
                if (opened.succeeded()) {
                    decorate(reply);
                } else {
                    fail(opened.cause());
                }
            });
        }
    }

    private void decorate(Reply reply) {
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
        closeAfterwards |= loop.stopping() || body.isRestUnreadable(incoming) || endsWithConnection(reply);
        state = State.ANSWERED;
        body.drop();
        HttpServerResponse response = http.response();
        if (response.closed() || response.ended()) {
            release();
            return;
        }
        boolean streamed = reply.stream() != null && http.method() != HttpMethod.HEAD;
        if (streamed) {
            pace.begin(nanos(), loop.settings().readMillisPerMib());
        } else {
            closeStreams();
        }
        deadlineIn(loop.settings().bodyTimeoutMillis());
        new ReplyWriter(loop, requestId).write(reply, streamed ? outgoing : null, http, request, closeAfterwards).onComplete(done -> sent());
        logAnswer(reply);
    }

    /** HTTP/1.0 knows no chunks: nothing else tells its clients that a body of unknown length is over. */
    private boolean endsWithConnection(Reply reply) {
        return reply.lengthBytes() == Reply.UNKNOWN_LENGTH && http.version() == HttpVersion.HTTP_1_0;
    }

    /** The answer needs them no more. */
    private void closeStreams() {
        if (incoming != null) {
            incoming.fail(new StorageException(StorageErrorCode.OPERATION_TIMED_OUT));
        }
        if (outgoing != null) {
            outgoing.close();
        }
    }

    /** A part of a streamed body is awaited, or that one is taken. */
    void awaitClient() {
        deadlineIn(loop.settings().bodyTimeoutMillis());
        if (pace.lastNanos() - deadlineNanos < 0) {
            deadlineNanos = pace.lastNanos();
        }
    }

    /** The operation, or one step of one that streams, is awaited. */
    void awaitService() {
        deadlineIn(request.timeoutMillis(loop.settings().requestTimeoutMillis()));
    }

    /** The streamed body has come whole. */
    void bodyHasCome() {
        body.hasCome();
        if (state == State.RUNNING) {
            awaitService();
        }
    }

    HttpConnection connection() {
        return http.connection();
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
            room.leaveLine();
            if (body.isPending()) {
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
        } else if (incoming != null) {
            incoming.fail(new StorageException(StorageErrorCode.OPERATION_TIMED_OUT));
        }
    }

    private void release() {
        closeStreams();
        if (admitted) {
            admitted = false;
            loop.closed(this);
        }
        if (begun) {
            begun = false;
            loop.ended(http.connection());
        }
        body.drop();
        room.giveAll();
    }

    private void deadlineIn(long millis) {
        deadlineNanos = loop.clock().nanos() + millis * 1_000_000;
    }

    private void logAnswer(Reply reply) {
        if (log.isDebugEnabled()) {
            log.debug("{} {} {} -> {} {} bytes in {} µs", requestId, http.method(), request == null ? "?" : request.rawPath(),
                    reply.status(), reply.lengthBytes(), (loop.clock().nanos() - startNanos) / 1000);
        }
    }
}
