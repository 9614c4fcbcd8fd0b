package io.lazuli.storage.protocol.http;

import io.lazuli.kernel.Clock;
import io.lazuli.security.HttpDates;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's share of a front end: its HTTP server (all loops share the port), the requests that it has under way,
 * and a sweep that ends what takes too long, requests and the heads that connections owe – one timer per loop instead of one per request. Everything here
 * happens on that loop.
 */
final class EdgeLoop extends VerticleBase {

    private static final long SWEEP_INTERVAL_MILLIS = 250;

    /** Most request heads fit; a bigger one makes the decoder's buffer grow, up to the limits of the settings. */
    private static final int DECODER_INITIAL_BYTES = 1024;

    /** Bodies come in parts of at most this size. */
    static final int MAX_PART_BYTES = 64 * 1024;

    private final HttpEdge edge;
    private final StorageProtocol protocol;
    private final int listenPort;
    private final RequestIds requestIds = new RequestIds(ThreadLocalRandom.current().nextLong());
    private final Set<Exchange> underWay = new LinkedHashSet<>();
    private final Map<HttpConnection, ClientConnection> connections = new HashMap<>();
    private final BufferBudget buffers;
    private HttpServer server;
    private String date = "";
    private long dateSecond = Long.MIN_VALUE;

    EdgeLoop(HttpEdge edge, StorageProtocol protocol, int listenPort) {
        this.edge = edge;
        this.protocol = protocol;
        this.listenPort = listenPort;
        this.buffers = new BufferBudget(edge.settings().maxBufferedBytes() / edge.settings().eventLoops());
    }

    @Override
    public Future<?> start() {
        HttpEdgeSettings settings = edge.settings();
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setMaxInitialLineLength(settings.maxUriBytes())
                        .setMaxHeaderSize(settings.maxHeaderBytes())
                        .setMaxChunkSize(MAX_PART_BYTES)
                        .setDecoderInitialBufferSize(DECODER_INITIAL_BYTES)
                        .setIdleTimeout((int) settings.idleTimeoutMillis())
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setTcpNoDelay(true)
                        .setHttp2ClearTextEnabled(false)
                        .setHandle100ContinueAutomatically(false))
                .connectionHandler(this::connected)
                .invalidRequestHandler(this::invalid)
                .requestHandler(this::handle);
        vertx.setPeriodic(SWEEP_INTERVAL_MILLIS, timer -> sweep());
        return server.listen(listenPort, edge.host()).onSuccess(listening -> edge.boundTo(listening.actualPort()));
    }

    /** Accepts no more, lets what is under way end, and closes the connections; after the time-out whatever is under way. */
    Future<Void> shutdown() {
        return server.shutdown(edge.settings().stopTimeoutMillis(), TimeUnit.MILLISECONDS);
    }

    private void connected(HttpConnection connection) {
        if (edge.connections().enter()) {
            connections.put(connection, new ClientConnection(connection, inNanos(settings().headTimeoutMillis())));
            connection.closeHandler(closed -> {
                connections.remove(connection);
                edge.connections().leave();
            });
        } else {
            connection.close();
        }
    }

    private void handle(HttpServerRequest http) {
        new Exchange(this, http, requestIds.next()).begin();
    }

    /** What the HTTP decoder could not read. The connection is of no more use. */
    private void invalid(HttpServerRequest http) {
        Throwable cause = http.decoderResult().cause();
        String kind = cause == null ? "" : cause.getClass().getSimpleName();
        Exchange exchange = new Exchange(this, http, requestIds.next());
        switch (kind) {
            case "TooLongHttpLineException" -> exchange.refuse(414, StorageErrorCode.INVALID_URI);
            case "TooLongHttpHeaderException" -> exchange.refuse(431, StorageErrorCode.INVALID_HEADER_VALUE);
            default -> exchange.refuse(400, StorageErrorCode.INVALID_INPUT);
        }
    }

    private void sweep() {
        long nowNanos = clock().nanos();
        if (protocol.isShortOfMemory()) {
            SlowClients.toCut(underWay, nowNanos - TimeUnit.MILLISECONDS.toNanos(settings().slowMillis())).forEach(Exchange::cut);
        }
        for (Exchange exchange : underWay.toArray(Exchange[]::new)) {
            if (nowNanos - exchange.deadlineNanos() >= 0) {
                exchange.timeOut();
            }
        }
        for (ClientConnection connection : connections.values().toArray(ClientConnection[]::new)) {
            if (connection.isOverdue(nowNanos)) {
                connection.cut();
            }
        }
    }

    private long inNanos(long millis) {
        return clock().nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** A head has come whole. */
    void began(HttpConnection connection) {
        ClientConnection open = connections.get(connection);
        if (open != null) {
            open.requestBegan();
        }
    }

    /** Its answer has been sent. */
    void ended(HttpConnection connection) {
        ClientConnection open = connections.get(connection);
        if (open != null) {
            open.requestEnded(inNanos(settings().idleTimeoutMillis()));
        }
    }

    BufferBudget buffers() {
        return buffers;
    }

    void opened(Exchange exchange) {
        underWay.add(exchange);
    }

    void closed(Exchange exchange) {
        underWay.remove(exchange);
        edge.requests().leave();
    }

    /** Takes a place for one more request. @throws StorageException ServerBusy if there is none */
    void admit() {
        if (!edge.requests().enter()) {
            throw new StorageException(StorageErrorCode.SERVER_BUSY);
        }
    }

    HttpEdgeSettings settings() {
        return edge.settings();
    }

    StorageProtocol protocol() {
        return protocol;
    }

    Clock clock() {
        return edge.clock();
    }

    boolean stopping() {
        return edge.stopping();
    }

    /** The {@code Date} header, formatted once per second. */
    String date() {
        long nowMillis = clock().epochMillis();
        if (nowMillis / 1000 != dateSecond) {
            dateSecond = nowMillis / 1000;
            date = HttpDates.format(nowMillis);
        }
        return date;
    }
}
