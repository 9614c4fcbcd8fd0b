package io.lazuli.storage.store.raft.transport;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import io.lazuli.storage.store.raft.RaftSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft port: answers peers that prove to be of this cloud and disconnects everybody else. Entries are appended in
 * order per group; votes, files and snapshots are handled on workers; the library's administrative requests do not exist
 * here. State of connections is touched on the event loop only.
 */
final class RaftServer {

    /** Requests' bytes that one connection may have waiting before it is not read any more, and when it is read again. */
    private static final long PAUSE_ABOVE_BYTES = 32L << 20;
    private static final long RESUME_BELOW_BYTES = 16L << 20;
    private static final int REQUEST_OVERHEAD_BYTES = 256;
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 5_000;
    private static final long WARNING_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger log = LoggerFactory.getLogger(RaftServer.class);

    private final Vertx vertx;
    private final RaftSettings settings;
    private final Executor appenders;
    private final Executor workers;
    private final NetServer server;
    private final Map<FrameType, RpcProcessor<Message>> processors = new EnumMap<>(FrameType.class);
    private final ConcurrentMap<String, SerialLane> lanes = new ConcurrentHashMap<>();
    /** Event loop only, as are the three below. */
    private final Set<Inbound> connections = new HashSet<>();
    private String selfAddress;
    private long nextWarningNanos = System.nanoTime();
    private long warningsSuppressed;

    RaftServer(Vertx vertx, RaftSettings settings, Executor appenders, Executor workers) {
        this.vertx = vertx;
        this.settings = settings;
        this.appenders = appenders;
        this.workers = workers;
        this.server = vertx.createNetServer(new NetServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReuseAddress(true));
        processor(FrameType.APPEND_ENTRIES, new AppendEntriesProcessor());
        processor(FrameType.REQUEST_VOTE, new RequestVoteRequestProcessor(null));
        processor(FrameType.TIMEOUT_NOW, new TimeoutNowRequestProcessor(null));
        processor(FrameType.READ_INDEX, new ReadIndexRequestProcessor(null));
        processor(FrameType.INSTALL_SNAPSHOT, new InstallSnapshotRequestProcessor(null));
        processor(FrameType.GET_FILE, new GetFileRequestProcessor(null));
        processor(FrameType.PING, new PingRequestProcessor(null));
    }

    @SuppressWarnings("unchecked")
    private void processor(FrameType type, RpcProcessor<? extends Message> processor) {
        processors.put(type, (RpcProcessor<Message>) processor);
    }

    /** @return the port that is bound */
    Future<Integer> listen() {
        return server.connectHandler(this::accept).listen().map(listening -> {
            selfAddress = settings.host() + ":" + listening.actualPort();
            return listening.actualPort();
        });
    }

    /** Refuses new connections and ends those that are open. */
    Future<Void> close() {
        return server.close();
    }

    void openGroup(String groupId) {
        lanes.put(groupId, new SerialLane(appenders));
    }

    void closeGroup(String groupId) {
        lanes.remove(groupId);
    }

    private void accept(NetSocket socket) {
        if (connections.size() >= settings.maxConnections()) {
            warn("refused", socket, connections.size() + " connections are open");
            socket.close();
            return;
        }
        new Inbound(socket).begin();
    }

    /** Strangers do not decide how much is logged. */
    private void warn(String what, NetSocket socket, String reason) {
        long now = System.nanoTime();
        if (now - nextWarningNanos < 0) {
            warningsSuppressed++;
            return;
        }
        nextWarningNanos = now + WARNING_PAUSE_NANOS;
        log.warn("{} {}: {}{}", what, socket.remoteAddress(), reason,
                warningsSuppressed == 0 ? "" : "; " + warningsSuppressed + " similar since the last such line");
        warningsSuppressed = 0;
    }

    /** A peer has one connection; a second one means that the first is lost though its end was not seen. */
    private void closeOthersOf(Inbound newest) {
        for (Inbound other : Set.copyOf(connections)) {
            if (other != newest && newest.peerAddress.equals(other.peerAddress)) {
                other.end("replaced by a newer connection");
            }
        }
    }

    private final class Inbound {

        private final NetSocket socket;
        private final Context eventLoop = vertx.getOrCreateContext();
        private final Frames frames = new Frames(settings.maxFrameBytes());
        private final AtomicLong waitingBytes = new AtomicLong();
        /** Received bytes until the handshake is whole, then null. */
        private Buffer handshake = Buffer.buffer();
        private String peerAddress;
        private volatile boolean paused;
        private boolean ended;

        private Inbound(NetSocket socket) {
            this.socket = socket;
        }

        private void begin() {
            connections.add(this);
            socket.setWriteQueueMaxSize(RaftTransport.MAX_QUEUED_BYTES);
            socket.handler(this::received);
            socket.closeHandler(closed -> end("closed by the peer"));
            socket.exceptionHandler(failure -> end(failure.toString()));
            vertx.setTimer(HANDSHAKE_TIMEOUT_MILLIS, timer -> {
                if (handshake != null) {
                    end("no handshake");
                }
            });
        }

        private void received(Buffer chunk) {
            if (ended) {
                return;
            }
            try {
                if (handshake == null) {
                    frames.read(chunk, 0, this::request);
                    return;
                }
                handshake.appendBuffer(chunk);
                Handshake.Received peer = Handshake.decode(handshake, settings.cloudName());
                if (peer != null) {
                    Buffer rest = handshake;
                    handshake = null;
                    peerAddress = peer.peerAddress();
                    closeOthersOf(this);
                    socket.write(Handshake.encode(settings.cloudName(), selfAddress));
                    frames.read(rest, peer.length(), this::request);
                }
            } catch (ProtocolViolation e) {
                warn("disconnected", socket, e.getMessage());
                end(e.getMessage());
            }
        }

        private void request(FrameType type, int call, byte[] body) throws ProtocolViolation {
            if (ended) {
                return;
            }
            if (!type.isRequest()) {
                throw new ProtocolViolation("a response where a request is due");
            }
            Message message = type.parse(body);
            Reply reply = new Reply(this, call);
            if (type == FrameType.PING) {
                processors.get(type).handleRequest(reply, message);
                return;
            }
            Executor executor = workers;
            if (message instanceof AppendEntriesRequest append) {
                executor = lanes.get(append.getGroupId());
                if (executor == null) {
                    reply.refuse(RaftError.ENOENT, "group " + append.getGroupId() + " is not here");
                    return;
                }
            }
            int bytes = body.length + REQUEST_OVERHEAD_BYTES;
            waits(bytes);
            try {
                executor.execute(() -> {
                    try {
                        processors.get(type).handleRequest(reply, message);
                    } catch (RuntimeException e) {
                        log.error("{} of {} failed", type, peerAddress, e);
                    } finally {
                        handled(bytes);
                    }
                });
            } catch (RejectedExecutionException e) {
                handled(bytes);
                reply.refuse(RaftError.EBUSY, "too many requests are being handled");
            }
        }

        private void waits(int bytes) {
            if (waitingBytes.addAndGet(bytes) > PAUSE_ABOVE_BYTES && !paused) {
                paused = true;
                socket.pause();
                resumeIfLow();
            }
        }

        private void handled(int bytes) {
            waitingBytes.addAndGet(-bytes);
            if (paused) {
                eventLoop.runOnContext(none -> resumeIfLow());
            }
        }

        private void resumeIfLow() {
            if (paused && waitingBytes.get() < RESUME_BELOW_BYTES) {
                paused = false;
                socket.resume();
            }
        }

        private void write(Buffer frame) {
            if (socket.writeQueueFull()) {
                eventLoop.runOnContext(none -> end("it does not read its responses"));
                return;
            }
            socket.write(frame);
        }

        private void end(String reason) {
            if (ended) {
                return;
            }
            ended = true;
            connections.remove(this);
            log.debug("connection from {} ended: {}", peerAddress == null ? socket.remoteAddress() : peerAddress, reason);
            socket.close();
        }
    }

    /** Where one request's response goes; called from any thread. */
    private final class Reply implements RpcContext {

        private final Inbound inbound;
        private final int call;

        private Reply(Inbound inbound, int call) {
            this.inbound = inbound;
            this.call = call;
        }

        void refuse(RaftError error, String message) {
            sendResponse(ErrorResponse.newBuilder().setErrorCode(error.getNumber()).setErrorMsg(message).build());
        }

        @Override
        public void sendResponse(Object response) {
            inbound.write(Frames.encode(call, (Message) response, settings.maxFrameBytes()));
        }

        /** Not used by the processors that are served here. */
        @Override
        public Connection getConnection() {
            return null;
        }

        @Override
        public String getRemoteAddress() {
            return inbound.peerAddress;
        }
    }
}
