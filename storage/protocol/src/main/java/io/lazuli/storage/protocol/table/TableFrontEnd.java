package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.HttpEdge;
import io.lazuli.storage.protocol.http.HttpEdgeSettings;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;

/** The table service's HTTP endpoint of one node. Keeps no state: any node answers for every table. */
public final class TableFrontEnd {

    private TableFrontEnd() {}

    /**
     * Completes when the port is open; fails if it cannot be opened.
     *
     * @param vertx with at least as many event loops as the settings ask for; stays the caller's
     * @param port 0 for any free one
     */
    public static CompletionStage<HttpEdge> start(
            Vertx vertx, HttpEdgeSettings settings, String host, int port, TableService tables, AccountKeys accounts, Clock clock) {
        return HttpEdge.start(vertx, settings, host, port, () -> new TableProtocol(tables, accounts, clock), clock);
    }
}
