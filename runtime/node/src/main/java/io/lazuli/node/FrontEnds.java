package io.lazuli.node;

import com.typesafe.config.Config;
import io.lazuli.admin.AdminApi;
import io.lazuli.admin.AdminSettings;
import io.lazuli.admin.ManagedCloud;
import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.Partitions;
import io.lazuli.storage.protocol.blob.BlobFrontEnd;
import io.lazuli.storage.protocol.blob.CopySourceHosts;
import io.lazuli.storage.protocol.http.HttpEdge;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.lazuli.storage.protocol.queue.QueueFrontEnd;
import io.lazuli.storage.protocol.table.TableFrontEnd;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What an edge node listens on: the storage services and the management API, on the event loops of one Vert.x. */
final class FrontEnds implements AutoCloseable {

    private static final long BIND_TIMEOUT_MILLIS = 10_000;
    private static final long CLOSE_TIMEOUT_MILLIS = 10_000;

    private final Vertx vertx;
    private final HttpEdge blob;
    private final HttpEdge queue;
    private final HttpEdge table;
    private final AdminApi admin;

    private FrontEnds(Vertx vertx, HttpEdge blob, HttpEdge queue, HttpEdge table, AdminApi admin) {
        this.vertx = vertx;
        this.blob = blob;
        this.queue = queue;
        this.table = table;
        this.admin = admin;
    }

    /** @throws NodeStartException if a port is in use */
    static FrontEnds start(Config config, NodeSettings settings, Partitions.Services services, AccountKeys accounts, ManagedCloud cloud) {
        // Nothing is served from the class path; without it Vert.x needs neither a cache directory nor a shutdown hook.
        Vertx vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        String host = settings.host();
        NodeSettings.Ports ports = settings.ports();
        try {
            HttpEdgeSettings edge = HttpEdgeSettings.of(config);
            CopySourceHosts copySources = CopySourceHosts.of(config);
            HttpEdge blob = NodeStart.await(
                    BlobFrontEnd.start(
                            vertx, edge, host, ports.blob(), services.blobs(), accounts,
                            settings.development() ? CopySourceHosts.ANY : copySources, Clock.system()),
                    BIND_TIMEOUT_MILLIS, "the blob service at port " + ports.blob());
            HttpEdge queue = NodeStart.await(
                    QueueFrontEnd.start(vertx, edge, host, ports.queue(), services.queues(), accounts, Clock.system()),
                    BIND_TIMEOUT_MILLIS, "the queue service at port " + ports.queue());
            HttpEdge table = NodeStart.await(
                    TableFrontEnd.start(vertx, edge, host, ports.table(), services.tables(), accounts, Clock.system()),
                    BIND_TIMEOUT_MILLIS, "the table service at port " + ports.table());
            AdminApi admin = NodeStart.await(
                    AdminApi.start(vertx, AdminSettings.of(config), host, ports.admin(), cloud),
                    BIND_TIMEOUT_MILLIS, "the management API at port " + ports.admin());
            return new FrontEnds(vertx, blob, queue, table, admin);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    /** Stops accepting and lets finish what is being served. */
    CompletionStage<Void> stop() {
        return CompletableFuture.allOf(
                blob.stop().toCompletableFuture(), queue.stop().toCompletableFuture(), table.stop().toCompletableFuture(), admin.stop().toCompletableFuture());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().orTimeout(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).join();
    }
}
