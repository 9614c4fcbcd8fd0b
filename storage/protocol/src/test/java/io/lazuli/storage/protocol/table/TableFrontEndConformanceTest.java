package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.TableServiceConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of table services, by the front end in front of a table service in memory. */
class TableFrontEndConformanceTest extends TableServiceConformance {

    private static FakeTableServer server;

    @BeforeAll
    static void start() {
        server = new FakeTableServer(0, Clock.system(), Integer.MAX_VALUE);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected ConnectionString target() {
        return server.target();
    }

    @Override
    protected ConnectionString otherTarget() {
        return server.target(FakeTableServer.OTHER_ACCOUNT);
    }
}
