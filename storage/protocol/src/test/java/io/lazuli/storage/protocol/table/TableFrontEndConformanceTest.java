package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.TableServiceConformance;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The front end, in front of a table service in memory that answers on a thread of its own. */
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
        return at(ConfiguredAccounts.DEVELOPMENT_ACCOUNT, ConfiguredAccounts.DEVELOPMENT_KEY);
    }

    @Override
    protected ConnectionString otherTarget() {
        return at(FakeTableServer.OTHER_ACCOUNT, FakeTableServer.OTHER_KEY);
    }

    private static ConnectionString at(String account, String key) {
        return new ConnectionString(
                account, key, Optional.empty(), Optional.empty(), Optional.of(ConnectionString.endpoint(account, "127.0.0.1", server.port())));
    }
}
