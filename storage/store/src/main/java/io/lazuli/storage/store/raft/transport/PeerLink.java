package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.lazuli.storage.store.raft.RaftSettings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection from this node to one peer, shared by all groups: requests go out in the order of the calls. It is
 * opened when somebody asks for it and reopened by the next who asks after it broke (a pause after each failure). Every
 * call ends: with its response, its own time-out, or the end of the connection. Bounded: bytes that wait to be written
 * (further calls fail), and through the time-outs the calls that wait for a response.
 *
 * <pre>
 *   down --connect--> connecting --peer's handshake--> live --close, silence--> down
 *                         └--failure--> down (pause)
 * </pre>
 */
final class PeerLink {

    private static final Logger log = LoggerFactory.getLogger(PeerLink.class);
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** When a call times out and nothing was received for this long after it or an earlier one was sent, the connection counts as broken. */
    private static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long NOTHING_SENT = Long.MIN_VALUE;

    private final Endpoint peer;
    private final String selfAddress;
    private final RaftSettings settings;
    private final NetClient client;
    /** Where callbacks run that name no executor of their own or whose executor has stopped. */
    private final Executor fallback;
    private final Runnable onLive;

    private volatile Live live;
    /** Guarded by {@code this}, as are the two below. */
    private CompletableFuture<Live> connecting;
    private long notBeforeNanos;
    private boolean closed;

    PeerLink(Endpoint peer, String selfAddress, RaftSettings settings, NetClient client, Executor fallback, Runnable onLive) {
        this.peer = peer;
        this.selfAddress = selfAddress;
        this.settings = settings;
        this.client = client;
        this.fallback = fallback;
        this.onLive = onLive;
        this.notBeforeNanos = System.nanoTime();
    }

    boolean isLive() {
        return live != null;
    }

    /** Begins to connect unless that is done, under way or too soon after a failure. */
    CompletableFuture<Live> connect() {
        CompletableFuture<Live> attempt;
        synchronized (this) {
            Live current = live;
            if (current != null) {
                return CompletableFuture.completedFuture(current);
            }
            if (connecting != null) {
                return connecting;
            }
            if (closed || System.nanoTime() - notBeforeNanos < 0) {
                return CompletableFuture.failedFuture(new RemotingException("no connection to " + peer));
            }
            attempt = new CompletableFuture<>();
            connecting = attempt;
        }
        client.connect(peer.getPort(), peer.getIp()).onComplete(connected -> {
            if (connected.failed()) {
                failed(attempt, connected.cause());
            } else {
                new Live(connected.result(), attempt).begin();
            }
        });
        return attempt;
    }

    /** Sends {@code request}, first connecting if need be. The callback never runs in the caller's thread. */
    void call(Message request, InvokeCallback callback, long timeoutMillis) throws RemotingException {
        Live current = live;
        if (current != null) {
            current.send(request, callback, timeoutMillis);
            return;
        }
        connect().whenComplete((connected, failure) -> {
            if (failure == null) {
                try {
                    connected.send(request, callback, timeoutMillis);
                    return;
                } catch (RemotingException e) {
                    complete(callback, null, e);
                    return;
                }
            }
            complete(callback, null, failure);
        });
    }

    /** Ends calls that are over time; called a few times a second. */
    void sweep(long nowNanos) {
        Live current = live;
        if (current != null) {
            current.sweep(nowNanos);
        }
    }

    void disconnect(String reason) {
        Live current = live;
        if (current != null) {
            current.end(reason);
        }
    }

    void close() {
        CompletableFuture<Live> attempt;
        synchronized (this) {
            closed = true;
            attempt = connecting;
        }
        disconnect("closing");
        if (attempt != null) {
            attempt.completeExceptionally(new RemotingException("closing"));
        }
    }

    private void failed(CompletableFuture<Live> attempt, Throwable cause) {
        synchronized (this) {
            connecting = null;
            notBeforeNanos = System.nanoTime() + PAUSE_AFTER_FAILURE_NANOS;
        }
        log.debug("cannot connect to {}: {}", peer, cause.toString());
        attempt.completeExceptionally(new RemotingException("cannot connect to " + peer + ": " + cause));
    }

    private void complete(InvokeCallback callback, Object result, Throwable failure) {
        Executor executor = callback.executor();
        try {
            (executor != null ? executor : fallback).execute(() -> callback.complete(result, failure));
        } catch (RejectedExecutionException stopped) {
            try {
                fallback.execute(() -> callback.complete(result, failure));
            } catch (RejectedExecutionException alsoStopped) {
                callback.complete(result, failure);
            }
        }
    }

    private static final class Call {
        final InvokeCallback callback;
        final String request;
        final long sentNanos;
        final long deadlineNanos;

        Call(InvokeCallback callback, Message request, long timeoutMillis) {
            this.callback = callback;
            this.request = request.getClass().getSimpleName();
            this.sentNanos = System.nanoTime();
            this.deadlineNanos = sentNanos + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        }
    }

    /** One connection from its opening to its end. */
    final class Live {

        private final NetSocket socket;
        private final CompletableFuture<Live> attempt;
        private final Frames frames = new Frames(settings.maxFrameBytes());
        private final Map<Integer, Call> pending = new ConcurrentHashMap<>();
        private final AtomicInteger nextCall = new AtomicInteger();
        /** The peer's bytes until its handshake is whole, then null. Used on the event loop only. */
        private Buffer handshake = Buffer.buffer();
        /** When the first call was sent since something was received; {@link #NOTHING_SENT} if none was. */
        private volatile long unansweredSinceNanos = NOTHING_SENT;
        private volatile boolean ended;

        private Live(NetSocket socket, CompletableFuture<Live> attempt) {
            this.socket = socket;
            this.attempt = attempt;
        }

        private void begin() {
            socket.setWriteQueueMaxSize(RaftTransport.MAX_QUEUED_BYTES);
            socket.handler(this::received);
            socket.closeHandler(closed -> end("closed by the peer"));
            socket.exceptionHandler(failure -> end(failure.toString()));
            socket.write(Handshake.encode(settings.cloudName(), selfAddress));
            // The peer may never answer: a stopped process still accepts connections.
            attempt.orTimeout(settings.connectTimeoutMillis(), TimeUnit.MILLISECONDS).whenComplete((connected, failure) -> {
                if (failure != null) {
                    end("no handshake: " + failure);
                }
            });
        }

        private void received(Buffer chunk) {
            unansweredSinceNanos = NOTHING_SENT;
            try {
                if (handshake == null) {
                    frames.read(chunk, 0, this::response);
                    return;
                }
                handshake.appendBuffer(chunk);
                Handshake.Received peerHandshake = Handshake.decode(handshake, settings.cloudName());
                if (peerHandshake != null) {
                    Buffer rest = handshake;
                    handshake = null;
                    becomeLive();
                    frames.read(rest, peerHandshake.length(), this::response);
                }
            } catch (ProtocolViolation e) {
                log.warn("disconnected from {}: {}", peer, e.getMessage());
                end(e.getMessage());
            }
        }

        private void becomeLive() {
            synchronized (PeerLink.this) {
                if (ended || closed) {
                    return;
                }
                live = this;
                connecting = null;
            }
            log.debug("connected to {}", peer);
            attempt.complete(this);
            onLive.run();
        }

        private void response(FrameType type, int call, byte[] body) throws ProtocolViolation {
            if (type.isRequest()) {
                throw new ProtocolViolation("a request where a response is due");
            }
            Call waiting = pending.remove(call);
            if (waiting != null) {
                complete(waiting.callback, type.parse(body), null);
            }
        }

        void send(Message request, InvokeCallback callback, long timeoutMillis) throws RemotingException {
            int number = nextCall.incrementAndGet();
            Buffer frame;
            try {
                frame = Frames.encode(number, request, settings.maxFrameBytes());
            } catch (IllegalArgumentException tooLarge) {
                throw new RemotingException(tooLarge);
            }
            if (socket.writeQueueFull()) {
                throw new RemotingException("too much waits to be sent to " + peer);
            }
            Call call = new Call(callback, request, timeoutMillis);
            pending.put(number, call);
            if (unansweredSinceNanos == NOTHING_SENT) {
                unansweredSinceNanos = call.sentNanos;
            }
            if (ended) {
                if (pending.remove(number) != null) {
                    throw new RemotingException("no connection to " + peer);
                }
                return;
            }
            socket.write(frame);
        }

        private void sweep(long nowNanos) {
            long unansweredSince = unansweredSinceNanos;
            boolean silent = unansweredSince != NOTHING_SENT && nowNanos - unansweredSince > MAX_SILENCE_NANOS;
            for (Map.Entry<Integer, Call> entry : pending.entrySet()) {
                Call call = entry.getValue();
                if (nowNanos - call.deadlineNanos >= 0 && pending.remove(entry.getKey()) != null) {
                    complete(call.callback, null, new InvokeTimeoutException(call.request + " to " + peer + " timed out"));
                    if (silent) {
                        end("nothing heard from the peer");
                    }
                }
            }
        }

        private void end(String reason) {
            synchronized (PeerLink.this) {
                if (ended) {
                    return;
                }
                ended = true;
                if (live == this) {
                    live = null;
                    log.info("connection to {} ended: {}", peer, reason);
                }
            }
            socket.close();
            if (!attempt.isDone() || attempt.isCompletedExceptionally()) {
                failed(attempt, new RemotingException(reason));
            }
            for (Integer number : new ArrayList<>(pending.keySet())) {
                Call call = pending.remove(number);
                if (call != null) {
                    complete(call.callback, null, new RemotingException("connection to " + peer + " ended: " + reason));
                }
            }
        }
    }
}
