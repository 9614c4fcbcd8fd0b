package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.protocol.service.FakeServer;
import java.util.List;

/** The table service's front end, in front of a table service in memory. */
public final class FakeTableServer extends FakeServer<FakeTableService> {

    /** @param maxPageRows of the pages of scans */
    public FakeTableServer(int port, Clock clock, int maxPageRows) {
        super(executor -> new FakeTableService(clock, executor, maxPageRows), List.of(),
                (vertx, settings, tables, accounts) -> TableFrontEnd.start(vertx, settings, HOST, port, tables, accounts, Clock.system()));
    }

    /** Argument: the port. */
    public static void main(String[] arguments) throws InterruptedException {
        new FakeTableServer(Integer.parseInt(arguments[0]), Clock.system(), Integer.MAX_VALUE).serve();
    }
}
