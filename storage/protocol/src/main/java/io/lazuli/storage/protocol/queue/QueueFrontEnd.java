package io.lazuli.storage.protocol.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.protocol.http.HttpEdge;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;

/** The queue service's HTTP endpoint of one node. Keeps no state: any node answers for every queue. */
public final class QueueFrontEnd {

    private QueueFrontEnd() {}

    /**
     * Completes when the port is open; fails if it cannot be opened.
     *
     * @param vertx with at least as many event loops as the settings ask for; stays the caller's
     * @param port 0 for any free one
     */
    public static CompletionStage<HttpEdge> start(
            Vertx vertx, HttpEdgeSettings settings, String host, int port, QueueService queues, AccountKeys accounts, Clock clock) {
        return HttpEdge.start(vertx, settings, host, port, () -> new QueueProtocol(queues, accounts, clock), clock);
    }
}
