package io.lazuli.node;

import com.typesafe.config.Config;
import io.lazuli.admin.AdminApi;
import io.lazuli.admin.AdminSettings;
import io.lazuli.admin.CloudView;
import io.lazuli.admin.QueueOperations;
import io.lazuli.fabric.FabricService;
import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.lazuli.storage.protocol.queue.QueueFrontEnd;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What an edge node listens on: the queue service and the management API, on the event loops of one Vert.x. */
final class FrontEnds implements AutoCloseable {

    private static final long BIND_TIMEOUT_MILLIS = 10_000;
    private static final long CLOSE_TIMEOUT_MILLIS = 10_000;

    private final Vertx vertx;
    private final QueueFrontEnd queue;
    private final AdminApi admin;

    private FrontEnds(Vertx vertx, QueueFrontEnd queue, AdminApi admin) {
        this.vertx = vertx;
        this.queue = queue;
        this.admin = admin;
    }

    /** @throws NodeStartException if a port is in use */
    static FrontEnds start(
            Config config, NodeSettings settings, QueueService queues, AccountKeys accounts, CloudView view, FabricService fabric,
            QueueOperations queueOperations) {
        // Nothing is served from the class path; without it Vert.x needs neither a cache directory nor a shutdown hook.
        Vertx vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        try {
            QueueFrontEnd queue = NodeStart.await(
                    QueueFrontEnd.start(
                            vertx, HttpEdgeSettings.of(config), settings.host(), settings.ports().queue(), queues, accounts, Clock.system()),
                    BIND_TIMEOUT_MILLIS, "the queue service at port " + settings.ports().queue());
            AdminApi admin = NodeStart.await(
                    AdminApi.start(
                            vertx, AdminSettings.of(config), settings.host(), settings.ports().admin(), view, fabric, queueOperations),
                    BIND_TIMEOUT_MILLIS, "the management API at port " + settings.ports().admin());
            return new FrontEnds(vertx, queue, admin);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    /** Stops accepting and lets finish what is being served. */
    CompletionStage<Void> stop() {
        return CompletableFuture.allOf(queue.stop().toCompletableFuture(), admin.stop().toCompletableFuture());
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
