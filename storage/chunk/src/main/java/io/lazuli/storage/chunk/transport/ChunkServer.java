package io.lazuli.storage.chunk.transport;

import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkBuffers;
import io.lazuli.storage.chunk.NodeChunks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunk port: answers nodes of this cloud and disconnects everybody else. Two threads for each connection, which block. Bounded:
 * connections, what each has under way ({@link InboundConnection}), and the memory for chunks that come and go.
 */
public final class ChunkServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkServer.class);
    private static final int BACKLOG = 128;
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 5_000;
    private static final long WATCH_INTERVAL_MILLIS = 1_000;
    private static final long WARNING_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerSocketChannel server;
    private final ServerContext context;
    private final Set<InboundConnection> connections = ConcurrentHashMap.newKeySet();
    private long nextWarningNanos = System.nanoTime();
    private long warningsSuppressed;

    /**
     * @param buffers for chunks that are received or sent; none of whose holders waits for another node
     * @param sweeps one at a time on a node, because of the memory that its filter takes
     */
    record ServerContext(
            String cloudName, NodeChunks chunks, ChunkBuffers buffers, TransportSettings settings, CallTimer timer, Semaphore sweeps) {

        NodeId self() {
            return chunks.node();
        }
    }

    private ChunkServer(ServerSocketChannel server, ServerContext context) {
        this.server = server;
        this.context = context;
    }

    /**
     * Binds the port, 0 for any free one; blocks.
     *
     * @param chunks of this node
     * @param buffers for chunks that are received or sent; none of whose holders waits for another node
     */
    public static ChunkServer start(
            String host, int port, String cloudName, NodeChunks chunks, ChunkBuffers buffers, TransportSettings settings, CallTimer timer)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(host, port), BACKLOG);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        ChunkServer started = new ChunkServer(
                channel, new ServerContext(cloudName, chunks, buffers, settings, timer, new Semaphore(1)));
        Thread.ofVirtual().name("lazuli-chunk-port").start(started::accept);
        timer.every(WATCH_INTERVAL_MILLIS, () -> started.connections.forEach(InboundConnection::endIfStalled));
        return started;
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    /** Ends all connections; what they asked for goes on here and is answered to nobody. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("closing the chunk port", e);
        }
        connections.forEach(connection -> connection.end("this node closes"));
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                if (connections.size() >= context.settings().maxConnections()) {
                    warn(String.valueOf(channel.socket().getRemoteSocketAddress()), connections.size() + " connections are open");
                    channel.close();
                    continue;
                }
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                serve(new InboundConnection(channel, context, connections::remove));
            } catch (ClosedChannelException e) {
                LOG.debug("the chunk port or a fresh connection to it is closed");
            } catch (IOException e) {
                LOG.warn("the chunk port could not accept a connection: {}", e.toString());
                pauseAfterFailure();
            }
        }
    }

    private void serve(InboundConnection connection) {
        connections.add(connection);
        if (!server.isOpen()) {
            connection.end("this node closes");
        }
        Thread.ofVirtual().name("lazuli-chunk-inbound").start(() -> {
            var deadline = context.timer().after(HANDSHAKE_TIMEOUT_MILLIS, () -> connection.end("no handshake"));
            try {
                connection.run(() -> deadline.cancel(false));
            } catch (ProtocolViolation e) {
                warn(connection.remote(), e.getMessage());
            } finally {
                deadline.cancel(false);
            }
        });
    }

    /** Strangers do not decide how much is logged. */
    private synchronized void warn(String remote, String reason) {
        long now = System.nanoTime();
        if (now - nextWarningNanos < 0) {
            warningsSuppressed++;
            return;
        }
        nextWarningNanos = now + WARNING_PAUSE_NANOS;
        LOG.warn("disconnected {} from the chunk port: {}{}", remote, reason,
                warningsSuppressed == 0 ? "" : "; " + warningsSuppressed + " similar since the last such line");
        warningsSuppressed = 0;
    }

    /** No file handles, as a rule: trying again at once would only burn time. */
    private static void pauseAfterFailure() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
