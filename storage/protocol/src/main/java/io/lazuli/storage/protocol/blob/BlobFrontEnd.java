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

    private BlobFrontEnd() {}

    /**
     * Completes when the port is open; fails if it cannot be opened.
     *
     * @param vertx with at least as many event loops as the settings ask for; stays the caller's
     * @param port 0 for any free one
     * @param remote where copies from outside of this cloud are read; stays the caller's
     */
    public static CompletionStage<HttpEdge> start(
            Vertx vertx, HttpEdgeSettings settings, String host, int port, BlobService blobs, AccountKeys accounts,
            RemoteSources remote, Clock clock) {
        return HttpEdge.start(vertx, settings, host, port, () -> new BlobProtocol(blobs, accounts, remote, clock), clock);
    }
}
