package io.lazuli.storage.protocol.http;

import io.lazuli.kernel.Clock;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The HTTP server under every storage protocol: several event loops on one port, the limits of {@link HttpEdgeSettings}, what
 * all requests and answers have in common, and a stop that lets requests end. Keeps no state of any client; nothing
 * survives it. Bounded: connections, requests under way, heads, bodies, times.
 */
public final class HttpEdge {

    /** Vert.x shares a port that it is to choose among the servers that ask for the same negative number. */
    private static final AtomicInteger nextSharedPort = new AtomicInteger();

    private final Vertx vertx;
    private final HttpEdgeSettings settings;
    private final String host;
    private final Clock clock;
    private final Runnable afterwards;
    private final Admission requests;
    private final Admission connections;
    private final List<EdgeLoop> loops = new CopyOnWriteArrayList<>();
    private volatile int port;
    private volatile boolean stopping;
    private volatile String deploymentId;

    private HttpEdge(Vertx vertx, HttpEdgeSettings settings, String host, Clock clock, Runnable afterwards) {
        this.vertx = vertx;
        this.settings = settings;
        this.host = host;
        this.clock = clock;
        this.afterwards = afterwards;
        this.requests = new Admission(settings.maxInFlight());
        this.connections = new Admission(settings.maxConnections());
    }

    /** {@link #start} of protocols that have nothing to give back. */
    public static CompletionStage<HttpEdge> start(
            Vertx vertx, HttpEdgeSettings settings, String host, int port, Supplier<StorageProtocol> protocols, Clock clock) {
        return start(vertx, settings, host, port, protocols, clock, () -> {});
    }

    /**
     * Completes when the port is open; fails if it cannot be opened.
     *
     * @param port 0 for any free one
     * @param protocols called once per event loop
     * @param afterwards gives back what the protocols share, once no more requests are under way or if the port cannot be opened
     */
    public static CompletionStage<HttpEdge> start(
            Vertx vertx, HttpEdgeSettings settings, String host, int port, Supplier<StorageProtocol> protocols, Clock clock, Runnable afterwards) {
        HttpEdge edge = new HttpEdge(vertx, settings, host, clock, afterwards);
        int listenPort = port > 0 ? port : -nextSharedPort.incrementAndGet();
        return vertx.deployVerticle(
                        () -> {
                            EdgeLoop loop = new EdgeLoop(edge, protocols.get(), listenPort);
                            edge.loops.add(loop);
                            return loop;
                        },
                        new DeploymentOptions().setInstances(settings.eventLoops()))
                .map(id -> {
                    edge.deploymentId = id;
                    return edge;
                })
                .onFailure(error -> afterwards.run())
                .toCompletionStage();
    }

    /** The port on which it listens. */
    public int port() {
        return port;
    }

    /** Requests under way now. */
    public int inFlight() {
        return requests.inside();
    }

    /**
     * Accepts no more connections, lets requests under way end for at most {@code stop-timeout}, then closes all. Completes
     * when the port is closed; a second call completes at once.
     */
    public CompletionStage<Void> stop() {
        synchronized (this) {
            if (stopping) {
                return Future.<Void>succeededFuture().toCompletionStage();
            }
            stopping = true;
        }
        Promise<Void> done = Promise.promise();
        Future.join(loops.stream().map(EdgeLoop::shutdown).toList())
                .eventually(() -> vertx.undeploy(deploymentId))
                .onComplete(ended -> {
                    afterwards.run();
                    if (ended.succeeded()) {
                        done.complete();
                    } else {
                        done.fail(ended.cause());
                    }
                });
        return done.future().toCompletionStage();
    }

    void boundTo(int actualPort) {
        port = actualPort;
    }

    HttpEdgeSettings settings() {
        return settings;
    }

    String host() {
        return host;
    }

    Clock clock() {
        return clock;
    }

    Admission requests() {
        return requests;
    }

    Admission connections() {
        return connections;
    }

    boolean stopping() {
        return stopping;
    }
}
