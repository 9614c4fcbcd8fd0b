package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.HttpEdge;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;

/** The blob service's HTTP endpoint of one node. Keeps no state: any node answers for every blob. */
public final class BlobFrontEnd {

    private final HttpEdge edge;
    private final RemoteSources remote;

    private BlobFrontEnd(HttpEdge edge, RemoteSources remote) {
        this.edge = edge;
        this.remote = remote;
    }

    /**
     * Completes when the port is open; fails if it cannot be opened.
     *
     * @param vertx with at least as many event loops as the settings ask for; stays the caller's
     * @param port 0 for any free one
     * @param copySources which hosts outside of this cloud copies may be read from
     */
    public static CompletionStage<BlobFrontEnd> start(
            Vertx vertx, HttpEdgeSettings settings, String host, int port, BlobService blobs, AccountKeys accounts,
            CopySourceHosts copySources, Clock clock) {
        RemoteSources remote = new RemoteSources(vertx, copySources);
        return HttpEdge.start(vertx, settings, host, port, () -> new BlobProtocol(blobs, accounts, remote, clock), clock)
                .thenApply(edge -> new BlobFrontEnd(edge, remote));
    }

    public int port() {
        return edge.port();
    }

    /** Requests under way now. */
    public int inFlight() {
        return edge.inFlight();
    }

    /** Lets requests under way end, for at most {@code lazuli.http.stop-timeout}, and closes the port. */
    public CompletionStage<Void> stop() {
        return edge.stop().thenRun(remote::close);
    }
}
