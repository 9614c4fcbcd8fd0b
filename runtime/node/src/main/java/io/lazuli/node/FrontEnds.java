package io.lazuli.node;

import com.typesafe.config.Config;
import io.lazuli.admin.AdminApi;
import io.lazuli.admin.AdminSettings;
import io.lazuli.admin.ManagedCloud;
import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.Partitions;
import io.lazuli.storage.protocol.blob.BlobFrontEnd;
import io.lazuli.storage.protocol.http.HttpEdge;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.lazuli.storage.protocol.queue.QueueFrontEnd;
import io.lazuli.storage.protocol.table.TableFrontEnd;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What an edge node listens on: the storage services and the management API, on the event loops of one Vert.x. */
final class FrontEnds {

    private static final long BIND_TIMEOUT_MILLIS = 10_000;

    private final HttpEdge blob;
    private final HttpEdge queue;
    private final HttpEdge table;
    private final AdminApi admin;

    private FrontEnds(HttpEdge blob, HttpEdge queue, HttpEdge table, AdminApi admin) {
        this.blob = blob;
        this.queue = queue;
        this.table = table;
        this.admin = admin;
    }

    /** @throws NodeStartException if a port is in use */
    static FrontEnds start(
            Web web, Config config, NodeSettings settings, Partitions.Services services, AccountKeys accounts, ManagedCloud cloud) {
        Vertx vertx = web.vertx();
        String host = settings.host();
        NodeSettings.Ports ports = settings.ports();
        HttpEdgeSettings edge = HttpEdgeSettings.of(config);
        HttpEdge blob = NodeStart.await(
                BlobFrontEnd.start(
                        vertx, edge, host, ports.blob(), services.blobs(), accounts, web.copySources(), Clock.system()),
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
        return new FrontEnds(blob, queue, table, admin);
    }

    /** Stops accepting and lets finish what is being served. */
    CompletionStage<Void> stop() {
        return CompletableFuture.allOf(
                blob.stop().toCompletableFuture(), queue.stop().toCompletableFuture(), table.stop().toCompletableFuture(), admin.stop().toCompletableFuture());
    }
}
