package io.lazuli.storage.protocol.http;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
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
 *  begin ──▶ READING ──body whole──▶ WAITING ──room for the answer──▶ RUNNING ──answer──▶ ANSWERED ──sent──▶ released
 *    │          │ too large, too slow   │ too long                       │ too slow          ▲       too slow: closed
 *    └──────────┴───────────────────────┴────────────────────────────────┴──── error ────────┘
 *                                                               a lost connection also ends in ANSWERED
 * </pre>
 */
final class Exchange {

    private enum State { READING, WAITING, RUNNING, ANSWERED }

    /** A body that nobody wants is read over up to this length; a longer one costs the client its connection. */
    static final int MAX_DISCARDED_BYTES = 512 * 1024;

    /** How long a client that still sends may read its answer before its connection is closed: a reset would destroy the answer. */
    private static final long LINGER_MILLIS = 500;

    /** How long an operation whose answer may be large waits for room. */
    private static final long MAX_WAIT_FOR_ROOM_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger("io.lazuli.storage.protocol.http.requests");
    private static final CharSequence X_MS_REQUEST_ID = HttpHeaders.createOptimized("x-ms-request-id");
    private static final CharSequence X_MS_VERSION = HttpHeaders.createOptimized("x-ms-version");
    private static final CharSequence X_MS_CLIENT_REQUEST_ID = HttpHeaders.createOptimized("x-ms-client-request-id");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
    private static final byte[] NO_BODY = new byte[0];
    private static final int UNKNOWN_LENGTH = -1;
    private static final int MAX_CLIENT_TIMEOUT_DIGITS = 6;

    private final EdgeLoop loop;
    private final HttpServerRequest http;
    private final String requestId;
    private final Context context = Vertx.currentContext();
    private final long startNanos;
    private State state = State.READING;
    private boolean begun;
    private boolean admitted;
    private boolean closeAfterwards;
    private long deadlineNanos;
    private ServiceRequest request;
    private StorageProtocol.PlannedRequest plan;
    private Buffer body;
    private boolean bodyIsOwn;
    private byte[] wholeBody;
    private int discardedBytes;
    private long heldBytes;

    Exchange(EdgeLoop loop, HttpServerRequest http, String requestId) {
        this.loop = loop;
        this.http = http;
        this.requestId = requestId;
        this.startNanos = loop.clock().nanos();
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
            int length = contentLength();
            if (length == UNKNOWN_LENGTH && !isChunked() && (http.method() == HttpMethod.PUT || http.method() == HttpMethod.POST)) {
                throw new StorageException(StorageErrorCode.MISSING_CONTENT_LENGTH_HEADER);
            }
            plan = loop.protocol().plan(request);
            receiveBody(length);
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

    private void receiveBody(int length) {
        int max = plan.maxBodyBytes();
        if (length > max && max > 0) {
            throw tooLarge();
        }
        boolean expected = length > 0 || isChunked();
        if (!expected || max == 0) {
            if (length > MAX_DISCARDED_BYTES || expected && isAwaitingContinue()) {
                closeAfterwards = true;
            }
            if (isChunked()) {
                http.handler(this::discard);
            }
            whole(NO_BODY);
            return;
        }
        if (!hold(length)) {
            throw new StorageException(StorageErrorCode.SERVER_BUSY);
        }
        if (isAwaitingContinue()) {
            http.response().writeContinue();
        }
        http.handler(this::received);
        http.endHandler(end -> {
            if (state == State.READING) {
                whole(body == null ? NO_BODY : body.getBytes());
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
        int total = (body == null ? 0 : body.length()) + part.length();
        if (total > plan.maxBodyBytes()) {
            body = null;
            closeAfterwards = true;
            fail(tooLarge());
        } else if (!hold(Math.max(total, contentLength()))) {
            closeAfterwards = true;
            fail(new StorageException(StorageErrorCode.SERVER_BUSY));
        } else if (body == null) {
            body = part;
        } else {
            if (!bodyIsOwn) {
                bodyIsOwn = true;
                body = Buffer.buffer(Math.max(total, Math.min(contentLength(), plan.maxBodyBytes()))).appendBuffer(body);
            }
            body.appendBuffer(part);
        }
    }

    private StorageException tooLarge() {
        return new StorageException(
                StorageErrorCode.REQUEST_BODY_TOO_LARGE, Map.of("MaxLimit", Integer.toString(plan.maxBodyBytes())));
    }

    /** Makes room for what is held now: a body, or an answer. */
    private boolean hold(long bytes) {
        long more = BufferBudget.counted(bytes) - heldBytes;
        if (more > 0 && !loop.buffers().take(more)) {
            return false;
        }
        heldBytes += more;
        if (more < 0) {
            loop.buffers().give(-more);
        }
        return true;
    }

    /** The body has come whole. */
    private void whole(byte[] bytes) {
        body = null;
        long wanted = wantedBytes();
        if (wanted == 0) {
            run(bytes);
        } else if (!loop.buffers().inDemand() && loop.buffers().take(wanted)) {
            heldBytes += wanted;
            run(bytes);
        } else {
            state = State.WAITING;
            wholeBody = bytes;
            deadlineIn(MAX_WAIT_FOR_ROOM_MILLIS);
            loop.buffers().join(this);
        }
    }

    /** Of its answer, beside what it holds. */
    long wantedBytes() {
        return BufferBudget.counted(plan.expectedAnswerBytes());
    }

    /** What it wanted has been taken for it. */
    void granted() {
        heldBytes += wantedBytes();
        run(wholeBody);
    }

    private void run(byte[] bytes) {
        state = State.RUNNING;
        wholeBody = null;
        deadlineIn(timeoutMillis());
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
        if (state == State.WAITING) {
            loop.buffers().quit(this);
            wholeBody = null;
        }
        Reply reply = hold(wanted.body().length) ? wanted : errorReply(new StorageException(StorageErrorCode.SERVER_BUSY));
        closeAfterwards |= loop.stopping()
                || state == State.READING && (contentLength() > MAX_DISCARDED_BYTES || isChunked() || isAwaitingContinue());
        state = State.ANSWERED;
        body = null;
        HttpServerResponse response = http.response();
        if (response.closed() || response.ended()) {
            release();
            return;
        }
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
            headers.add(own.get(i), own.get(i + 1));
        }
        if (closeAfterwards) {
            headers.set(HttpHeaders.CONNECTION, CLOSE);
        }
        response.setStatusCode(reply.status());
        deadlineIn(loop.settings().bodyTimeoutMillis());
        send(response, reply);
        logAnswer(reply);
    }

    private void send(HttpServerResponse response, Reply reply) {
        byte[] bytes = reply.body();
        if (bytes.length == 0) {
            if (reply.status() != 204) {
                response.headers().add(HttpHeaders.CONTENT_LENGTH, "0");
            }
            response.end().onComplete(done -> sent());
            return;
        }
        response.headers().add(HttpHeaders.CONTENT_TYPE, reply.contentType());
        response.headers().add(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length));
        if (http.method() == HttpMethod.HEAD) {
            response.end().onComplete(done -> sent());
        } else {
            response.end(Buffer.buffer(bytes)).onComplete(done -> sent());
        }
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

    /** The client has gone. What runs is left to end by itself and finds nobody to tell. */
    private void lost() {
        if (state == State.READING || state == State.WAITING) {
            loop.buffers().quit(this);
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
        wholeBody = null;
        hold(0);
    }

    private void deadlineIn(long millis) {
        deadlineNanos = loop.clock().nanos() + millis * 1_000_000;
    }

    /** The client's {@code timeout} in seconds where it is shorter than ours. Source: "Setting timeouts for Queue Storage operations". */
    private long timeoutMillis() {
        long ownMillis = loop.settings().requestTimeoutMillis();
        String asked = request.query().first("timeout");
        if (asked == null || asked.isEmpty() || asked.length() > MAX_CLIENT_TIMEOUT_DIGITS || !asked.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return ownMillis;
        }
        long askedMillis = Long.parseLong(asked) * 1000;
        return askedMillis > 0 ? Math.min(ownMillis, askedMillis) : ownMillis;
    }

    private boolean isChunked() {
        return http.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private boolean isAwaitingContinue() {
        return HttpHeaders.CONTINUE.toString().equalsIgnoreCase(http.headers().get(HttpHeaders.EXPECT));
    }

    /** {@value #UNKNOWN_LENGTH} if there is none; what is beyond int is as large. */
    private int contentLength() {
        String text = http.headers().get(HttpHeaders.CONTENT_LENGTH);
        if (text == null) {
            return UNKNOWN_LENGTH;
        }
        try {
            return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return UNKNOWN_LENGTH;
        }
    }

    private void logAnswer(Reply reply) {
        if (log.isDebugEnabled()) {
            log.debug("{} {} {} -> {} {} bytes in {} µs", requestId, http.method(), request == null ? "?" : request.rawPath(),
                    reply.status(), reply.body().length, (loop.clock().nanos() - startNanos) / 1000);
        }
    }
}
